import { diffLines, type LineChange } from '../../core/text/diff';
import { linesOf } from '../../core/text/lines';
import { applyChanges, changesBetween, descending, lineStarts, type TextChange } from '../documents/text-changes';

/**
 * Two versions of a file drift apart: the baseline and the text under review. A change that someone else makes to
 * the text outside every difference belongs to both, so it is folded into the other side; the list of differences
 * stays what it was. A change that touches a difference becomes a part of it.
 */
export type Split = {
  /** The changes that touch no difference, counted in the text. */
  readonly outside: readonly TextChange[];
  /** The other side with those changes made. */
  readonly side: string;
};

/** Folds `changes`, which were made to `text`, into `side` where they touch no difference between the two. */
export function fold(side: string, text: string, changes: readonly TextChange[]): Split {
  if (side === text) return { outside: changes, side: applyChanges(side, changes) };
  const differences = diffLines(side, text);
  const textStarts = lineStarts(text);
  const sideStarts = lineStarts(side);
  const textLines = linesOf(text);
  const sideLines = linesOf(side);
  const outside: TextChange[] = [];
  const mapped: TextChange[] = [];
  for (const change of descending(changes)) {
    const span = spanOf(change, text, textStarts);
    if (differences.some((d) => touches(span, d))) continue;
    const line = span.first - shift(differences, span);
    const sideStart = sideStarts[line];
    const height = span.before ? 0 : span.last - span.first + 1;
    if (sideStart === undefined || !sameLines(textLines, span.first, sideLines, line, height)) continue;
    // A last line without an ending has nothing after it that a further line could be put behind.
    if (line > 0 && line === sideLines.length && !/[\r\n]$/.test(sideLines[line - 1] ?? '')) continue;
    outside.push(change);
    mapped.push({ ...change, offset: sideStart + change.offset - (textStarts[span.first] ?? 0) });
  }
  return { outside, side: applyChanges(side, mapped) };
}

/**
 * Carries one of our own edits (`text` to `next`) into `side`: differences that it does not touch stay, those that
 * it touches are settled in favour of `next`.
 */
export function absorb(side: string, text: string, next: string): string {
  const carried = fold(side, text, changesBetween(text, next)).side;
  const edited = diffLines(text, next);
  const starts = lineStarts(carried);
  const settle = diffLines(carried, next)
    .filter((d) => edited.some((e) => overlap(d, e)))
    .map((d) => ({
      offset: starts[d.oldAt] ?? carried.length,
      length: d.removed.join('').length,
      text: d.added.join(''),
    }));
  return applyChanges(carried, settle);
}

/** Two differences against the same newer text meet, or border on each other with nothing of their own. */
function overlap(a: LineChange, b: LineChange): boolean {
  const aEnd = a.newAt + a.added.length;
  const bEnd = b.newAt + b.added.length;
  if (a.added.length === 0 || b.added.length === 0) return a.newAt <= bEnd && b.newAt <= aEnd;
  return a.newAt < bEnd && b.newAt < aEnd;
}

type Span = { readonly first: number; readonly last: number /** Whole lines put before `first`. */; readonly before: boolean };

/** The lines that a change touches; lines that it only borders on are left out. */
function spanOf(change: TextChange, text: string, starts: readonly number[]): Span {
  const first = lineAt(starts, change.offset, text);
  const end = change.offset + change.length;
  const last = lineAt(starts, end, text);
  const fromStart = change.offset === starts[first];
  const wholeLines = /[\r\n]$/.test(change.text) || (change.text === '' && fromStart);
  if (change.length === 0) return { first, last, before: fromStart && /[\r\n]$/.test(change.text) };
  const toStart = last > first && end === starts[last];
  return { first, last: toStart && wholeLines ? last - 1 : last, before: false };
}

function touches(span: Span, { newAt, added }: LineChange): boolean {
  if (added.length === 0) return span.first < newAt && span.last >= newAt;
  if (span.before && span.first === newAt) return false;
  return span.first < newAt + added.length && span.last >= newAt;
}

/** How many lines the text has more than the other side before the span. */
function shift(differences: readonly LineChange[], span: Span): number {
  return differences.reduce((sum, d) => (d.newAt + d.added.length <= span.first ? sum + d.added.length - d.removed.length : sum), 0);
}

function sameLines(a: readonly string[], aAt: number, b: readonly string[], bAt: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}

/** The last line that starts at or before `offset`; the end of a text is a line of its own only after a line ending. */
function lineAt(starts: readonly number[], offset: number, text: string): number {
  let low = 0;
  let high = text === '' || /[\r\n]$/.test(text) ? starts.length - 1 : starts.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
