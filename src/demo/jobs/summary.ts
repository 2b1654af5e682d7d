import type { Conversation } from '../conversation';
import { stringOf } from '../wire/json';

/** The harness condenses the conversation: it asks for a summary under headings of its own. */
export const ASKS_FOR_SUMMARY = /write a summary of this conversation/;

/** What can be read off the conversation, under the headings that were asked for. */
export function summaryOf({ told, passages, root }: Conversation): string {
  const calls = passages.flatMap((passage) => passage.exchanges.flatMap((exchange) => exchange.calls));
  const paths = new Set(calls.map((call) => stringOf(call.input.path)).filter(Boolean));
  const errors = calls.filter((call) => call.result?.isError).map((call) => `${call.name}: ${firstLine(call.result?.text ?? '')}`);
  const last = passages.at(-1)?.text ?? '';
  const known: Readonly<Record<string, readonly string[]>> = {
    intent: [last],
    concepts: root ? [`The workspace is ${root}.`] : [],
    files: [...paths].map((path) => `\`${path}\``),
    'errors and fixes': errors,
    'user messages': passages.map((passage) => firstLine(passage.text)),
    'current work': calls.slice(-3).map((call) => `${call.name} ${stringOf(call.input.path) || stringOf(call.input.command)}`.trim()),
    'next step': last ? [`Go on with: ${firstLine(last)}`] : [],
  };
  const sections = [...told.matchAll(/^## (?:\d+\. )?(.+)$/gm)].map(([heading, name = '']) => {
    const lines = (known[name.toLowerCase()] ?? []).filter(Boolean);
    return `${heading}\n${lines.length > 0 ? lines.map((line) => `- ${line}`).join('\n') : 'None.'}`;
  });
  return `<summary>\n${sections.join('\n\n')}\n</summary>`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
