import { z } from 'zod';

/**
 * What every event has. `seq` counts the logged events of a session from 1 without gaps, and is 0 for previews, which are
 * shown and never logged.
 */
export const base = {
  id: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  session: z.string(),
  agent: z.string(),
  seq: z.number().int(),
  turn: z.number().int().optional(),
};
