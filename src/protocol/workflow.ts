/**
 * The state machine of a session: pure, shared by host and panel, free of zod so that the panel may import it.
 * An illegal move is a bug and throws; nothing is repaired silently.
 */
/** The id of one use of a tool, as the model named it. */
export type CallId = string;

export const STOP_REASONS = ['done', 'cancelled', 'max_turns', 'max_budget', 'stalled', 'refused', 'awaiting_user', 'failed'] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What a run was doing when it ended. */
export const PHASES = ['start', 'model', 'tool', 'permission', 'question', 'store', 'compaction'] as const;
export type Phase = (typeof PHASES)[number];

/** `effect`: the call may change something outside the conversation; `retrySafe`: running it twice does no harm. */
export type CallState = { readonly phase: 'asked' | 'running'; readonly effect: boolean; readonly retrySafe: boolean };

export type Workflow =
  | { readonly at: 'idle' }
  | { readonly at: 'thinking'; readonly turn: number }
  | { readonly at: 'acting'; readonly turn: number; readonly calls: Readonly<Record<CallId, CallState>> }
  /** What the calls changed is being looked over: the language servers are waited for. */
  | { readonly at: 'checking'; readonly turn: number }
  | { readonly at: 'retrying'; readonly turn: number; readonly until: number; readonly attempt: number; readonly cause: string }
  | { readonly at: 'interrupted'; readonly unknown: readonly CallId[] }
  | { readonly at: 'ended'; readonly reason: StopReason };

const MOVES: Readonly<Record<Workflow['at'], readonly Workflow['at'][]>> = {
  idle: ['thinking', 'acting', 'interrupted', 'ended'],
  thinking: ['thinking', 'acting', 'retrying', 'ended', 'interrupted'],
  acting: ['acting', 'checking', 'thinking', 'ended', 'interrupted'],
  checking: ['thinking', 'ended', 'interrupted'],
  retrying: ['thinking', 'ended', 'interrupted'],
  interrupted: ['thinking', 'acting', 'ended', 'interrupted'],
  ended: ['thinking', 'acting', 'ended'],
};

/** @throws Error naming both states when the move is not in the table. */
export function move(from: Workflow, to: Workflow): Workflow {
  if (!MOVES[from.at].includes(to.at)) throw new Error(`illegal workflow move: ${from.at} to ${to.at}`);
  return to;
}

export function isRunning(w: Workflow): boolean {
  return w.at === 'thinking' || w.at === 'acting' || w.at === 'checking' || w.at === 'retrying';
}
