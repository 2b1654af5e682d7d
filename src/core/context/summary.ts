import type { AssistantBlock } from '../../protocol/blocks';

/** The parts of a summary, in order [C2]. None may be missing or empty: a summary that helps has something to say to each. */
export const SECTIONS = [
  ['Intent', 'what the user wants, in full, with every constraint they named'],
  ['Concepts', 'technologies, patterns and conventions that matter here'],
  ['Files', 'each file that was read or changed, why it matters, and the snippets of code that are needed to go on'],
  ['Errors and fixes', 'what failed, how it was mended, and what the user said about it'],
  ['Decisions', 'what was decided, and why the other ways were not taken'],
  ['User messages', 'every message of the user that is no tool result, in order, word for word where it is short'],
  ['Pending', 'what was asked for and is not done'],
  ['Current work', 'exactly what was being done just now, with file names and line numbers'],
  ['Next step', 'the one thing to do next, with the words of the user that ask for it'],
] as const;

/** Comes last in a request that is otherwise the conversation as it stands, so that it is read from the cache [K5]. */
export function summaryRequest(instructions: string): string {
  const wanted = instructions.trim() ? `\n\nThe user adds: ${instructions.trim()}` : '';
  const sections = SECTIONS.map(([name, what], i) => `## ${i + 1}. ${name}\n${what}`).join('\n\n');
  return `Stop here and write a summary of this conversation. It replaces the conversation: you will go on with nothing but the summary, the newest messages and the newest files. Call no tool. Be exact: names, paths, numbers, commands, error texts. State what was really done and seen, and no verdicts such as "validated" that nothing here shows.

Think in <analysis> tags first if you need to; they are thrown away. Then write the summary in <summary> tags, under exactly these headings, each with at least one line ("None." where there is nothing):

${sections}${wanted}`;
}

export type Summary = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/** Takes the summary out of the reply and checks it. */
export function readSummary(blocks: readonly AssistantBlock[], stop: string): Summary {
  if (blocks.some((b) => b.type === 'tool_use')) return { ok: false, why: 'the model called a tool instead of writing a summary' };
  if (stop !== 'end_turn' && stop !== 'stop_sequence') return { ok: false, why: `the summary did not come to its end (${stop})` };
  const said = blocks.flatMap((b) => (b.type === 'text' ? [b.text] : [])).join('\n');
  const plain = said.replace(/<analysis>[\s\S]*?<\/analysis>/g, '');
  const text = (/<summary>([\s\S]*?)<\/summary>/.exec(plain)?.[1] ?? plain).trim();
  const missing = SECTIONS.map(([name]) => name).filter((name) => !sectionOf(text, name));
  if (missing.length > 0) return { ok: false, why: `the summary has nothing under ${missing.join(', ')}` };
  return { ok: true, text };
}

/** What stands under a heading, up to the next one of the nine: snippets may hold headings of their own. */
function sectionOf(text: string, name: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => isHeading(line, name));
  if (start < 0) return '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => SECTIONS.some(([other]) => isHeading(line, other)));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
}

function isHeading(line: string, name: string): boolean {
  const heading = /^#{1,4}\s+(?:\d+[.)]\s*)?(.+?)\s*:?\s*$/.exec(line)?.[1];
  return heading?.replace(/\*\*/g, '').toLowerCase() === name.toLowerCase();
}
