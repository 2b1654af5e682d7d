import { ToolError } from '../core/errors';
import type { AppliedChange, TextSnapshot } from '../core/ports';
import { describeDiff, fileDiff } from '../core/text/diff';
import { count, sameText, splitLines } from '../core/text/lines';
import type { ToolContext, ToolOutput } from '../core/tool';
import { knownText, rememberText } from './known-texts';

/** Longest difference that is shown to the model inside a result. */
const MAX_LINES = 80;

/** What a file's text was when the model last saw it, set against what it is now [H4]. */
export type Freshness = 'fresh' | 'unseen' | 'stale';

export function freshness(snapshot: TextSnapshot, context: ToolContext): Freshness {
  const seen = context.seen(snapshot.path);
  if (seen === undefined) return 'unseen';
  return seen === snapshot.hash ? 'fresh' : 'stale';
}

/**
 * The refusal to change a file that somebody else changed since the model looked. When the whole difference can be
 * shown, the result counts as having seen it. @throws ToolError when the file has to be read again.
 */
export function refuseStale(shown: string, snapshot: TextSnapshot, context: ToolContext): ToolOutput {
  const difference = sinceSeen(snapshot, context);
  const problem = `${shown} has changed since you last saw it; nothing was written.`;
  if (difference === undefined) throw new ToolError(problem, 'Read it again with read_file, then send a call that fits what is there now.');
  rememberText(snapshot.hash, snapshot.text);
  return {
    content: `${problem} What changed:\n${difference}\nIf your change is still right, send it again so that it fits this text.`,
    summary: 'Changed since it was last seen',
    failed: true,
    files: { [snapshot.path]: snapshot.hash },
  };
}

/** The same refusal for a preview, which cannot count as having seen anything. */
export function refuseStalePreview(shown: string, snapshot: TextSnapshot, context: ToolContext): never {
  const difference = sinceSeen(snapshot, context);
  const what = difference === undefined ? '' : ` What changed:\n${difference}`;
  throw new ToolError(
    `${shown} has changed since you last saw it; nothing was written.${what}`,
    'Read the file again with read_file, then send a call that fits what is there now.',
  );
}

/** What changed since the model looked, or undefined when that is not known or too long to show whole. */
function sinceSeen(snapshot: TextSnapshot, context: ToolContext): string | undefined {
  const seen = context.seen(snapshot.path);
  const before = seen === undefined ? undefined : knownText(seen);
  if (before === undefined) return undefined;
  return wholeDiff(snapshot.path, before, snapshot.text);
}

function wholeDiff(path: string, before: string, after: string): string | undefined {
  const diff = fileDiff({ path, kind: 'edit', before, after });
  const lines = diff.hunks.reduce((n, hunk) => n + hunk.lines.length, 0);
  return diff.truncated || lines > MAX_LINES ? undefined : describeDiff(diff);
}

/**
 * What the file holds after saving, where that is not what was sent: a formatter or another save participant had its
 * turn. The model then knows the text only if all of it can be told.
 */
export function afterSave(sent: string, change: AppliedChange): { readonly text: string; readonly known: boolean } {
  const after = change.after ?? '';
  if (sameText(sent, after)) return { text: '', known: true };
  const lead = '\nIt now differs from what you sent (a formatter on save, or somebody typing)';
  const difference = wholeDiff(change.path, sent, after);
  if (difference === undefined)
    return { text: `${lead}, in too many places to show here. Read it again before the next edit.`, known: false };
  return { text: `${lead}:\n${difference}`, known: true };
}

/** The fields of a result that say what a landed change was. */
export function landed(path: string, change: AppliedChange, known: boolean): Pick<ToolOutput, 'changes' | 'files' | 'display'> {
  if (known && change.after !== null) rememberText(change.hash, change.after);
  return {
    changes: [change],
    display: { kind: 'diff', files: [fileDiff(change)] },
    ...(known && change.after !== null ? { files: { [path]: change.hash } } : {}),
  };
}

/** `+3 -1`, for the card. */
export function tally(change: AppliedChange): string {
  const { added, removed } = fileDiff(change);
  return `+${added} -${removed}`;
}

export function lineCount(text: string): string {
  return count(splitLines(text).length, 'line');
}
