import type { AgentEvent, EventOf } from '../../protocol/events';
import { ANCHORS } from '../context/prompt';

/** Text before tool calls, or the last word of a run. */
export type ReplyKind = keyof typeof ANCHORS;
export type ReplyLength = { readonly of: ReplyKind; readonly words: number };

/** Words of prose in a reply, code left out; null for one that says nothing, or was cut short. */
export function replyLength({ blocks, partial }: EventOf<'assistant_message'>): ReplyLength | null {
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  const words = text.replace(/^ {0,3}(```|~~~)[\s\S]*?(^ {0,3}\1|$(?![\s\S]))/gm, ' ').match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
  if (partial || words === 0) return null;
  return { of: blocks.some((block) => block.type === 'tool_use') ? 'between' : 'final', words };
}

export type LengthRow = {
  readonly promptVersion: string;
  readonly model: string;
  readonly of: ReplyKind;
  readonly replies: number;
  readonly mean: number;
  /** Nine of ten replies are at most this long. */
  readonly p90: number;
  /** Share of the replies that are longer than the prompt asks for. */
  readonly over: number;
};

/** How long replies are, for each version of the prompt and each model [K7]: a fold over the logs of sessions. */
export function lengthReport(sessions: readonly (readonly AgentEvent[])[]): readonly LengthRow[] {
  const groups = new Map<string, { promptVersion: string; model: string; of: ReplyKind; words: number[] }>();
  for (const events of sessions) {
    let promptVersion = '?';
    for (const event of events) {
      if (event.type === 'session_started') promptVersion = event.promptVersion;
      const length = event.type === 'assistant_message' ? replyLength(event) : null;
      if (event.type !== 'assistant_message' || !length) continue;
      const { model } = event;
      const key = JSON.stringify([promptVersion, model, length.of]);
      const group = groups.get(key) ?? { promptVersion, model, of: length.of, words: [] };
      group.words.push(length.words);
      groups.set(key, group);
    }
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, { words, ...group }]) => {
      const sorted = words.sort((a, b) => a - b);
      return {
        ...group,
        replies: words.length,
        mean: Math.round(words.reduce((sum, n) => sum + n, 0) / words.length),
        p90: sorted[Math.ceil(words.length * 0.9) - 1] ?? 0,
        over: words.filter((n) => n > ANCHORS[group.of]).length / words.length,
      };
    });
}

/** The report as a table for a terminal. */
export function lengthTable(rows: readonly LengthRow[]): string {
  if (rows.length === 0) return 'No replies are kept yet.\n';
  const cells = rows.map((r) => [r.promptVersion, r.model, r.of, `${r.replies}`, `${r.mean}`, `${r.p90}`, `${Math.round(r.over * 100)} %`]);
  const all = [['prompt', 'model', 'replies', 'count', 'mean', '90 %', 'over'], ...cells];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = all.map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '));
  return `Words in a reply; the prompt asks for at most ${ANCHORS.between} between tool calls and ${ANCHORS.final} in the final one.\n${lines.join('\n')}\n`;
}
