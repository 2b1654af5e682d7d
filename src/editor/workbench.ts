import { Disposable } from 'vscode';
import { type CommandContext, registerCommands } from './commands';
import { registerFixAction } from './fix-action';
import { followModels } from './follow-models';
import type { KeptState } from './kept-state';
import type { Picks } from './picks';
import { openReviewAfterRun } from './review/after-run';
import { createAuthors } from './review/authors';
import type { EditorReview } from './review/review';
import { tellAuthors } from './review/tell-authors';
import { type EditorSettings, reportSettingsProblems } from './settings';
import { registerStatusBar } from './status-bar';
import { warnOfEffort } from './warn-of-effort';

type Parts = Omit<CommandContext, 'authors'> & {
  readonly settings: EditorSettings;
  readonly review: EditorReview;
  readonly kept: KeptState;
  readonly picks: Picks;
};

/** What of Plumb is in the workbench besides the panel: commands, status bar, lightbulb, and what follows from events. */
export function registerWorkbench(parts: Parts): Disposable {
  const { controller, connector, settings, review, kept, log, picks, views, keys } = parts;
  const refresh = () => void connector.refresh().catch((error: unknown) => log.error(String(error)));
  const authors = createAuthors(kept);
  return Disposable.from(
    registerCommands({ ...parts, authors }),
    registerFixAction(),
    registerStatusBar(controller, review, views),
    reportSettingsProblems(settings, log),
    openReviewAfterRun(controller, review, settings.current),
    tellAuthors({ controller, review, authors, log }),
    followModels(connector, controller, picks, () => settings.current().model),
    warnOfEffort(settings, controller, () => connector.state().models),
    keys.onChange(refresh),
    settings.onChange(refresh),
  );
}
