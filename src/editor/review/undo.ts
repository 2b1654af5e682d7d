import { diffLines } from '../../core/text/diff';
import { linesOf, mainEnding, withEnding } from '../../core/text/lines';
import { applyChanges, lineStarts, type TextChange } from '../documents/text-changes';
import type { Hunk, Pending } from './pending';

/** How to take hunks back. `edited` are those whose lines the user rewrote: undoing them would take that along. */
export type UndoPlan = { readonly changes: readonly TextChange[]; readonly edited: readonly Hunk[] };

/**
 * Undoing a hunk puts the removed lines back where the added ones stand. Whole lines that the user put between the
 * added ones stay. A line of the agent that the user rewrote belongs to both: such a hunk is left out and named in
 * `edited`, unless `force` says that the user agreed to lose it.
 */
export function planUndo(pending: Pending, hunks: readonly Hunk[], force: boolean): UndoPlan {
  const starts = lineStarts(pending.text);
  const own = diffLines(pending.agent, pending.text).filter((d) => d.added.length > 0);
  const edited: Hunk[] = [];
  const changes: TextChange[] = [];
  for (const hunk of hunks) {
    const end = hunk.newAt + hunk.added.length;
    const inside = own.filter((u) => u.newAt < end && u.newAt + u.added.length > hunk.newAt);
    if (inside.some((u) => u.removed.length > 0) && !force) {
      edited.push(hunk);
      continue;
    }
    const inserted = inside.filter((u) => u.removed.length === 0);
    const part = (u: Hunk) => u.added.filter((_, i) => u.newAt + i >= hunk.newAt && u.newAt + i < end);
    const first = inserted.filter((u) => u.newAt <= hunk.newAt).flatMap(part);
    const later = inserted.filter((u) => u.newAt > hunk.newAt).flatMap(part);
    const from = starts[hunk.newAt] ?? pending.text.length;
    const to = starts[end] ?? pending.text.length;
    changes.push({
      offset: from,
      length: to - from,
      text: joined([...first, ...hunk.removed, ...later], to < pending.text.length, pending),
    });
  }
  return { changes, edited };
}

/**
 * The text of the file once hunks are taken back. `current` may have mixed line endings, which the texts under review
 * have not: lines that stay keep theirs, and with nothing left to review the file is what it was, byte for byte.
 */
export function undone(pending: Pending, hunks: readonly Hunk[], force: boolean, current: string): string {
  const target = applyChanges(pending.text, planUndo(pending, hunks, force).changes);
  if (current === pending.text) return target;
  if (pending.raw !== undefined && target === pending.base && sameLines(pending.raw, target)) return pending.raw;
  const lines = linesOf(current);
  for (const change of [...diffLines(pending.text, target)].reverse()) lines.splice(change.oldAt, change.removed.length, ...change.added);
  return lines.join('');
}

const sameLines = (a: string, b: string) => withEnding(a, '\n') === withEnding(b, '\n');

/** Lines one after the other: a line without an ending can only stand at the very end of the text. */
function joined(lines: readonly string[], moreFollows: boolean, pending: Pending): string {
  const ending = mainEnding(pending.text) ?? mainEnding(pending.base) ?? '\n';
  return lines.map((line, i) => ((i < lines.length - 1 || moreFollows) && !/[\r\n]$/.test(line) ? line + ending : line)).join('');
}

/** What was taken back, as small unified text, so that the model learns what was rejected. */
export function describeHunks(hunks: readonly Hunk[], maxLines = 60): string {
  const lines = hunks.flatMap((h) => [
    `@@ line ${h.newAt + 1} @@`,
    ...h.removed.map((l) => `-${bare(l)}`),
    ...h.added.map((l) => `+${bare(l)}`),
  ]);
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines), `[${lines.length - maxLines} more lines]`].join('\n');
}

const bare = (line: string) => line.replace(/[\r\n]+$/, '');
