import * as vscode from 'vscode';
import { foldEvents } from '../../core/fold';
import type { AgentEvent } from '../../protocol/events';
import type { Snapshot } from '../../protocol/messages';
import { isVirtualWorkspace } from '../local-disk';
import type { Shown } from '../session-controller';
import type { PanelDeps } from './host';
import { pageBefore } from './pages';

/** Everything a page needs to show what is there, whatever it knew before. */
export function snapshotOf(shown: Shown, deps: PanelDeps, previews: Snapshot['previews'] = [], begun = false): Snapshot {
  const events = eventsOf(shown);
  const state = shown.kind === 'live' ? shown.live.session.state() : foldEvents(events);
  const page = pageBefore(events, Number.POSITIVE_INFINITY);
  const settings = deps.settings.current();
  const { connection, choices, models } = deps.connector.state();
  const model = shown.kind === 'none' ? deps.picks.model || settings.model || (choices[0]?.id ?? '') : state.model;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    session: idOf(shown),
    title: state.title,
    begun,
    events: page.events,
    previews,
    from: page.from,
    before: page.from > 1 ? standAt(events, page.from) : undefined,
    mode: shown.kind === 'none' ? (deps.picks.mode ?? settings.mode) : state.mode,
    model,
    models: choices,
    connection,
    pending: deps.review.pending(),
    draft: deps.memory.draft(idOf(shown)),
    history: deps.memory.history(),
    workspace: {
      name: vscode.workspace.name ?? '',
      roots: folders.map((f) => f.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
      virtual: isVirtualWorkspace(),
    },
    heldBy: shown.kind === 'held' ? shown.why : null,
    damage: damageOf(shown),
    strings: vscode.l10n.bundle ?? {},
    contextWindow: models.find((m) => m.id === model)?.contextWindow ?? 200_000,
  };
}

/** Where the session stood before an event: what the page can not fold because it does not have what came earlier. */
function standAt(events: readonly AgentEvent[], seq: number): Snapshot['before'] {
  const { tasks, queue, denials, spent, spend } = foldEvents(events.filter((e) => e.seq < seq));
  return { tasks, queue: queue.map(({ queueId, text, attachments }) => ({ queueId, text, attachments })), denials, usage: spent, spend };
}

export function idOf(shown: Shown): string | null {
  if (shown.kind === 'none') return null;
  return shown.kind === 'live' ? shown.live.session.id : shown.id;
}

function damageOf(shown: Shown): readonly string[] {
  if (shown.kind === 'none') return [];
  return shown.kind === 'live' ? shown.live.session.damage : shown.damage;
}

export function eventsOf(shown: Shown): readonly AgentEvent[] {
  if (shown.kind === 'none') return [];
  return shown.kind === 'live' ? shown.live.session.events() : shown.events;
}
