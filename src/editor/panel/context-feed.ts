import * as vscode from 'vscode';
import { reportOf } from '../../core/context/controls';
import { foldEvents } from '../../core/fold';
import type { HostMessage, PanelMessage } from '../../protocol/messages';
import { isRunning } from '../../protocol/workflow';
import type { Connector } from '../connector';
import type { SessionController } from '../session-controller';
import { idOf } from './snapshot';

/** Events come in bursts: what is in the context is told once for each. */
const PAUSE_MS = 150;

type Page = { post(message: HostMessage): void };
type ContextMessage = Extract<
  PanelMessage,
  { type: 'watch_context' | 'undo_compaction' | 'edit_summary' | 'compact' | 'evict' | 'undo_eviction' | 'pin' }
>;

/** Tells the pages that look at it what is in the context, and does there what the user asks for. */
export type ContextFeed = {
  handle(message: ContextMessage, page: Page): Promise<void>;
  detach(page: Page): void;
  dispose(): void;
};

export function createContextFeed({
  controller,
  connector,
}: {
  readonly controller: SessionController;
  readonly connector: Connector;
}): ContextFeed {
  const watching = new Set<Page>();
  let soon: ReturnType<typeof setTimeout> | undefined;
  let expiry: ReturnType<typeof setTimeout> | undefined;

  async function report(): Promise<HostMessage> {
    const shown = controller.shown();
    const session = idOf(shown);
    if (shown.kind === 'live') return { type: 'context', session, report: await shown.live.session.context.report() };
    if (shown.kind === 'none') return { type: 'context', session, report: null };
    const state = foldEvents(shown.events);
    const profile = connector.state().models.find((model) => model.id === state.model);
    return { type: 'context', session, report: profile ? reportOf({ events: shown.events, state, profile, now: Date.now() }) : null };
  }

  async function tell(): Promise<void> {
    const message = await report();
    for (const page of watching) page.post(message);
    clearTimeout(expiry);
    const until = message.type === 'context' ? message.report?.warmUntil : null;
    // What is cached now is not for ever: it is told again when the cache runs out.
    if (until && watching.size > 0) expiry = setTimeout(later, Math.max(0, until - Date.now()) + PAUSE_MS);
  }

  function later(): void {
    if (watching.size === 0) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      void tell();
    }, PAUSE_MS);
  }

  const stops = [controller.onEvent((event) => (event.seq > 0 ? later() : undefined)), controller.onShown(later)];

  return {
    async handle(message, page) {
      const shown = controller.shown();
      const session = shown.kind === 'live' ? shown.live.session : null;
      const refuse = (text: string, next: string) => page.post({ type: 'problem', text, next });
      const running = session !== null && isRunning(session.state().workflow);
      const afterRun = running ? vscode.l10n.t('Stop the run, or wait until it has ended.') : vscode.l10n.t('Look at the newest state.');
      if (message.type === 'watch_context') {
        if (!message.on) return void watching.delete(page);
        watching.add(page);
        return tell();
      }
      if (!session) return refuse(vscode.l10n.t('There is no session of this window to change.'), vscode.l10n.t('Start one first.'));
      switch (message.type) {
        case 'undo_compaction':
          if (!session.undoCompaction()) refuse(vscode.l10n.t('The condensing could not be taken back now.'), afterRun);
          return;
        case 'edit_summary':
          if (!session.context.editSummary(message.compaction, message.summary))
            refuse(vscode.l10n.t('The summary could not be changed now: a run is under way, or it stands no longer.'), afterRun);
          return;
        case 'compact':
          await session.compact(message.focus);
          return;
        case 'evict':
          if ((await session.context.evict(message)) === 0)
            refuse(vscode.l10n.t('Nothing of that is there to be taken out any more.'), vscode.l10n.t('Choose again.'));
          return tell();
        case 'undo_eviction':
          if (!session.context.undoEviction()) refuse(vscode.l10n.t('Nothing could be put back now.'), afterRun);
          return tell();
        case 'pin':
          if (!session.context.pin(message.callId, message.on))
            refuse(vscode.l10n.t('This result can not be pinned: it was taken out.'), vscode.l10n.t('Put it back first.'));
          return;
        default:
          return message satisfies never;
      }
    },
    detach: (page) => void watching.delete(page),
    dispose() {
      clearTimeout(soon);
      clearTimeout(expiry);
      for (const stop of stops) stop();
    },
  };
}
