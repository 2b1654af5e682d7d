import { z } from 'zod';

/**
 * Where a piece of work stands, for who has not read the conversation [W3]. `planned`: nothing of it has been carried
 * out. `awaiting_approval`: a person's word is needed to go on. `waiting_on_external`: the service is waited for.
 * `verifying`: what was changed is being checked. The last three are ends, from which a new message goes on.
 */
export const STAGES = [
  'planned',
  'awaiting_approval',
  'executing',
  'waiting_on_external',
  'verifying',
  'done',
  'failed',
  'cancelled',
] as const;
export type Stage = (typeof STAGES)[number];

const ENDS = ['planned', 'done', 'failed', 'cancelled'] as const;
const MOVES: Readonly<Record<Stage, readonly Stage[]>> = {
  planned: ['executing', 'awaiting_approval', 'done', 'failed', 'cancelled'],
  awaiting_approval: ['executing', ...ENDS],
  executing: ['awaiting_approval', 'waiting_on_external', 'verifying', ...ENDS],
  waiting_on_external: ['executing', 'awaiting_approval', 'failed', 'cancelled'],
  verifying: ['executing', 'awaiting_approval', 'failed', 'cancelled'],
  done: ['executing', 'awaiting_approval', 'planned', 'failed', 'cancelled'],
  failed: ['executing', 'awaiting_approval', 'planned', 'done', 'cancelled'],
  cancelled: ['executing', 'awaiting_approval', 'planned', 'done', 'failed'],
};

/** @throws Error naming both stages when the move is not in the table. */
export function advance(from: Stage, to: Stage): Stage {
  if (!MOVES[from].includes(to)) throw new Error(`illegal workflow stage: ${from} to ${to}`);
  return to;
}

/**
 * What a session is to whoever drives it from outside [W6]. `requires_action` names what waits for a person: open asks
 * and questions by their ids, or calls whose outcome is not known. A message takes up an idle session; a terminated one
 * failed for a cause that a repeat can not mend, and is taken up by a message once that is gone.
 */
export const zSessionStatus = z.discriminatedUnion('is', [
  z.object({ is: z.literal('idle'), stop: z.enum(['end_turn', 'requires_action']), ids: z.array(z.string()) }),
  z.object({ is: z.literal('running') }),
  z.object({ is: z.literal('rescheduling'), until: z.number(), attempt: z.number() }),
  z.object({ is: z.literal('terminated'), error: z.string() }),
]);
export type SessionStatus = z.infer<typeof zSessionStatus>;

const zEffectRecord = z.object({
  call: z.string(),
  /** The idempotency key: a hash. */
  key: z.string(),
  class: z.string(),
  retrySafe: z.boolean(),
  outcome: z.enum(['pending', 'ok', 'error', 'denied', 'cancelled', 'unknown']),
});

/**
 * The record of one session's work, a file of its own [W3]. It holds states, times, ids and hashes, and no word of the
 * conversation, of a file, a path, a command or a tool. When the session is deleted it stays as the tombstone that
 * tells that there was one, when, and how far it came: its effects, and every id that a model gave, go with the session.
 */
export const zWorkflowRecord = z.object({
  plumb: z.literal('workflow'),
  version: z.literal(1),
  session: z.string(),
  updatedAt: z.number(),
  stage: z.enum(STAGES),
  status: zSessionStatus,
  /** The request to the model that it stands at. */
  turn: z.number(),
  /** The newest moves, oldest first. */
  moves: z.array(z.object({ at: z.number(), to: z.enum(STAGES) })),
  /** The newest effects: what was begun, whether it may be repeated, and what became of it. */
  effects: z.array(zEffectRecord),
  /** What to do after a restart. */
  next: z.enum(['nothing', 'continue', 'answer', 'check']),
  deletedAt: z.number().optional(),
});
export type WorkflowRecord = z.infer<typeof zWorkflowRecord>;
