import type { ContextReport, Picks } from '../../protocol/context';
import type { AgentEvent } from '../../protocol/events';
import type { SessionState } from '../fold';
import type { Journal } from '../journal';
import type { Clock, ModelClient, ModelProfile } from '../ports';
import { contextBlocks } from './blocks';
import { CACHE_MS } from './cache-watch';
import { evict, pin, undoEviction, wholeTurns } from './evict';
import { type History, historyOf } from './history';
import { staleResults } from './stale';
import { undoPrice } from './undo-price';

/** What the user sees of the window, and what they may do to it. */
export type ContextControls = {
  report(): Promise<ContextReport>;
  /** Takes parts out of the context, pinned ones aside, and gives how many; during a run they wait for the end of the step. */
  evict(picks: Picks): Promise<number | 'waiting'>;
  /** Puts the newest eviction back, or lets go of those that wait. False when there is none, or a run is under way. */
  undoEviction(): boolean;
  /** A pinned result is neither cleared nor evicted, and is put back after a compaction. False when there is no such result. */
  pin(callId: string, on: boolean): boolean;
  /** Rewrites the summary of the newest compaction that holds; false during a run, or when there is none. */
  editSummary(compaction: number, summary: string): boolean;
  /** Between two steps: does what waited for it. */
  settle(): Promise<void>;
};

export function createContextControls(input: {
  readonly journal: Journal;
  readonly model: ModelClient;
  readonly clock: Clock;
  /** A run is under way, or files are being put back. */
  readonly busy: () => boolean;
  /** Everything so far is on disk. @throws StoreError */
  readonly flush: () => Promise<void>;
}): ContextControls {
  const { journal, clock } = input;
  const profile = () => input.model.profile(journal.state().model, new AbortController().signal);

  /** What waits goes: it is in the log, so that it goes too when the run was cut off before its step had ended. */
  function takeOut(limits: ModelProfile): void {
    const due = journal.state().evictionsDue;
    if (due.length === 0) return;
    const all = { ids: due.flatMap(({ ids }) => ids), turns: due.flatMap(({ turns }) => turns) };
    if (evict(journal, all, limits) === 0) journal.emit({ type: 'eviction_unqueued' });
  }

  return {
    async report() {
      const { events, state, history } = journal;
      const running = input.busy();
      return reportOf({
        events: events(),
        state: state(),
        history,
        profile: await profile(),
        now: clock.now(),
        running,
      });
    },
    async evict(picks) {
      const limits = await profile();
      if (!input.busy()) {
        takeOut(limits);
        return evict(journal, picks, limits);
      }
      journal.emit({ type: 'eviction_queued', ids: [...picks.ids], turns: [...picks.turns] });
      await input.flush();
      return 'waiting';
    },
    undoEviction() {
      if (journal.state().evictionsDue.length > 0) {
        journal.emit({ type: 'eviction_unqueued' });
        return true;
      }
      return !input.busy() && undoEviction(journal);
    },
    pin: (callId, on) => pin(journal, callId, on),
    editSummary(compaction, summary) {
      const last = journal.state().compaction.standing.at(-1);
      if (input.busy() || last?.seq !== compaction || summary.trim() === '') return false;
      journal.emit({ type: 'summary_edited', compaction, summary: summary.trim(), dropThinking: last.dropThinking });
      return true;
    },
    async settle() {
      if (journal.state().evictionsDue.length > 0) takeOut(await profile());
    },
  };
}

/** What the log alone tells of the window: for a session that another window writes, and for tests. */
export function reportOf(input: {
  readonly events: readonly AgentEvent[];
  readonly state: SessionState;
  readonly history?: History;
  readonly profile: ModelProfile;
  readonly now: number;
  readonly running?: boolean;
}): ContextReport {
  const { events, state, profile, now, history = historyOf(events), running = false } = input;
  const { cache } = state;
  const until = cache && cache.tokens > 0 && cache.model === state.model ? cache.at + CACHE_MS : 0;
  const aliveSince = until > now ? now - CACHE_MS : Number.POSITIVE_INFINITY;
  const window = contextBlocks(events, history, aliveSince);
  const { blocks, entries } = window;
  const view = history.view();
  return {
    blocks,
    entries,
    wholeTurns: wholeTurns(events, view).map(({ turn }) => turn),
    window: profile.contextWindow,
    price: profile.price,
    dropsThinking: profile.thinking === 'adaptive',
    running,
    waiting: state.evictionsDue.length,
    undo: undoPrice(events, history, window, aliveSince, profile.price),
    stale: staleResults(events, view, blocks),
    warmUntil: until > now ? until : null,
  };
}
