import { createHash } from 'node:crypto';
import { asBlocks, blocksIn, isObject, type JsonObject, objectsIn, stringOf, without } from './json';
import type { WireRequest } from './request';
import { blockTokens, MESSAGE_TOKENS } from './tokens';

export type Ttl = '5m' | '1h';
export type Level = 'tools' | 'system' | 'messages';

/** One block of the prompt in the order in which it is read: tools, system, messages. */
export type Position = {
  readonly level: Level;
  /** Where the request holds it, for messages to the caller. */
  readonly path: string;
  /** What makes it equal to another: the block as sent, without cache marks and nulls. */
  readonly canonical: string;
  readonly tokens: number;
  /** Set where a cache breakpoint lies. */
  readonly ttl?: Ttl;
};

/** The whole prompt of a request as a sequence of blocks. */
export function layout(request: WireRequest): readonly Position[] {
  const { model } = request;
  const deferred = request.tools.filter((tool) => tool.defer_loading === true);
  const positions: Position[] = [];
  const add = (level: Level, path: string, block: JsonObject, owner: string, tokens: number) =>
    positions.push({ level, path, canonical: canonicalOf(owner, block), tokens, ttl: ttlOf(block) });

  request.tools.forEach((tool, index) => {
    if (!deferred.includes(tool)) add('tools', `tools.${index}`, tool, 'tool', blockTokens(tool, model.tokenFactor));
  });
  request.system.forEach((block, index) => {
    add('system', `system.${index}`, block, 'system', blockTokens(block, model.tokenFactor));
  });
  for (const turn of request.turns) {
    turn.content.forEach((block, index) => {
      const loaded = deferred.filter((tool) => referencesIn(block).includes(stringOf(tool.name)));
      const tokens = [block, ...loaded].reduce((sum, part) => sum + blockTokens(part, model.tokenFactor), 0);
      add('messages', turn.paths[index] ?? '', block, turn.role, tokens + (index === 0 ? MESSAGE_TOKENS : 0));
    });
  }
  return withAutomaticBreakpoint(positions, request.params.cache_control);
}

/** The size of the prompt. */
export function promptTokens(positions: readonly Position[]): number {
  return positions.reduce((sum, position) => sum + position.tokens, 0);
}

/** The running hash of a prompt: `hash` stands for everything up to and including what was last folded in. */
export function chain(hash: string, part: string): string {
  return createHash('sha256').update(hash).update('\0').update(part).digest('base64');
}

/** The text by which a block is compared: whose it is, and all of it. */
export function canonicalOf(owner: string, block: JsonObject): string {
  return `${owner}:${JSON.stringify(canonical(block))}`;
}

/** The hash of a whole prompt, free of credential and settings: what thinking is bound to. */
export function prefixHash(positions: readonly Position[]): string {
  return positions.reduce((hash, position) => chain(hash, position.canonical), '');
}

/** Names of tools that a block loads. */
export function referencesIn(block: JsonObject): readonly string[] {
  if (block.type === 'tool_reference') return [stringOf(block.tool_name)];
  const inner = isObject(block.content) ? objectsIn(block.content.tool_references) : asBlocks(block.content);
  return inner.filter((part) => part.type === 'tool_reference').map((part) => stringOf(part.tool_name));
}

/** Blocks on which a cache mark may lie. */
export function cacheable(position: Position): boolean {
  return !/^\w+:\{"type":"(thinking|redacted_thinking)"/.test(position.canonical) && !position.canonical.endsWith('"text":""}');
}

/** The prompt form of a block: cache marks, nulls and the default caller do not make a difference. */
function canonical(block: JsonObject): JsonObject {
  const plain = without(block, 'cache_control', 'parsed_output');
  const caller = isObject(plain.caller) && plain.caller.type === 'direct' ? without(plain, 'caller') : plain;
  const content = blocksIn(caller.content);
  return content.length > 0 ? { ...caller, content: content.map(canonical) } : caller;
}

/** A mark on a block, or on a block inside a tool result, which counts for the whole result. */
export function ttlOf(block: JsonObject): Ttl | undefined {
  const mark = isObject(block.cache_control) ? block.cache_control : undefined;
  if (mark) return mark.ttl === '1h' ? '1h' : '5m';
  return blocksIn(block.content)
    .map(ttlOf)
    .findLast((ttl) => ttl !== undefined);
}

function withAutomaticBreakpoint(positions: readonly Position[], mark: unknown): readonly Position[] {
  const at = isObject(mark) ? positions.findLastIndex(cacheable) : -1;
  const ttl = isObject(mark) && mark.ttl === '1h' ? '1h' : '5m';
  return positions.map((position, index) => (index === at ? { ...position, ttl: position.ttl ?? ttl } : position));
}
