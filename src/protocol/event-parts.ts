import { z } from 'zod';
import { LIMITS } from './limits';
import { STOP_REASONS } from './workflow';

/** Where a session stands, as an event carries it. */
export const zWorkflow = z.discriminatedUnion('at', [
  z.object({ at: z.literal('idle') }),
  z.object({ at: z.literal('thinking'), turn: z.number() }),
  z.object({
    at: z.literal('acting'),
    turn: z.number(),
    calls: z.record(z.string(), z.object({ phase: z.enum(['asked', 'running']), effect: z.boolean(), retrySafe: z.boolean() })),
  }),
  z.object({ at: z.literal('checking'), turn: z.number() }),
  z.object({ at: z.literal('retrying'), turn: z.number(), until: z.number(), attempt: z.number(), cause: z.string() }),
  z.object({ at: z.literal('interrupted'), unknown: z.array(z.string()) }),
  z.object({ at: z.literal('ended'), reason: z.enum(STOP_REASONS) }),
]);

/** Hashes of what a request is made of, so that a miss of the cache can be told by its cause. */
export const zLayers = z.object({
  tools: z.string(),
  system: z.string(),
  effort: z.string(),
  /** Who is asked, and by which key, as a mark that tells one from another and nothing of either. */
  service: z.string().optional(),
  /** The messages up to and including this request's last block. */
  messages: z.object({ hash: z.string(), messages: z.number().int(), blocks: z.number().int() }),
  /** What the messages were that the request before this one ended with: equal to its `messages.hash`, or they changed. */
  before: z.string().optional(),
});
export type Layers = z.infer<typeof zLayers>;

/** A file at one moment: not there, kept whole under the SHA-256 of its bytes, or there without a copy. */
export const zFileState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('absent') }),
  /** `mode`: its permission bits, of a file that was about to be deleted. */
  z.object({ is: z.literal('kept'), hash: z.string(), mode: z.number().int().optional() }),
  z.object({ is: z.literal('lost'), why: z.string() }),
]);
export type FileState = z.infer<typeof zFileState>;
/** What became of one file. `from`: it had that path before. */
export const zFileStep = z.object({ path: z.string(), from: z.string().optional(), before: zFileState, after: zFileState });
export type FileStep = z.infer<typeof zFileStep>;
/** A file that a rewind does not touch, and why. */
export const zLeftFile = z.object({ path: z.string(), why: z.string() });
export type LeftFile = z.infer<typeof zLeftFile>;
export const zRewindPart = z.enum(['files', 'conversation', 'both']);
export type RewindPart = z.infer<typeof zRewindPart>;

/** Copied from the session that this one was forked from, which sent it and paid for it. */
export const zElsewhere = z.literal(true).optional();

export const zLimit = z.enum(LIMITS);
export const zLimitHit = z.object({ name: zLimit, limit: z.number(), used: z.number(), next: z.number().nullable() });

/** What the user knows of an effect that was cut off. */
export const zSettled = z.enum(['happened', 'did_not_happen', 'unknown']);
export type Settled = z.infer<typeof zSettled>;

/** An effect that was cut off, with what can be told of it. */
export const zUnknownEffect = z.object({ callId: z.string(), tool: z.string(), known: z.string() });
export type UnknownEffect = z.infer<typeof zUnknownEffect>;

/** Who set a mode or a model: the user, a flag of the command line, or Plumb, because the one before is not to be had. */
export const zChangedBy = z.enum(['user', 'flag', 'unavailable']);
export type ChangedBy = z.infer<typeof zChangedBy>;

export const zCompactedBy = z.enum(['limit', 'overflow', 'user']);
export type CompactedBy = z.infer<typeof zCompactedBy>;
