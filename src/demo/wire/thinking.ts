import { invalid, type WireError } from './errors';
import { isObject, type JsonObject, stringOf } from './json';
import { canonicalOf, chain, layout, prefixHash } from './prompt';
import type { Turn, WireRequest } from './request';
import { unseal } from './seal';
import { forced } from './tool-rules';

function configOf(request: WireRequest): JsonObject | undefined {
  return isObject(request.params.thinking) ? request.params.thinking : undefined;
}

/** Whether the model thinks in answer to this request. */
export function thinkingOn(request: WireRequest): boolean {
  const config = configOf(request);
  return config ? config.type !== 'disabled' : request.model.thinksByDefault;
}

/** Whether its thinking arrives as text, or as a signature alone. */
export function showsThinking(request: WireRequest): boolean {
  const display = configOf(request)?.display;
  return typeof display === 'string' ? display !== 'omitted' : request.model.showsThinking;
}

/** What is asked of the model's thinking and effort, against what it can do. @throws WireError 400 */
export function checkThinkingConfig(request: WireRequest): void {
  const { model, params } = request;
  const effort = isObject(params.output_config) ? params.output_config.effort : undefined;
  if (typeof effort === 'string' && !model.efforts.some((one) => one === effort)) {
    throw invalid(
      model.efforts.length === 0
        ? 'This model does not support the effort parameter.'
        : `output_config.effort: "${effort}" is not supported for this model. Use ${quoted(model.efforts)}.`,
    );
  }
  const config = configOf(request);
  if (!config) return;
  const type = stringOf(config.type);
  const accepted = Object.entries(model.thinking).filter(([, how]) => how !== false);
  const how = accepted.find(([name]) => name === type)?.[1];
  const high = effort === 'xhigh' || effort === 'max';
  if (how === undefined || (how === 'to_high' && high)) throw refusedType(type, accepted);
  if (type !== 'enabled') return;
  const budget = Number(config.budget_tokens);
  if (typeof params.max_tokens === 'number' && budget >= params.max_tokens) {
    throw invalid('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  if (forced(request)) throw invalid('Thinking may not be enabled when tool_choice forces tool use.');
}

function refusedType(type: string, accepted: readonly [string, boolean | 'to_high'][]): WireError {
  const instead = accepted.filter(([name, how]) => name !== type && how === true).map(([name]) => `thinking.type.${name}`);
  const adaptive = instead.includes('thinking.type.adaptive') ? ' and "output_config.effort" to control thinking behavior' : '';
  return invalid(`"thinking.type.${type}" is not supported for this model. Use ${quoted(instead)}${adaptive}.`);
}

export type Dropped = { readonly type: 'thinking_dropped'; readonly path: string; readonly reason: string };
export type Readable = {
  /** Without the blocks that the model may not read. */
  readonly request: WireRequest;
  readonly dropped: readonly Dropped[];
  /** What thinking in the answer is bound to: the conversation as sent; and what binds whatever follows a compaction. */
  readonly prefix: string;
  readonly base: string;
};

/**
 * Checks thinking that comes back: unaltered, and on models that bind it, under the prefix it was made in. @throws WireError 400
 */
export function checkReturnedThinking(request: WireRequest): Readable {
  const { model, turns } = request;
  const binding = configOf(request)?.block_binding;
  const drops = isObject(binding) && binding.prefix_mismatch_behavior === 'drop_block';
  const latest = turns.findLast((turn) => turn.role === 'assistant');
  const dropped: Dropped[] = [];
  const base = prefixHash(layout({ ...request, turns: [] }));
  let prefix = base;

  for (const turn of turns) {
    let dropping = false;
    turn.content.forEach((block, index) => {
      const path = turn.paths[index] ?? '';
      const thinks = block.type === 'thinking' || block.type === 'redacted_thinking';
      if (thinks) {
        const made = unseal(stringOf(block.type === 'thinking' ? block.signature : block.data));
        if (!made) throw badSignature(block.type, path, '');
        if (block.type === 'thinking' && made.shown !== block.thinking) throw altered(path, turn === latest);
        if (made.model !== model.id) dropped.push({ type: 'thinking_dropped', path, reason: 'model_binding_mismatch' });
        else if (model.binds && (made.prefix !== prefix || dropping)) {
          if (!drops) throw badSignature(block.type, path, BOUND);
          dropped.push({ type: 'thinking_dropped', path, reason: 'prefix_binding_mismatch' });
          dropping = true;
        }
      } else dropping = false;
      if (block.type === 'compaction') prefix = base;
      prefix = chain(prefix, canonicalOf(turn.role, block));
    });
  }
  const paths = new Set(dropped.map((one) => one.path));
  const readable = dropped.length > 0 ? { ...request, turns: turns.map((turn) => keep(turn, paths)) } : request;
  return { request: readable, dropped, prefix, base };
}

const BOUND =
  ' The block is bound to a different conversation. Remove the block, or set ' +
  '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block".';

function badSignature(type: string, path: string, more: string): WireError {
  const [field, name] = type === 'thinking' ? ['signature', 'thinking'] : ['data', 'redacted_thinking'];
  return invalid(`${path}: Invalid \`${field}\` in \`${name}\` block.${more}`);
}

function altered(path: string, latest: boolean): WireError {
  if (!latest) return badSignature('thinking', path, '');
  return invalid(`${path}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified.`);
}

function keep(turn: Turn, dropped: ReadonlySet<string>): Turn {
  const kept = [...turn.content.keys()].filter((index) => !dropped.has(turn.paths[index] ?? ''));
  return { ...turn, content: kept.flatMap((index) => turn.content[index] ?? []), paths: kept.map((index) => turn.paths[index] ?? '') };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}
