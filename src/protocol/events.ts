import { z } from 'zod';
import { zAssistantBlock, zAttachment, zContent } from './blocks';
import { zDisplay, zFileDiff, zProblem, zTask } from './display';
import {
  zChangedBy,
  zCompactedBy,
  zElsewhere,
  zFileState,
  zFileStep,
  zLayers,
  zLeftFile,
  zLimit,
  zLimitHit,
  zRewindPart,
  zSettled,
  zUnknownEffect,
  zWorkflow,
} from './event-parts';
import { zAbsentTool, zSystemPrompt, zToolSpec } from './header';
import { zAskPart, zChoice, zDecision, zEffectClass, zMode } from './permission';
import { SPENDERS } from './spend';
import { PHASES, STOP_REASONS } from './workflow';

/**
 * The one vocabulary. The loop emits it, the log stores it, the panel renders it, pure reducers fold it.
 * Names are past tense or nouns. Every event has an id, a time, its session and its agent; `seq` counts the
 * logged events of a session from 1 without gaps, and is 0 for previews, which are shown and never logged.
 */

export const EVENT_VERSION = 1;

const base = {
  id: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  session: z.string(),
  agent: z.string(),
  seq: z.number().int(),
  turn: z.number().int().optional(),
};

export const zQuestion = z.object({
  question: z.string(),
  header: z.string(),
  options: z.array(z.object({ label: z.string(), description: z.string().optional() })),
  multiSelect: z.boolean(),
});
export type Question = z.infer<typeof zQuestion>;
export const zAnswer = z.object({ question: z.string(), chosen: z.array(z.string()), text: z.string().optional() });
export type Answer = z.infer<typeof zAnswer>;

export const zOutcome = z.enum(['ok', 'error', 'denied', 'cancelled', 'unknown']);
export type Outcome = z.infer<typeof zOutcome>;

const session = [
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

const conversation = [
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

const tools = [
  z.object({
    ...base,
    type: z.literal('tool_started'),
    callId: z.string(),
    tool: z.string(),
    /** What the card shows: verb and object. */
    title: z.string(),
    detail: z.string(),
    class: zEffectClass,
  }),
  z.object({
    ...base,
    type: z.literal('permission_asked'),
    askId: z.string(),
    callId: z.string(),
    tool: z.string(),
    title: z.string(),
    detail: z.string(),
    class: zEffectClass,
    risk: z.enum(['low', 'medium', 'high']),
    /** Why it is asked, in plain words. */
    why: z.string(),
    parts: z.array(zAskPart),
    /** What it would touch: paths, hosts, processes. */
    touches: z.array(z.string()),
    preview: zDisplay.optional(),
    choices: z.array(zChoice),
    inputHash: z.string(),
  }),
  z.object({ ...base, type: z.literal('permission_decided'), decision: zDecision }),
  z.object({ ...base, type: z.literal('question_asked'), callId: z.string(), questions: z.array(zQuestion) }),
  z.object({ ...base, type: z.literal('question_answered'), callId: z.string(), answers: z.array(zAnswer) }),
  /** Written to disk before the effect: an intent without a `tool_finished` has an unknown outcome. */
  z.object({
    ...base,
    type: z.literal('effect_intended'),
    callId: z.string(),
    tool: z.string(),
    class: zEffectClass,
    retrySafe: z.boolean(),
    key: z.string(),
    /** SHA-256 of each file as it was before, by path; null where it did not exist. */
    preimages: z.record(z.string(), z.string().nullable()),
    /** Copies of those files, in the store before the effect begins. */
    kept: z.record(z.string(), zFileState).optional(),
    /** The same once it has run, where the files are its whole effect and the tool can tell: a restart then can, too. */
    postimages: z.record(z.string(), z.string().nullable()).optional(),
  }),
  /** The user's word on an effect that was cut off, or that the run went on without it. The newest holds. */
  z.object({ ...base, type: z.literal('effect_settled'), callId: z.string(), tool: z.string(), what: zSettled }),
  /** What an effect did to files, with copies of both sides: a rewind goes by these. Logged before the call's result. */
  z.object({
    ...base,
    type: z.literal('files_changed'),
    callId: z.string(),
    /** A command's changes were found by looking at the workspace before and after it. */
    by: z.enum(['tool', 'command']),
    files: z.array(zFileStep),
    /** Why there may be more changes than these. */
    missed: z.string().optional(),
  }),
  z.object({
    ...base,
    type: z.literal('tool_finished'),
    callId: z.string(),
    tool: z.string(),
    outcome: zOutcome,
    /** What the model sees, after spilling; frozen from here on. */
    output: z.array(zContent),
    display: zDisplay.optional(),
    /** One line for the card: `3 matches in 2 files`. */
    summary: z.string(),
    /** Where the whole output lies when it was too large for the context. */
    spill: z.string().optional(),
    /** Files whose text the model now knows, by absolute path: the SHA-256 of that text; empty for one that is gone. */
    files: z.record(z.string(), z.string()).optional(),
    ms: z.number(),
  }),
  z.object({
    ...base,
    type: z.literal('change_proposed'),
    callId: z.string(),
    diff: zFileDiff,
  }),
  z.object({
    ...base,
    type: z.literal('change_reviewed'),
    path: z.string(),
    decision: z.enum(['kept', 'undone']),
    /** How many hunks were decided, and how many are still pending in this file. */
    hunks: z.number().int(),
    left: z.number().int(),
    /** The undone lines as a small diff, so that the model learns what was rejected. */
    detail: z.string().optional(),
    feedback: z.string().optional(),
  }),
  z.object({
    ...base,
    type: z.literal('diagnostics'),
    /** The call whose result carries `text` to the model. */
    callId: z.string(),
    /** False when the language servers did not answer for the edited versions in time. */
    fresh: z.boolean(),
    added: z.array(zProblem),
    fixed: z.number().int(),
    text: z.string(),
  }),
  z.object({ ...base, type: z.literal('tasks_changed'), tasks: z.array(zTask) }),
] as const;

const harness = [
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
    cause: z.enum(['model', 'tools', 'system', 'effort', 'messages', 'expired', 'service']),
    expected: z.number(),
    read: z.number(),
    detail: z.string(),
  }),
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

export const zAgentEvent = z.discriminatedUnion('type', [...session, ...conversation, ...tools, ...harness]);
export type AgentEvent = z.infer<typeof zAgentEvent>;
export type EventType = AgentEvent['type'];
export type EventOf<T extends EventType> = Extract<AgentEvent, { type: T }>;

type Stamp = 'id' | 'at' | 'session' | 'agent' | 'seq';
type Unstamped<E> = E extends AgentEvent ? Omit<E, Stamp> : never;
/** An event as its emitter writes it: the session stamps id, time, session, agent and sequence number. */
export type NewEvent = Unstamped<AgentEvent>;
/** How an emitter hands an event over. Logged events are on their way to disk when this returns. */
export type Emit = (event: NewEvent) => void;
