import { Disposable, workspace } from 'vscode';
import { messageOf } from '../../core/errors';
import type { SessionController } from '../session-controller';
import type { Authors } from './authors';
import type { Reviewed } from './decisions';

type Parts = {
  readonly controller: Pick<SessionController, 'onEvent' | 'reviewed'>;
  readonly review: { onReviewed(listener: (reviewed: Reviewed) => void): Disposable };
  readonly authors: Authors;
  readonly log: { warn(message: string): void };
};

/** Takes every decision of the review to the sessions whose changes it was about. */
export function tellAuthors({ controller, review, authors, log }: Parts): Disposable {
  const stop = controller.onEvent((event) => {
    if (event.type === 'change_proposed') authors.note(event.session, event.diff);
  });
  const listening = review.onReviewed((reviewed) => {
    for (const id of authors.of(reviewed)) {
      controller.reviewed(id, reviewed).catch((error: unknown) => {
        log.warn(`What was decided about ${reviewed.path} could not be told to session ${id}: ${messageOf(error)}`);
      });
    }
  });
  const moving = workspace.onDidRenameFiles(({ files }) => {
    for (const { oldUri, newUri } of files) authors.move(oldUri.fsPath, newUri.fsPath);
  });
  return Disposable.from(listening, moving, { dispose: stop });
}
