import { z } from 'zod';
import { ToolError } from '../core/errors';
import { guardRead } from '../core/permission/protected';
import type { AppliedChange, TextSnapshot } from '../core/ports';
import { changedLines, describeDiff, fileDiff } from '../core/text/diff';
import { applyEdits, type EditResult, type TextEdit } from '../core/text/edits';
import { count, namedLines, sameText } from '../core/text/lines';
import { defineTool, type ToolContext } from '../core/tool';
import { afterSave, freshness, landed, refuseStale, refuseStalePreview, tally } from './landing';
import { meant, meantFor } from './meant';
import { assessPaths, existingFile, shownPath } from './paths';

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replace exact text in a file. All edits of a call apply in order or none does. old_text must occur exactly once (or set all), with its own indentation and without line numbers; any line ending matches \\n and is kept.',
  input: z.strictObject({
    path: z.string().min(1),
    edits: z
      .array(
        z.strictObject({ old_text: z.string(), new_text: z.string(), all: z.boolean().optional().describe('replace every occurrence') }),
      )
      .min(1),
  }),
  safety: { destructive: false },
  reach: 'named',
  restoresSecrets: true,
  summarize: ({ path }) => ({ title: 'Edit', detail: path }),
  assess: ({ path }, around) => assessPaths(around, 'mutating', 'changes a file', [{ path, access: 'write' }]),
  foresee({ edits }, [text]) {
    const known = typeof text === 'string' ? editsFor(edits, (part) => meantFor(part, text)) : null;
    const result = typeof text === 'string' && known ? applyEdits(text, known) : undefined;
    return result && !('problem' in result) ? [result.text] : undefined;
  },
  async preview({ path, edits }, context) {
    const { full, shown, current } = await look(path, edits, context);
    if (freshness(current, context) === 'stale') refuseStalePreview(shown, current, context);
    const { text } = apply(shown, current.text, meantIn(shown, edits, current.text), quotable(current, context));
    return { kind: 'diff', files: [fileDiff({ path: full, kind: 'edit', before: current.text, after: text })] };
  },
  async run({ path, edits: written }, context) {
    const { full, shown, current } = await look(path, written, context);
    if (freshness(current, context) === 'stale') return refuseStale(shown, current, context);
    const edits = meantIn(shown, written, current.text);
    let sent: EditResult = { text: '', replacements: 0 };
    const transform = (now: string) => {
      sent = apply(shown, now, edits, quotable(current, context));
      return sent.text;
    };
    const change = await context.ports.documents.edit(full, transform, context.signal);
    // What was typed while it landed is in `before`, so that these edits alone give what we meant to write.
    const meant = applyEdits(change.before ?? '', edits);
    if (!('problem' in meant)) sent = meant;
    const moved = movedMeanwhile(current, change);
    const saved = afterSave(sent.text, change);
    const where = namedLines(changedLines(change.before ?? '', sent.text));
    return {
      content: `Edited ${shown}: ${count(sent.replacements, 'replacement')}, now at ${where}.${moved}${saved.text}`,
      summary: tally(change),
      // Quoting a part of a file is not knowing all of it.
      ...landed(full, change, saved.known && freshness(current, context) === 'fresh'),
    };
  },
});

/** The edits with each part as the file has it; null when one of them can not be told. */
function editsFor(edits: readonly TextEdit[], of: (part: string) => string | null): TextEdit[] | null {
  const out: TextEdit[] = [];
  for (const edit of edits) {
    const [old_text, new_text] = [of(edit.old_text), of(edit.new_text)];
    if (old_text === null || new_text === null) return null;
    out.push({ ...edit, old_text, new_text });
  }
  return out;
}

function meantIn(shown: string, edits: readonly TextEdit[], file: string): readonly TextEdit[] {
  return editsFor(edits, (part) => meant(shown, part, file)) ?? edits;
}

async function look(path: string, edits: readonly TextEdit[], context: ToolContext) {
  const { documents } = context.ports;
  const resolved = await documents.resolve(path);
  if (!(await documents.stat(resolved.path)) && edits.every((edit) => edit.old_text === '')) {
    throw new ToolError(`${path} does not exist.`, 'Create it with write_file.');
  }
  const file = await existingFile(path, context);
  const current: TextSnapshot = { ...(await documents.readText(file.path, context.signal)), path: file.path };
  return { full: file.path, shown: shownPath(file.path, documents.roots()), current };
}

/** Reading a file of secrets needs permission, so an edit that misses must not show what it holds. */
function quotable(current: TextSnapshot, context: ToolContext): boolean {
  return guardRead(current.path) === undefined || freshness(current, context) === 'fresh';
}

function apply(shown: string, text: string, edits: readonly TextEdit[], quotes: boolean): EditResult {
  const result = applyEdits(text, edits);
  if (!('problem' in result)) return result;
  if (quotes) throw new ToolError(`${shown}: ${result.problem}`, result.next);
  throw new ToolError(
    `${shown}: the edits do not fit its text, which looks like secrets and is not shown.`,
    'Read it with read_file first.',
  );
}

/** Somebody typed between our look and our edit: the edit still fitted, and the model learns of the rest [H4]. */
function movedMeanwhile(current: TextSnapshot, change: AppliedChange): string {
  if (change.before === null || sameText(change.before, current.text)) return '';
  const diff = fileDiff({ path: change.path, kind: 'edit', before: current.text, after: change.before });
  return `\nMeanwhile somebody else changed it too:\n${describeDiff(diff)}`;
}
