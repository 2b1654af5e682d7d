import type { Mode } from './permission';
import type { Stage } from './stage';
import type { StopReason, Workflow } from './workflow';

/** A limit is a question: whether to go on past it. */
export const STAGE_AT_END: Readonly<Record<StopReason, Stage>> = {
  done: 'done',
  cancelled: 'cancelled',
  max_turns: 'awaiting_approval',
  max_budget: 'awaiting_approval',
  awaiting_user: 'awaiting_approval',
  stalled: 'failed',
  refused: 'failed',
  failed: 'failed',
};

/** The stage of the work, from where its session stands; without zod, for the panel too. `waits`: an ask or a question is open. */
export function stageOf({ workflow, mode, waits }: { readonly workflow: Workflow; readonly mode: Mode; readonly waits: boolean }): Stage {
  switch (workflow.at) {
    case 'idle':
      return 'planned';
    case 'thinking':
    case 'acting':
      return waits ? 'awaiting_approval' : 'executing';
    case 'checking':
      return 'verifying';
    case 'retrying':
      return 'waiting_on_external';
    case 'interrupted':
      return 'awaiting_approval';
    case 'ended':
      return workflow.reason === 'done' && mode === 'plan' ? 'planned' : STAGE_AT_END[workflow.reason];
    default:
      return workflow satisfies never;
  }
}
