import { z } from 'zod';
import { zContent } from './blocks';
import { zDisplay, zFileDiff, zProblem, zTask } from './display';
import { base } from './event-base';
import { zFileState, zFileStep, zSettled } from './event-parts';
import { zAskPart, zChoice, zDecision, zEffectClass } from './permission';

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

/** What the calls of tools ask, do and change, and what becomes of their changes. */
export const callEvents = [
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
  /** `elsewhere`: a fork holds it as what the other session had decided. */
  z.object({ ...base, type: z.literal('permission_decided'), decision: zDecision, elsewhere: z.literal(true).optional() }),
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
