import { diffLines, type LineChange } from './diff';
import { linesOf } from './lines';

/**
 * Both changes of one text, line by line: `ours` and `theirs` have each come from `base`. Null where they changed the
 * same lines in different ways; nothing is guessed then.
 */
export function merge(base: string, ours: string, theirs: string): string | null {
  const mine = diffLines(base, ours);
  const other = diffLines(base, theirs).filter((change) => !mine.some((m) => same(m, change)));
  if (mine.some((m) => other.some((o) => collide(m, o)))) return null;
  // An insertion comes before what replaces the lines after it.
  const changes = [...mine, ...other].sort((a, b) => b.oldAt - a.oldAt || b.removed.length - a.removed.length);
  const lines = linesOf(base);
  for (const { oldAt, removed, added } of changes) lines.splice(oldAt, removed.length, ...added);
  const merged = lines.join('');
  // A last line without an ending must stay the last.
  return lines.slice(0, -1).every((line) => /[\r\n]$/.test(line)) ? merged : null;
}

function same(a: LineChange, b: LineChange): boolean {
  return a.oldAt === b.oldAt && a.removed.length === b.removed.length && a.added.join('') === b.added.join('');
}

function collide(a: LineChange, b: LineChange): boolean {
  const aEnd = a.oldAt + a.removed.length;
  const bEnd = b.oldAt + b.removed.length;
  if (a.oldAt === b.oldAt && (a.removed.length === 0) === (b.removed.length === 0)) return true;
  return a.oldAt < bEnd && b.oldAt < aEnd && !touchesOnly(a, b);
}

/** An insertion at the edge of lines that the other one changes. */
function touchesOnly(a: LineChange, b: LineChange): boolean {
  const edge = (insertion: LineChange, other: LineChange) =>
    insertion.removed.length === 0 && (insertion.oldAt === other.oldAt || insertion.oldAt === other.oldAt + other.removed.length);
  return edge(a, b) || edge(b, a);
}
