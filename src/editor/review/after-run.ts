import type { Disposable } from 'vscode';
import type { Settings } from '../../protocol/settings';
import type { SessionController } from '../session-controller';
import type { EditorReview } from './review';

/** Opens the review of all changes when a run with edits has ended, for those who asked for it in their settings. */
export function openReviewAfterRun(controller: SessionController, review: EditorReview, settings: () => Settings): Disposable {
  const stop = controller.onEvent((event) => {
    if (event.type !== 'run_ended' || settings().reviewOpen !== 'afterTurn' || review.pending().length === 0) return;
    void review.open();
  });
  return { dispose: stop };
}
