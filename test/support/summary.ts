import { SECTIONS } from '../../src/core/context/summary';
import { lastUserText, type WireRequest } from '../../src/demo/wire/request';
import { reply } from './model-server/reply';

/** A summary as it is asked for, with what a test wants to find again under one heading. */
export function summaryText(own: Readonly<Record<string, string>> = {}): string {
  return SECTIONS.map(([name], i) => `## ${i + 1}. ${name}\n${own[name] ?? `About ${name.toLowerCase()}.`}`).join('\n\n');
}

export const summaryReply = (own: Readonly<Record<string, string>> = {}) =>
  reply.text(`<analysis>scratch</analysis>\n<summary>\n${summaryText(own)}\n</summary>`);

/** Whether a request asks for the summary of a compaction. */
export function asksForSummary(request: WireRequest): boolean {
  return lastUserText(request).includes('write a summary of this conversation');
}
