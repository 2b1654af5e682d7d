import { z } from 'zod';

/** What a session is begun with and never changes: parts of `session_started`. */

export const zToolSpec = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  /** Sent so that the service keeps it out of the prompt until a result refers to it. */
  deferred: z.boolean().optional(),
});

/** A tool that the session has not, and why. */
export const zAbsentTool = z.object({ name: z.string(), why: z.string() });

export const zSystemPrompt = z.object({
  /** The same for every user and folder; then what is true for this session. */
  fixed: z.string(),
  facts: z.string(),
  /** What the two are made of, and what is worked out anew for each request, with the reason why that breaks the cache. */
  sections: z.array(z.object({ name: z.string(), cached: z.boolean(), tokens: z.number(), reason: z.string().optional() })).optional(),
});
