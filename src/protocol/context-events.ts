import { z } from 'zod';
import { zContent } from './blocks';
import { base } from './event-base';
import { zCompactedBy, zFileStep, zLeftFile, zRewindPart } from './event-parts';

/** What becomes of the window, and of a conversation that is gone back in. */
export const contextEvents = [
  z.object({
    ...base,
    type: z.literal('context_changed'),
    kind: z.enum(['compacted', 'spilled', 'evicted', 'pinned', 'unpinned', 'tools_loaded']),
    detail: z.string(),
    callId: z.string().optional(),
    /** Spilled after it had been logged: what stands in the result's place in every request from here on. */
    output: z.array(zContent).optional(),
  }),
  /** A summary is being written, because the window is nearly full, the service said it is, or the user asked. */
  /** The user asked for a compaction: it comes before the next request, also of a session that is taken up again. */
  z.object({ ...base, type: z.literal('compaction_queued'), instructions: z.string() }),
  z.object({ ...base, type: z.literal('compaction_started'), by: zCompactedBy, before: z.number() }),
  /** From here on the model is sent `summary` and `restored` in place of all before `keptFrom`. The log keeps it all. */
  z.object({
    ...base,
    type: z.literal('context_compacted'),
    by: zCompactedBy,
    summary: z.string(),
    /** Sequence number of the first event that stays word for word. */
    keptFrom: z.number().int(),
    /** Files, tasks and mode as they stood: what the model needs at hand to go on. */
    restored: z.array(z.string()),
    /** SHA-256 of the text of each file in `restored`, by absolute path; empty when only its beginning is there. */
    files: z.record(z.string(), z.string()),
    /** Tools offered by name whose definitions stand in `restored`, so that they can be called. */
    tools: z.array(z.string()).optional(),
    /** Tokens in the window. */
    before: z.number(),
    after: z.number(),
    /** Thinking of the messages that stay goes: it is bound to what stood before it. */
    dropThinking: z.boolean(),
  }),
  z.object({ ...base, type: z.literal('compaction_failed'), by: zCompactedBy, detail: z.string() }),
  /** The newest compaction that holds is taken back: the model gets what it had replaced, and all that came since. */
  z.object({ ...base, type: z.literal('compaction_undone'), compaction: z.number().int(), dropThinking: z.boolean() }),
  /** The user wrote the summary of the newest compaction anew: it stands in every request from here on. */
  z.object({ ...base, type: z.literal('summary_edited'), compaction: z.number().int(), summary: z.string(), dropThinking: z.boolean() }),
  /** What the model is sent no more: old results after a long pause, or what the user chose. A line stands in its place. */
  z.object({
    ...base,
    type: z.literal('context_evicted'),
    by: z.enum(['idle', 'user']),
    callIds: z.array(z.string()),
    /** Attachments of messages: the message's sequence number and the place in it, `12.0`. */
    parts: z.array(z.string()).optional(),
    /** Whole turns, as spans of sequence numbers with both ends included. */
    spans: z.array(z.object({ from: z.number().int(), to: z.number().int(), turns: z.number().int() })).optional(),
    /** Tokens freed. */
    tokens: z.number(),
    /** Thinking logged from this sequence number on goes: it is bound to what stood before it. */
    dropThinkingFrom: z.number().int().optional(),
  }),
  /** What the user chose while a run went on: it goes at the end of the step, or when the session is taken up again. */
  z.object({ ...base, type: z.literal('eviction_queued'), ids: z.array(z.string()), turns: z.array(z.number().int()) }),
  /** All that waited is let go: the user called it off, or nothing of it was there any more. */
  z.object({ ...base, type: z.literal('eviction_unqueued') }),
  z.object({
    ...base,
    type: z.literal('eviction_undone'),
    eviction: z.number().int(),
    dropThinkingFrom: z.number().int().optional(),
  }),
  /**
   * The user went back to just before the message with the sequence number `to`. Logged before the files are written:
   * one that still is as it was before needs no more than that to be gone on from.
   */
  z.object({
    ...base,
    type: z.literal('rewound'),
    to: z.number().int(),
    what: zRewindPart,
    files: z.array(zFileStep),
    left: z.array(zLeftFile),
  }),
  /** The newest rewind is taken back, files and conversation. */
  z.object({
    ...base,
    type: z.literal('rewind_undone'),
    rewind: z.number().int(),
    what: zRewindPart,
    files: z.array(zFileStep),
    left: z.array(zLeftFile),
  }),
  /** Less was read from the cache than the service held: what the difference between the two requests was. */
  z.object({
    ...base,
    type: z.literal('cache_missed'),
    cause: z.enum(['connection', 'model', 'tools', 'system', 'effort', 'messages', 'expired', 'service']),
    expected: z.number(),
    read: z.number(),
    detail: z.string(),
  }),
] as const;
