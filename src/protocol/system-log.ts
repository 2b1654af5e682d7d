import { z } from 'zod';

/**
 * The system log: what the harness did and why, apart from the conversation. One JSON object a line in `log.jsonl`,
 * joined to the session log by session, turn and call. It holds no text of the user's, the model's or a tool's.
 */
export const SYSTEM_LOG_VERSION = 1;

export const zSystemRecord = z.object({
  v: z.literal(SYSTEM_LOG_VERSION),
  at: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  /** What it is about, such as `permission` or `retry`. */
  kind: z.string(),
  session: z.string(),
  turn: z.number().int().optional(),
  call: z.string().optional(),
  /** The same in words. */
  text: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type SystemRecord = z.infer<typeof zSystemRecord>;
