import { z } from 'zod';
import { zAssistantBlock, zAttachment, zContent } from './blocks';
import { base } from './event-base';
import { zElsewhere, zLayers } from './event-parts';
import { SPENDERS } from './spend';

/** What is said, and what saying it cost. */
export const conversationEvents = [
  z.object({
    ...base,
    type: z.literal('message_queued'),
    queueId: z.string(),
    text: z.string(),
    attachments: z.array(zAttachment),
    content: z.array(zContent),
  }),
  z.object({ ...base, type: z.literal('message_unqueued'), queueId: z.string() }),
  z.object({
    ...base,
    type: z.literal('user_message'),
    text: z.string(),
    attachments: z.array(zAttachment),
    /** What the model is sent: the text and the attachments as they stood at that moment. */
    content: z.array(zContent),
    /** Set when the text had been typed during a run. */
    queueId: z.string().optional(),
  }),
  /** Something the harness tells the model at the tail: a mode change, a review, a file that changed under it. */
  z.object({
    ...base,
    type: z.literal('notice'),
    of: z.enum(['mode', 'model', 'review', 'file_changed', 'continue', 'environment', 'tools', 'trust', 'effects']),
    text: z.string(),
    /** For tools: every tool that can be loaded by name from here on. */
    held: z.array(z.string()).optional(),
    /** For file_changed: what each file had become, by absolute path, so that it is not told again. */
    files: z.record(z.string(), z.string()).optional(),
  }),
  z.object({
    ...base,
    type: z.literal('turn_started'),
    turn: z.number().int(),
    model: z.string(),
    layers: zLayers.optional(),
    elsewhere: zElsewhere,
  }),
  z.object({
    ...base,
    type: z.literal('delta'),
    of: z.enum(['text', 'thinking', 'tool_input', 'tool_output']),
    /** Block preview id (`turn.index`) for model output, call id for tool output. */
    of_id: z.string(),
    /** For tool_input: the tool being called and its call id. */
    tool: z.string().optional(),
    text: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal('assistant_message'),
    blocks: z.array(zAssistantBlock),
    stop: z.string(),
    /** The user stopped it or the stream broke for good: what had arrived whole is kept. */
    partial: z.boolean(),
    model: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal('usage'),
    of: z.enum(SPENDERS),
    model: z.string(),
    /** Tokens: uncached input, output, read from the cache, written to it. */
    input: z.number(),
    output: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    /** US dollars, from the price list; null when the model's price is not known. */
    cost: z.number().nullable(),
    /** Why the service's own count (`reported`) can not be true, so that the numbers above are Plumb's estimate. */
    doubt: z.string().optional(),
    reported: z.record(z.string(), z.string()).optional(),
    elsewhere: zElsewhere,
  }),
] as const;
