import type { AgentEvent } from './events';

/** Auto mode pauses after so many blocked calls in a row, or in all: then whoever wrote the task is asked again [P7]. */
export const BLOCKS_IN_A_ROW = 3;
export const BLOCKS_IN_ALL = 20;

/** How auto mode stands: what was blocked while it decided, and why it does not decide now, or null. */
export type Denials = {
  readonly inARow: number;
  readonly inAll: number;
  readonly paused: 'in_a_row' | 'in_all' | null;
  /** Whether the newest command that it let pass ran in a sandbox, where one was wanted. */
  readonly sandbox?: 'on' | 'missing';
};
export const NO_DENIALS: Denials = { inARow: 0, inAll: 0, paused: null };

/**
 * One fold, shared by the core, the audit and the panel; free of zod. What is allowed ends the row and leaves the sum;
 * a pause ends when a person allows a call, or chooses the mode anew. Reading passes in every mode and does not count.
 */
export function foldDenials(denials: Denials, event: AgentEvent): Denials {
  if (event.type === 'mode_changed') return NO_DENIALS;
  if (event.type !== 'permission_decided') return denials;
  const { mode, verdict, by, sandbox = denials.sandbox } = event.decision;
  const known = sandbox === undefined ? {} : { sandbox };
  if (mode !== 'auto' || by.kind === 'class' || by.kind === 'cancel') return denials;
  if (verdict === 'allow') {
    const resumed = by.kind === 'user' && denials.paused !== null;
    const inAll = resumed && denials.inAll >= BLOCKS_IN_ALL ? 0 : denials.inAll;
    return { inARow: 0, inAll, paused: resumed ? null : denials.paused, ...known };
  }
  const [inARow, inAll] = [denials.inARow + 1, denials.inAll + 1];
  return {
    inARow,
    inAll,
    paused: denials.paused ?? (inARow >= BLOCKS_IN_A_ROW ? 'in_a_row' : inAll >= BLOCKS_IN_ALL ? 'in_all' : null),
    ...known,
  };
}
