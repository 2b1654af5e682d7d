import { z } from 'zod';

/** How a tool's result is shown when its card is unfolded. Small by design: the text itself is in the event's output. */

const zDiffLine = z.tuple([z.enum([' ', '+', '-']), z.string()]);
const zDiffHunk = z.object({
  oldStart: z.number().int(),
  newStart: z.number().int(),
  lines: z.array(zDiffLine),
});
export type DiffHunk = z.infer<typeof zDiffHunk>;

export const zFileDiff = z.object({
  path: z.string(),
  kind: z.enum(['edit', 'create', 'delete', 'rename']),
  from: z.string().optional(),
  added: z.number().int(),
  removed: z.number().int(),
  hunks: z.array(zDiffHunk),
  /** True when the diff was too large to show whole. */
  truncated: z.boolean().optional(),
});
export type FileDiff = z.infer<typeof zFileDiff>;

export const zPlace = z.object({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int().optional(),
  text: z.string().optional(),
});
export type Place = z.infer<typeof zPlace>;

export const zProblem = z.object({
  path: z.string(),
  /** 1-based. */
  line: z.number().int(),
  column: z.number().int(),
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  message: z.string(),
  code: z.string().optional(),
  source: z.string().optional(),
  /** Title of the first quick fix that the server offers. */
  fix: z.string().optional(),
});
export type Problem = z.infer<typeof zProblem>;

export const zTask = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed']),
  blockedBy: z.array(z.string()),
});
export type Task = z.infer<typeof zTask>;

export const zDisplay = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('file'), path: z.string(), from: z.number().int().optional(), to: z.number().int().optional() }),
  z.object({ kind: z.literal('diff'), files: z.array(zFileDiff) }),
  z.object({ kind: z.literal('places'), places: z.array(zPlace), total: z.number().int() }),
  z.object({ kind: z.literal('problems'), problems: z.array(zProblem) }),
  z.object({
    kind: z.literal('shell'),
    command: z.string(),
    exitCode: z.number().int().nullable(),
    signal: z.string().optional(),
    background: z.string().optional(),
    timedOut: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('image'), mediaType: z.string(), data: z.string() }),
]);
export type Display = z.infer<typeof zDisplay>;
