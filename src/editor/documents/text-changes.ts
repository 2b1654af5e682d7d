import { diffLines, type LineChange } from '../../core/text/diff';
import { linesOf, mainEnding, withEnding } from '../../core/text/lines';

/** One replacement, by offsets in the text before it. */
export type TextChange = { readonly offset: number; readonly length: number; readonly text: string };

/** Offsets at which the lines of `text` start; the last entry is the length, where a further line would start. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const line of linesOf(text)) starts.push((starts.at(-1) ?? 0) + line.length);
  return starts;
}

/** Applies changes that do not overlap, all counted in `text`. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = text;
  for (const change of descending(changes)) {
    result = result.slice(0, change.offset) + change.text + result.slice(change.offset + change.length);
  }
  return result;
}

/** The changes from last to first, so that applying one does not move the others. */
export function descending(changes: readonly TextChange[]): TextChange[] {
  return [...changes].sort((a, b) => b.offset - a.offset || b.length - a.length);
}

/** What turns `before` into `after`: one change per run of changed lines, each cut down to the characters that differ. */
export function changesBetween(before: string, after: string): TextChange[] {
  const starts = lineStarts(before);
  return diffLines(before, after).map((change) => trimmed(lineReplacement(starts, change), before));
}

/** The replacement of whole lines that a line change stands for, in the text it was made from. */
export function lineReplacement(oldStarts: readonly number[], change: LineChange): TextChange {
  const from = oldStarts[change.oldAt] ?? oldStarts.at(-1) ?? 0;
  const to = oldStarts[change.oldAt + change.removed.length] ?? oldStarts.at(-1) ?? 0;
  return { offset: from, length: to - from, text: change.added.join('') };
}

/** Drops what both sides have in common at either end, without parting a surrogate pair or a CR LF. */
function trimmed(change: TextChange, before: string): TextChange {
  const old = before.slice(change.offset, change.offset + change.length);
  const max = Math.min(old.length, change.text.length);
  let head = 0;
  while (head < max && old[head] === change.text[head]) head++;
  while (head > 0 && (splits(old, head) || splits(change.text, head))) head--;
  let tail = 0;
  while (tail < max - head && old[old.length - 1 - tail] === change.text[change.text.length - 1 - tail]) tail++;
  while (tail > 0 && (splits(old, old.length - tail) || splits(change.text, change.text.length - tail))) tail--;
  return {
    offset: change.offset + head,
    length: old.length - head - tail,
    text: change.text.slice(head, change.text.length - tail),
  };
}

function splits(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  const pair = before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
  return pair || (before === 13 && after === 10);
}

/** True when a text has more than one kind of line ending: an editor's document cannot hold it as it is. */
export function hasMixedEndings(text: string): boolean {
  const ending = mainEnding(text);
  return ending !== undefined && withEnding(text, ending) !== text;
}
