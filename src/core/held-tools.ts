import type { Content } from '../protocol/blocks';
import type { View } from './context/view';
import type { ModelMessage } from './ports';
import type { Tool } from './tool';

/** A longer description is cut: it was written by others, and nobody asked how long it may be. */
const DESCRIPTION_CHARS = 2_048;
/** How much a word counts, by where it stands. */
const IN_NAME = 3;
const IN_DESCRIPTION = 1;

/** The names of tools whose definitions the model has before it: in results that are still sent, or restored by a compaction. */
export function loadedIn(messages: readonly ModelMessage[], view?: View): ReadonlySet<string> {
  const results = messages.flatMap((message) => (message.role === 'user' ? message.content : [])).filter((b) => b.type === 'tool_result');
  return new Set([...(view?.compactions.at(-1)?.tools ?? []), ...results.flatMap((result) => definedBy(result.content))]);
}

/** The names of the tools that a result defines. */
export function definedBy(content: readonly Content[]): readonly string[] {
  return content.flatMap((part) => (part.type === 'text' && part.tool !== undefined ? [part.tool] : []));
}

/** A tool as text, for a model that cannot be sent its definition in any other way. */
export function definitionText(tool: Tool): string {
  const { name, description, inputSchema } = tool.spec();
  return `${name}: ${shortened(description)}\nCall it with call_tool, name ${JSON.stringify(name)}, and input that fits ${JSON.stringify(inputSchema)}`;
}

export function shortened(description: string): string {
  return description.length <= DESCRIPTION_CHARS ? description : `${description.slice(0, DESCRIPTION_CHARS)}…`;
}

/**
 * The tools that the query names; else those that fit best, first, by how many of its words they hold, rare words
 * counting more. Equal ones in the order of their names, so that the same search always gives the same.
 */
export function findHeld(tools: readonly Tool[], query: string, limit: number): readonly Tool[] {
  const words = new Set(query.split(/[\s,;]+/));
  const named = tools.filter((tool) => words.has(tool.name));
  if (named.length > 0) return named.slice(0, limit);
  const wanted = [...new Set(wordsOf(query))];
  const pages = tools.map((tool) => ({ tool, name: wordsOf(tool.name), text: wordsOf(tool.description) }));
  const weights = wanted.map((word) => {
    const holding = pages.filter((page) => [...page.name, ...page.text].some((other) => alike(word, other))).length;
    return { word, weight: holding === 0 ? 0 : Math.log(1 + tools.length / holding) };
  });
  const score = ({ name, text }: (typeof pages)[number]) =>
    weights.reduce((sum, { word, weight }) => {
      const where = name.some((other) => alike(word, other)) ? IN_NAME : text.some((other) => alike(word, other)) ? IN_DESCRIPTION : 0;
      return sum + weight * where;
    }, 0);
  return pages
    .map((page) => ({ tool: page.tool, score: score(page) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1))
    .slice(0, limit)
    .map(({ tool }) => tool);
}

/** `createPull_requests` is create, pull, requests. */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !COMMON.has(word));
}
const COMMON = new Set('a an and are at by for from in into is it of on or that the this to tool tools use with'.split(' '));

/** The same word, in the plural too. */
function alike(a: string, b: string): boolean {
  return a === b || (a.length > 3 && b.startsWith(a)) || (b.length > 3 && a.startsWith(b));
}
