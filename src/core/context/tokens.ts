import type { AssistantBlock } from '../../protocol/blocks';
import type { ModelMessage, ModelRequest, UserBlock } from '../ports';

/** As far as bytes can tell; the service counts for itself. */
export const BYTES_PER_TOKEN = 3.6;
/** What the service charges for a picture of the size that tools and the composer let through. */
const IMAGE_TOKENS = 1_600;

const encoder = new TextEncoder();
/** Messages that were sent never change, so each is measured once and a request costs no more to measure as it grows. */
const measured = new WeakMap<object, number>();

export function textTokens(text: string): number {
  return Math.ceil(encoder.encode(text).length / BYTES_PER_TOKEN);
}

function messageTokens(message: ModelMessage): number {
  return once(message, () => message.content.reduce((sum: number, block) => sum + blockTokens(block), 0));
}

/** Tokens of a request: tools, system and messages. `messages` are those without cache marks, which keep their identity. */
export function requestTokens(request: Pick<ModelRequest, 'tools' | 'system'>, messages: readonly ModelMessage[]): number {
  const tools = once(request.tools, () => textTokens(JSON.stringify(request.tools.filter((tool) => !tool.deferred))));
  return tools + request.system.reduce((sum, { text }) => sum + textTokens(text), 0) + messagesTokens(messages);
}

export function messagesTokens(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + messageTokens(message), 0);
}

/** Tokens of one block; like messages, blocks never change. */
export function blockTokens(block: AssistantBlock | UserBlock): number {
  return once(block, () => tokensOf(block));
}

function tokensOf(block: AssistantBlock | UserBlock): number {
  if (block.type === 'image') return IMAGE_TOKENS;
  if (block.type !== 'tool_result') return textTokens(JSON.stringify(block));
  return block.content.reduce((sum, part) => sum + (part.type === 'image' ? IMAGE_TOKENS : textTokens(part.text)), 20);
}

function once(key: object, measure: () => number): number {
  const known = measured.get(key) ?? measure();
  measured.set(key, known);
  return known;
}
