import { z } from 'zod';
import { base } from './event-base';
import { zLimit, zLimitHit, zUnknownEffect, zWorkflow } from './event-parts';
import { PHASES, STOP_REASONS } from './workflow';

/** Where a run stands, and how it ends. */
export const runEvents = [
  z.object({ ...base, type: z.literal('state_changed'), workflow: zWorkflow }),
  /** A loop that spun was stopped. `next`: what to do about it. */
  z.object({ ...base, type: z.literal('breaker_tripped'), breaker: z.string(), detail: z.string(), next: z.string().optional() }),
  /** The user's word on a run that stopped at a limit: raised from the setting's value, or lifted for `to` null; or left as it is. */
  z.object({
    ...base,
    type: z.literal('limit_decided'),
    limit: zLimit,
    decision: z.enum(['raised', 'kept']),
    from: z.number(),
    to: z.number().nullable(),
  }),
  /** Always the last event of a run: why it ended, and what to do next. */
  z.object({
    ...base,
    type: z.literal('run_ended'),
    reason: z.enum(STOP_REASONS),
    detail: z.string(),
    next: z.string().optional(),
    retryable: z.boolean(),
    /** The kind of error that ended it, for the card's buttons (`auth` offers to set a key). */
    error: z.string().optional(),
    /** The limit that the next request would have gone past. `next` null: nobody can tell what it costs. */
    limit: zLimitHit.optional(),
    /** Effects that were cut off and may have happened or not, each with what can be told of it. */
    unknown: z.array(zUnknownEffect).optional(),
    /** What was going on, and the newest call of the run, if there was one. */
    phase: z.enum(PHASES).optional(),
    lastTool: z.string().optional(),
  }),
] as const;
