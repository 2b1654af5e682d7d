import type { AppliedChange } from '../../core/ports';
import { diffLines, type LineChange } from '../../core/text/diff';
import { mainEnding, withEnding } from '../../core/text/lines';
import { applyChanges, changesBetween, lineReplacement, lineStarts, type TextChange } from '../documents/text-changes';
import { absorb, fold } from './fold';

/** A run of changed lines that waits for review: what it replaced in the baseline, and where it stands in the text. */
export type Hunk = LineChange;

/**
 * One file under review. Nothing here is an offset that could go stale: hunks are always the difference of `base`
 * and `text`, computed anew.
 */
export type Pending = {
  readonly path: string;
  /** What the agent did to the file as a whole; `edit` when only its text changed. */
  readonly kind: AppliedChange['kind'];
  /** For a rename: the path before. */
  readonly from?: string;
  /** What undo goes back to: the text before the agent, with what the user changed since outside the hunks. */
  readonly base: string;
  /** The text without what the user typed inside the hunks. */
  readonly agent: string;
  /** The text as it was last seen. */
  readonly text: string;
  /** A deleted file's exact bytes. */
  readonly bytes?: Uint8Array;
  /** The baseline as it was on disk, when its line endings are mixed: the texts above are uniform, as a document is. */
  readonly raw?: string;
};

const computed = new WeakMap<Pending, readonly Hunk[]>();

export function hunksOf(pending: Pending): readonly Hunk[] {
  switch (pending.kind) {
    case 'edit':
    case 'rename':
    case 'create': {
      const known = computed.get(pending) ?? diffLines(pending.base, pending.text);
      computed.set(pending, known);
      return known;
    }
    case 'delete':
      return [];
    default:
      return pending.kind satisfies never;
  }
}

/** How many decisions are open: one per hunk, and one for a file that came, went or moved. */
export function openDecisions(pending: Pending): number {
  switch (pending.kind) {
    case 'create':
    case 'delete':
      return 1;
    case 'rename':
      return hunksOf(pending).length + 1;
    case 'edit':
      return hunksOf(pending).length;
    default:
      return pending.kind satisfies never;
  }
}

/** True when the user wrote in a file that the agent made: throwing it away needs a question first. */
export function editedByUser({ base, agent, text }: Pending): boolean {
  return base !== '' || agent !== text;
}

/** Someone else changed the text: by typing, by a tool of their own, on disk. */
export function changedByUser(pending: Pending, changes: readonly TextChange[], next: string): Pending {
  const { base, agent, text } = inEndingsOf(pending, pending.text);
  const { outside, side } = fold(base, text, changes);
  const moved = { ...pending, base: side, agent: fold(agent, text, outside).side, text: next };
  return inEndingsOf(moved, next);
}

/** The same when only the outcome is known. */
export function seenText(pending: Pending, shown: string): Pending {
  const next = uniform(shown);
  if (pending.text === next) return pending;
  const ending = mainEnding(next);
  const text = ending === undefined ? pending.text : withEnding(pending.text, ending);
  const aligned = inEndingsOf({ ...pending, text }, next);
  return changedByUser(aligned, changesBetween(text, next), next);
}

/** A change of the agent landed, or one of our own undo edits: `before` is the text it was made to. */
export function changedByAgent(pending: Pending, before: string, after: string): Pending {
  const seen = seenText(pending, before);
  const text = uniform(after);
  return { ...seen, agent: absorb(seen.agent, seen.text, text), text };
}

/** The agent's first touch of a file, or a further one. `undefined` when nothing is left to review. */
export function landed(known: Pending | undefined, change: AppliedChange, bytes: Uint8Array | undefined): Pending | undefined {
  const { path } = change;
  const before = uniform(change.before ?? '');
  const after = uniform(change.after ?? '');
  switch (change.kind) {
    case 'edit':
      if (known && known.kind !== 'delete') return changedByAgent(known, before, after);
      return { path, kind: 'edit', base: before, agent: after, text: after, ...rawOf(change.before) };
    case 'create':
      // A file that the agent had deleted is back: what is left is a change of its text.
      if (known?.kind === 'delete') return { path, kind: 'edit', base: known.base, agent: after, text: after };
      return { path, kind: 'create', base: '', agent: after, text: after };
    case 'delete':
      if (known?.kind === 'create') return undefined;
      return {
        path,
        kind: 'delete',
        base: known?.base ?? before,
        agent: '',
        text: '',
        bytes,
        ...(known ? { raw: known.raw } : rawOf(change.before)),
      };
    case 'rename':
      return renamed(known, change);
    default:
      return change.kind satisfies never;
  }
}

function renamed(known: Pending | undefined, { path, from, before, after }: AppliedChange): Pending {
  const text = uniform(after ?? '');
  if (!known) return { path, kind: 'rename', from, base: uniform(before ?? ''), agent: text, text, ...rawOf(before) };
  const moved = { ...changedByAgent(known, before ?? '', text), path };
  if (known.kind === 'create') return moved;
  const first = known.kind === 'rename' ? known.from : from;
  return first === path ? { ...moved, kind: 'edit', from: undefined } : { ...moved, kind: 'rename', from: first };
}

/** The baseline takes these hunks: they are no longer pending. */
export function kept(pending: Pending, hunks: readonly Hunk[]): Pending {
  const starts = lineStarts(pending.base);
  return {
    ...pending,
    base: applyChanges(
      pending.base,
      hunks.map((h) => lineReplacement(starts, h)),
    ),
  };
}

/** True when nothing of this file waits for a decision any more. */
export function isSettled(pending: Pending): boolean {
  return openDecisions(pending) === 0;
}

/** The hunk that holds a line of the text (0-based); where lines were only removed, the lines on both sides of the gap count. */
export function hunkAt(hunks: readonly Hunk[], line: number): Hunk | undefined {
  return (
    hunks.find((h) => line >= h.newAt && line < h.newAt + h.added.length) ??
    hunks.find((h) => h.added.length === 0 && (line === h.newAt || line === h.newAt - 1))
  );
}

/** Finds a hunk again after the text moved: the same lines, nearest to where they were. */
export function sameHunk(hunks: readonly Hunk[], wanted: Hunk): Hunk | undefined {
  const same = hunks.filter((h) => h.removed.join('') === wanted.removed.join('') && h.added.join('') === wanted.added.join(''));
  return same.sort((a, b) => Math.abs(a.newAt - wanted.newAt) - Math.abs(b.newAt - wanted.newAt))[0];
}

/** Other line endings are no change that anyone reviews: all versions follow the text that is shown. */
function inEndingsOf(pending: Pending, shown: string): Pending {
  const ending = mainEnding(shown);
  if (ending === undefined) return pending;
  return { ...pending, base: withEnding(pending.base, ending), agent: withEnding(pending.agent, ending) };
}

/** A text in the line endings that it mostly has, as a document shows it. */
function uniform(text: string): string {
  const ending = mainEnding(text);
  return ending === undefined ? text : withEnding(text, ending);
}

function rawOf(before: string | null): Pick<Pending, 'raw'> {
  return before !== null && uniform(before) !== before ? { raw: before } : {};
}
