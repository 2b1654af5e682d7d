import { type Block, isObject, type JsonObject, objectsIn, stringOf } from './json';
import { layout, promptTokens } from './prompt';
import type { Turn, WireRequest } from './request';

/** A prompt as the model gets to see it, and what was done to it. */
export type Managed = {
  readonly request: WireRequest;
  readonly applied: readonly JsonObject[];
  /** Size before the edits. */
  readonly originalTokens: number;
};

const CLEARED = '[Old tool result content cleared]';
const DEFAULT_TRIGGER = 100_000;
const DEFAULT_KEEP = 3;

/** Leaves out what a compaction block stands for: everything before the last one that holds a summary. */
export function afterCompaction(request: WireRequest): WireRequest {
  const { turns } = request;
  const at = turns.findLastIndex((turn) => turn.content.some(summary));
  const turn = turns[at];
  if (!turn) return request;
  const from = turn.content.findLastIndex(summary);
  const kept: Turn = { ...turn, content: turn.content.slice(from), paths: turn.paths.slice(from) };
  return { ...request, turns: [kept, ...turns.slice(at + 1)] };
}

function summary(block: Block): boolean {
  return block.type === 'compaction' && typeof block.content === 'string';
}

/** The edits that a request asks for, in their order. */
export function editsOf(request: WireRequest): readonly JsonObject[] {
  return isObject(request.params.context_management) ? objectsIn(request.params.context_management.edits) : [];
}

/** Applies the edits that clear; each reports what it did. */
export function applyEdits(request: WireRequest): Managed {
  const originalTokens = size(request);
  let edited = request;
  const applied: JsonObject[] = [];
  for (const edit of editsOf(request)) {
    const before = size(edited);
    const step = edit.type === 'clear_thinking_20251015' ? clearThinking(edited, edit) : clearToolUses(edited, edit);
    const cleared = before - size(step.request);
    const least = isObject(edit.clear_at_least) ? Number(edit.clear_at_least.value) : 0;
    if (step.count === 0 || cleared < least) continue;
    edited = step.request;
    const what = edit.type === 'clear_thinking_20251015' ? 'cleared_thinking_turns' : 'cleared_tool_uses';
    applied.push({ type: edit.type, [what]: step.count, cleared_input_tokens: cleared });
  }
  return { request: edited, applied, originalTokens };
}

type Step = { readonly request: WireRequest; readonly count: number };

/** Keeps the thinking of the last assistant turns only. */
function clearThinking(request: WireRequest, edit: JsonObject): Step {
  const keep = isObject(edit.keep) ? (edit.keep.type === 'all' ? 'all' : Number(edit.keep.value)) : edit.keep === 'all' ? 'all' : 1;
  if (keep === 'all') return { request, count: 0 };
  const thinks = (block: Block) => block.type === 'thinking' || block.type === 'redacted_thinking';
  const thinking = request.turns.filter((turn) => turn.role === 'assistant' && turn.content.some(thinks));
  const cleared = new Set(thinking.slice(0, Math.max(0, thinking.length - keep)));
  const turns = request.turns.map((turn) => (cleared.has(turn) ? select(turn, (block) => !thinks(block)) : turn));
  return { request: { ...request, turns }, count: cleared.size };
}

/** Replaces the oldest tool results, and on request their inputs. */
function clearToolUses(request: WireRequest, edit: JsonObject): Step {
  if (edit.type !== 'clear_tool_uses_20250919') return { request, count: 0 };
  const trigger = isObject(edit.trigger) ? edit.trigger : { type: 'input_tokens', value: DEFAULT_TRIGGER };
  const excluded = Array.isArray(edit.exclude_tools) ? edit.exclude_tools : [];
  const uses = request.turns.flatMap((turn) => turn.content.filter((block) => block.type === 'tool_use'));
  const reached = trigger.type === 'tool_uses' ? uses.length : size(request);
  if (reached <= Number(trigger.value)) return { request, count: 0 };
  const keep = isObject(edit.keep) ? Number(edit.keep.value) : DEFAULT_KEEP;
  const done = uses.filter((use) => !excluded.includes(use.name) && resultOf(request, use)?.content !== CLEARED);
  const cleared = new Map(done.slice(0, Math.max(0, done.length - keep)).map((use) => [stringOf(use.id), stringOf(use.name)]));
  const inputs = edit.clear_tool_inputs;
  const clears = (name: string) => inputs === true || (Array.isArray(inputs) && inputs.includes(name));
  const turns = request.turns.map((turn) =>
    change(turn, (block) => {
      if (block.type === 'tool_result' && cleared.has(stringOf(block.tool_use_id))) return { ...block, content: CLEARED };
      if (block.type === 'tool_use' && cleared.has(stringOf(block.id)) && clears(stringOf(block.name))) return { ...block, input: {} };
      return block;
    }),
  );
  return { request: { ...request, turns }, count: cleared.size };
}

function resultOf(request: WireRequest, use: Block): Block | undefined {
  return request.turns.flatMap((turn) => turn.content).find((block) => block.type === 'tool_result' && block.tool_use_id === use.id);
}

/** The edit that summarises on its own, when the prompt is over its trigger. */
export function dueCompaction(request: WireRequest): { readonly pauses: boolean } | undefined {
  const edit = editsOf(request).find((one) => one.type === 'compact_20260112');
  if (!edit) return undefined;
  const trigger = isObject(edit.trigger) ? Number(edit.trigger.value) : 150_000;
  return size(request) > trigger ? { pauses: edit.pause_after_compaction === true } : undefined;
}

/** The summary that the server writes when the responder has none: what the user said, in brief. */
export function summarise(request: WireRequest): string {
  const said = request.turns
    .filter((turn) => turn.role === 'user')
    .flatMap((turn) => turn.content.filter((block) => block.type === 'text').map((block) => stringOf(block.text).slice(0, 200)));
  return `<summary>\nThe user said:\n${said.map((text) => `- ${text}`).join('\n')}\n</summary>`;
}

/** A summary as the block that is sent back in place of what it covers. */
export function compactionBlock(content: string): Block {
  return { type: 'compaction', content, encrypted_content: Buffer.from(content).toString('base64') };
}

function size(request: WireRequest): number {
  return promptTokens(layout(request));
}

function select(turn: Turn, keeps: (block: Block) => boolean): Turn {
  const kept = [...turn.content.keys()].filter((index) => keeps(turn.content[index] ?? { type: '' }));
  return { ...turn, content: kept.flatMap((index) => turn.content[index] ?? []), paths: kept.flatMap((index) => turn.paths[index] ?? []) };
}

function change(turn: Turn, by: (block: Block) => Block): Turn {
  return { ...turn, content: turn.content.map(by) };
}
