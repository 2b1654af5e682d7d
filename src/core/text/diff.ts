import { diffArrays } from 'diff';
import type { DiffHunk, FileDiff } from '../../protocol/display';
import { meetSecrets } from '../observe/redact';
import { linesOf, safeCut } from './lines';

/** One run of changed lines, with their endings. Positions are 0-based line numbers. */
export type LineChange = {
  readonly oldAt: number;
  readonly newAt: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

const CONTEXT = 3;
const MAX_DIFF_LINES = 1_000;
const MAX_DIFF_LINE_CHARS = 500;
/** Beyond this a line-by-line diff is slow and unreadable: the rest is shown as one replacement. */
const MAX_EDIT_LENGTH = 2_000;
const TIMEOUT_MS = 1_000;

/** What changed, line by line, in order. Line endings count as part of a line. */
export function diffLines(before: string, after: string): LineChange[] {
  if (before === after) return [];
  const a = linesOf(before);
  const b = linesOf(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const oldMiddle = a.slice(start, a.length - end);
  const newMiddle = b.slice(start, b.length - end);
  // What only one side has cannot stay: a rewrite is known as one without being searched through.
  const least = countMissing(oldMiddle, newMiddle) + countMissing(newMiddle, oldMiddle);
  const parts = least <= MAX_EDIT_LENGTH && diffArrays(oldMiddle, newMiddle, { maxEditLength: MAX_EDIT_LENGTH, timeout: TIMEOUT_MS });
  if (!parts) return [{ oldAt: start, newAt: start, removed: oldMiddle, added: newMiddle }];

  const changes: LineChange[] = [];
  let oldAt = start;
  let newAt = start;
  let removed: string[] = [];
  let added: string[] = [];
  const close = () => {
    if (removed.length + added.length > 0) changes.push({ oldAt, newAt, removed, added });
    oldAt += removed.length;
    newAt += added.length;
    removed = [];
    added = [];
  };
  for (const part of parts) {
    if (part.removed) removed = removed.concat(part.value);
    else if (part.added) added = added.concat(part.value);
    else {
      close();
      oldAt += part.count;
      newAt += part.count;
    }
  }
  close();
  return changes;
}

function countMissing(lines: readonly string[], from: readonly string[]): number {
  const known = new Set(from);
  return lines.reduce((n, line) => (known.has(line) ? n : n + 1), 0);
}

export type DiffInput = {
  readonly path: string;
  readonly kind: FileDiff['kind'];
  readonly from?: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** The difference of two texts as it is shown: hunks with three lines around, cut when very long. */
export function fileDiff({ path, kind, from, before, after }: DiffInput): FileDiff {
  // The lines of a key are known as such only together.
  meetSecrets(before ?? '');
  meetSecrets(after ?? '');
  const changes = diffLines(before ?? '', after ?? '');
  const { hunks, truncated } = hunksOf(changes, linesOf(before ?? ''));
  return {
    path,
    kind,
    ...(from === undefined ? {} : { from }),
    added: changes.reduce((sum, c) => sum + c.added.length, 0),
    removed: changes.reduce((sum, c) => sum + c.removed.length, 0),
    hunks,
    ...(truncated ? { truncated } : {}),
  };
}

function hunksOf(changes: readonly LineChange[], old: readonly string[]): { hunks: DiffHunk[]; truncated: boolean } {
  const hunks: DiffHunk[] = [];
  let room = MAX_DIFF_LINES;
  let truncated = false;
  const push = (hunk: DiffHunk, sign: ' ' | '+' | '-', line: string) => {
    if (line.length > MAX_DIFF_LINE_CHARS) truncated = true;
    if (room-- > 0) hunk.lines.push([sign, clip(line)]);
    else truncated = true;
  };
  for (const [i, change] of changes.entries()) {
    if (room <= 0) {
      truncated = true;
      break;
    }
    const previous = changes[i - 1];
    const gapStart = previous ? previous.oldAt + previous.removed.length : 0;
    const joined = previous !== undefined && change.oldAt - gapStart <= 2 * CONTEXT;
    const from = joined ? gapStart : Math.max(gapStart, change.oldAt - CONTEXT);
    const open = joined ? hunks.at(-1) : undefined;
    const hunk = open ?? { oldStart: from + 1, newStart: change.newAt - (change.oldAt - from) + 1, lines: [] };
    if (!open) hunks.push(hunk);
    for (const line of old.slice(from, change.oldAt)) push(hunk, ' ', bare(line));
    const show = endingsMatter(change) ? withVisibleEnding : bare;
    for (const line of change.removed) push(hunk, '-', show(line));
    for (const line of change.added) push(hunk, '+', show(line));
    const after = change.oldAt + change.removed.length;
    const next = changes[i + 1];
    if (next && next.oldAt - after <= 2 * CONTEXT) continue;
    for (const line of old.slice(after, after + CONTEXT)) push(hunk, ' ', bare(line));
  }
  return { hunks, truncated };
}

const bare = (line: string) => line.replace(/[\r\n]+$/, '');

/** A removed and an added line that read the same differ in how they end: then the endings are shown. */
function endingsMatter(change: LineChange): boolean {
  if (change.removed.length === 0 || change.added.length === 0) return false;
  const removed = new Set(change.removed.map(bare));
  return change.added.some((line) => removed.has(bare(line)));
}

function withVisibleEnding(line: string): string {
  const text = bare(line);
  const ending = line.slice(text.length);
  if (ending === '') return `${text} [no line ending]`;
  return text + ending.replace('\r', '␍').replace('\n', '␊');
}

function clip(line: string): string {
  return line.length <= MAX_DIFF_LINE_CHARS ? line : `${line.slice(0, safeCut(line, MAX_DIFF_LINE_CHARS))} …`;
}

/** The hunks as plain unified text, for the model. Empty when nothing changed. */
export function describeDiff(diff: FileDiff, maxLines = 200): string {
  const out: string[] = [];
  for (const hunk of diff.hunks) {
    const removed = hunk.lines.filter(([sign]) => sign !== '+').length;
    const added = hunk.lines.filter(([sign]) => sign !== '-').length;
    out.push(`@@ -${range(hunk.oldStart, removed)} +${range(hunk.newStart, added)} @@`);
    for (const [sign, text] of hunk.lines) out.push(sign + text);
  }
  const cut = out.length > maxLines;
  if (cut) out.length = maxLines;
  if (cut || diff.truncated) out.push('[the rest of this difference is not shown]');
  return out.join('\n');
}

/** By convention an empty side names the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** 1-based numbers of the lines of `after` that are new; where lines only went, the line that follows. */
export function changedLines(before: string, after: string): number[] {
  return diffLines(before, after).flatMap((c) =>
    c.added.length > 0 ? Array.from(c.added, (_, i) => c.newAt + i + 1) : [Math.max(1, c.newAt + 1)],
  );
}
