import { asBlocks, blocksIn, type JsonObject, objectsIn, without } from '../../../src/demo/wire/json';

/**
 * Where `next` departs from being `previous` plus more: undefined when every tool, system block and message block of
 * `previous` stands in `next`, in place and equal to the byte, cache marks aside.
 */
export function prefixBreak(previous: JsonObject, next: JsonObject): string | undefined {
  const before = sequenceOf(previous);
  const after = sequenceOf(next);
  const fixed = (parts: readonly Part[]) => parts.filter((part) => part.level !== 'messages');
  if (fixed(before).length !== fixed(after).length) return 'the number of tools or system blocks changed';
  const at = before.findIndex((part, index) => part.text !== after[index]?.text);
  if (at < 0) return undefined;
  const [was, is] = [before[at], after[at]];
  return `${was?.path} changed from ${clip(was?.text)} to ${clip(is?.text)}`;
}

/** @throws Error naming the first request that does not begin with the one before it. */
export function assertPrefixes(requests: readonly { readonly json: JsonObject }[]): void {
  requests.slice(1).forEach((request, index) => {
    const broken = prefixBreak(requests[index]?.json ?? {}, request.json);
    if (broken) throw new Error(`Request ${index + 2} does not begin with request ${index + 1}: ${broken}`);
  });
}

type Part = { readonly level: 'tools' | 'system' | 'messages'; readonly path: string; readonly text: string };

function sequenceOf(request: JsonObject): readonly Part[] {
  const tools = objectsIn(request.tools).map((tool, index): Part => ({ level: 'tools', path: `tools.${index}`, text: plain(tool) }));
  const system = asBlocks(request.system).map((block, index): Part => ({ level: 'system', path: `system.${index}`, text: plain(block) }));
  const messages = objectsIn(request.messages).flatMap((message, at) =>
    asBlocks(message.content).map(
      (block, index): Part => ({
        level: 'messages',
        path: `messages.${at}.content.${index}`,
        text: `${String(message.role)} ${plain(block)}`,
      }),
    ),
  );
  return [...tools, ...system, ...messages];
}

function plain(block: JsonObject): string {
  const content = blocksIn(block.content);
  const rest = without(block, 'cache_control');
  return JSON.stringify(content.length > 0 ? { ...rest, content: content.map((inner) => without(inner, 'cache_control')) } : rest);
}

function clip(text = '(nothing)'): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
