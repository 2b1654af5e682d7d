import { z } from 'zod';

/**
 * The system log: what the harness did and why, apart from the conversation. One JSON object a line in `log.jsonl`,
 * joined to the session log by session, turn and call. It holds no text of the user's, the model's or a tool's.
 */
export const SYSTEM_LOG_VERSION = 1;

export const zSystemRecord = z.object({
  /** A later version may know more kinds and more data; what it has in common with this one is shown. */
  v: z.number().int(),
  at: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  /** What it is about, such as `permission` or `retry`. */
  kind: z.string(),
  /** Empty for what belongs to no session, such as the start of Plumb. */
  session: z.string(),
  /** Sequence number of the event in the session's own log that this record tells of. */
  seq: z.number().int().optional(),
  turn: z.number().int().optional(),
  call: z.string().optional(),
  /** The same in words. */
  text: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type SystemRecord = z.infer<typeof zSystemRecord>;

/** What of the log is looked at; an empty part lets everything pass. */
export const zLogFilter = z.strictObject({
  /** A session id, or the beginning of one. */
  session: z.string(),
  kind: z.string(),
  /** This level and those above it. */
  level: z.enum(['info', 'warn', 'error']),
  text: z.string(),
  call: z.string(),
});
export type LogFilter = z.infer<typeof zLogFilter>;

export const NO_FILTER: LogFilter = { session: '', kind: '', level: 'info', text: '', call: '' };
