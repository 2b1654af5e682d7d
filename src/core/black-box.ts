import type { AgentEvent, EventOf } from '../protocol/events';
import type { Phase } from '../protocol/workflow';
import type { SessionState } from './fold';
import type { Journal } from './journal';

/** What the last event of a run says of where it ended [E2]. */
export type BlackBox = Pick<EventOf<'run_ended'>, 'phase' | 'lastTool'>;

/** Where a run stands when it ends; of one that is stopped, where it stood then: what was asked or ran is wound up by its end. */
export function createRecorder(journal: Pick<Journal, 'state' | 'events'>, signal: AbortSignal): (error?: string) => BlackBox {
  let stopped: BlackBox | undefined;
  const now = (error?: string) => blackBox(journal.state(), journal.events(), error);
  signal.addEventListener('abort', () => {
    stopped = now();
  });
  return (error) => stopped ?? now(error);
}

/** `error` is the kind of failure, if it was one: a store fails in whatever phase. */
export function blackBox(state: SessionState, events: readonly AgentEvent[], error: string | undefined): BlackBox {
  const lastTool = newestCall(events);
  return { phase: error?.startsWith('store_') ? 'store' : phaseOf(state, events), ...(lastTool ? { lastTool } : {}) };
}

function phaseOf({ asks, questions, workflow }: SessionState, events: readonly AgentEvent[]): Phase {
  if (asks.length > 0) return 'permission';
  if (questions.length > 0) return 'question';
  const condensing = events.findLast((e) =>
    ['compaction_started', 'context_compacted', 'compaction_failed', 'turn_started'].includes(e.type),
  );
  if (condensing?.type === 'compaction_started') return 'compaction';
  if (workflow.at === 'acting' || workflow.at === 'checking') return 'tool';
  return workflow.at === 'thinking' || workflow.at === 'retrying' ? 'model' : 'start';
}

/** Of this run alone. */
function newestCall(events: readonly AgentEvent[]): string | undefined {
  const newest = events.findLast((e) => e.type === 'tool_started' || e.type === 'run_ended');
  return newest?.type === 'tool_started' ? newest.tool : undefined;
}
