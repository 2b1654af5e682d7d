import type { Settled } from '../../protocol/event-parts';
import type { Journal } from '../journal';

/** What the user says of effects that were cut off [W4]: a word of theirs in the log, never a call that runs again. */
export type Settler = {
  /** The newest word holds until the run goes on. False, and nothing done, where no such effect is open. */
  settle(callId: string, what: Settled): boolean;
  /** The run goes on: what nobody has said anything about stays unknown, and the log says so. */
  leave(): void;
};

export function createSettler(journal: Journal, busy: () => boolean): Settler {
  function settle(callId: string, what: Settled): boolean {
    const { workflow, settled } = journal.state();
    if (busy() || workflow.at !== 'interrupted' || !workflow.unknown.includes(callId)) return false;
    const call = journal.events().findLast((event) => event.type === 'effect_intended' && event.callId === callId);
    if (call?.type !== 'effect_intended') return false;
    if (settled.get(callId)?.what !== what) journal.emit({ type: 'effect_settled', callId, tool: call.tool, what });
    return true;
  }
  return {
    settle,
    leave() {
      const { workflow, settled } = journal.state();
      if (workflow.at !== 'interrupted') return;
      for (const callId of workflow.unknown) if (!settled.has(callId)) settle(callId, 'unknown');
    },
  };
}
