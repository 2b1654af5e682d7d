import { z } from 'zod';
import { base } from './event-base';
import { zChangedBy } from './event-parts';
import { zAbsentTool, zSystemPrompt, zToolSpec } from './header';
import { zMode } from './permission';

/** What a session is: how it began, its name, its mode and its model. */
export const sessionEvents = [
  z.object({
    ...base,
    type: z.literal('session_started'),
    version: z.number().int(),
    app: z.string(),
    roots: z.array(z.string()),
    trusted: z.boolean(),
    model: z.string(),
    /** Why this model, in plain words. */
    modelBy: z.string().optional(),
    mode: zMode,
    promptVersion: z.string(),
    /** The system prompt's two parts and the tools as sent, frozen here so that a resume sends the same bytes. */
    system: zSystemPrompt,
    tools: z.array(zToolSpec),
    /** Tools that the model was told by name only. */
    held: z.array(z.string()).optional(),
    absent: z.array(zAbsentTool).optional(),
  }),
  z.object({ ...base, type: z.literal('session_titled'), title: z.string(), by: z.enum(['user', 'auto']) }),
  z.object({ ...base, type: z.literal('mode_changed'), mode: zMode, by: zChangedBy.optional() }),
  z.object({
    ...base,
    type: z.literal('model_changed'),
    model: z.string(),
    by: zChangedBy.optional(),
    /** Tokens that were cached for the model before it, and that this one reads anew. */
    uncached: z.number().optional(),
  }),
] as const;
