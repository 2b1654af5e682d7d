import { asBlocks, type Block, blocksIn, isObject, type JsonObject, objectsIn, stringOf, without } from './json';
import { sealedTokens } from './seal';

/**
 * The one token count of the server, for `count_tokens` and for usage: deterministic, additive over blocks, and near
 * enough to a real tokenizer (four bytes of UTF-8 a token) that budgets computed from it make sense.
 */

const IMAGE = 1_500;
const PER_MESSAGE = 4;

/** Tokens of a text for a model whose tokenizer is `factor` times as fine as the older one. */
export function textTokens(text: string, factor: number): number {
  return Math.ceil((Buffer.byteLength(text) / 4) * factor);
}

/** Where a text must be cut so that at most `tokens` remain; never inside a surrogate pair. */
export function cutToTokens(text: string, tokens: number, factor: number): string {
  let kept = '';
  let bytes = 0;
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (Math.ceil((bytes / 4) * factor) > tokens) break;
    kept += char;
  }
  return kept;
}

/** Tokens of one tool definition, system block or message block. */
export function blockTokens(block: JsonObject, factor: number): number {
  switch (block.type) {
    case 'text':
      return textTokens(stringOf(block.text), factor);
    case 'image':
      return IMAGE;
    case 'document':
      return documentTokens(block, factor);
    case 'thinking':
      return sealedTokens(stringOf(block.signature)) ?? textTokens(stringOf(block.thinking), factor);
    case 'redacted_thinking':
      return sealedTokens(stringOf(block.data)) ?? 0;
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return textTokens(`${stringOf(block.name)}${JSON.stringify(block.input ?? {})}`, factor) + PER_MESSAGE;
    case 'tool_result':
      return PER_MESSAGE + asBlocks(block.content).reduce((sum, inner) => sum + blockTokens(inner, factor), 0);
    case 'search_result':
      return objectsIn(block.content).reduce((sum, inner) => sum + blockTokens(inner, factor), textTokens(stringOf(block.title), factor));
    case 'compaction':
      return textTokens(stringOf(block.content), factor);
    default:
      return textTokens(JSON.stringify(without(block, 'cache_control')), factor);
  }
}

/** What a message costs beyond its blocks. */
export const MESSAGE_TOKENS = PER_MESSAGE;

function documentTokens(block: JsonObject, factor: number): number {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === 'text') return textTokens(stringOf(source.data), factor);
  if (source.type === 'content') return sum(asBlocks(source.content), factor);
  if (source.type === 'base64') return IMAGE + Math.ceil(stringOf(source.data).length / 100);
  return IMAGE;
}

function sum(blocks: readonly Block[], factor: number): number {
  return blocksIn(blocks).reduce((total, block) => total + blockTokens(block, factor), 0);
}
