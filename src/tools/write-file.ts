import { z } from 'zod';
import { ToolError } from '../core/errors';
import type { AppliedChange, TextSnapshot } from '../core/ports';
import { fileDiff } from '../core/text/diff';
import { mainEnding, sameText, withEnding } from '../core/text/lines';
import { defineTool, type ToolContext, type ToolOutput } from '../core/tool';
import { afterSave, freshness, landed, lineCount, refuseStale, refuseStalePreview, tally } from './landing';
import { meant, meantFor } from './meant';
import { assessPaths, shownPath } from './paths';

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Create a file, or replace all of one that you have read. Missing folders are made. To change part of a file use edit_file.',
  input: z.strictObject({ path: z.string().min(1), content: z.string() }),
  safety: { destructive: false },
  reach: 'named',
  restoresSecrets: true,
  summarize: ({ path }) => ({ title: 'Write', detail: path }),
  assess: ({ path }, around) => assessPaths(around, 'mutating', 'writes a file', [{ path, access: 'write' }]),
  foresee({ content }, [text]) {
    const whole = text === undefined ? null : meantFor(content, text ?? '');
    return whole === null || text === undefined ? undefined : [inItsStyle(whole, text)];
  },
  async preview({ path, content }, context) {
    const target = await look(path, context);
    if (target.current) {
      requireSeen(target.shown, target.current, context);
      if (freshness(target.current, context) === 'stale') refuseStalePreview(target.shown, target.current, context);
    }
    const before = target.current?.text ?? null;
    const whole = meant(target.shown, content, before ?? '');
    const diff = fileDiff({ path: target.path, kind: before === null ? 'create' : 'edit', before, after: inItsStyle(whole, before) });
    return { kind: 'diff', files: [diff] };
  },
  async run({ path, content: written }, context) {
    const { path: full, shown, current } = await look(path, context);
    const content = meant(shown, written, current?.text ?? '');
    if (!current) return result(shown, full, content, await context.ports.documents.create(full, content, context.signal));
    requireSeen(shown, current, context);
    if (freshness(current, context) === 'stale') return refuseStale(shown, current, context);
    const sent = inItsStyle(content, current.text);
    if (sent === current.text) {
      return {
        content: `${shown} holds exactly this already; nothing was written.`,
        summary: 'No change',
        files: { [full]: current.hash },
      };
    }
    const replace = (now: string) => {
      if (sameText(now, current.text)) return sent;
      throw new ToolError(
        `${shown} was changed by somebody else just now; nothing was written.`,
        'Read it again with read_file, then decide what to write.',
      );
    };
    return result(shown, full, sent, await context.ports.documents.edit(full, replace, context.signal));
  },
});

type Target = { readonly path: string; readonly shown: string; readonly current: TextSnapshot | undefined };

async function look(path: string, context: ToolContext): Promise<Target> {
  const { documents } = context.ports;
  const resolved = await documents.resolve(path);
  const stat = await documents.stat(resolved.path);
  if (!stat && /[\\/]$/.test(path)) throw new ToolError(`${path} names a folder.`, 'Give the path of a file in it.');
  const shown = shownPath(resolved.path, documents.roots());
  if (stat?.kind === 'folder') throw new ToolError(`${shown} is a folder.`, 'Give the path of a file in it.');
  if (stat?.kind === 'other') throw new ToolError(`${shown} is a device, pipe or socket, not a file.`, 'Name a regular file.');
  const current = stat ? { ...(await documents.readText(resolved.path, context.signal)), path: resolved.path } : undefined;
  return { path: resolved.path, shown, current };
}

function requireSeen(shown: string, current: TextSnapshot, context: ToolContext): void {
  if (freshness(current, context) !== 'unseen' || current.text === '') return;
  throw new ToolError(
    `${shown} exists already and you have not seen its text, so it was not replaced.`,
    'Read it first with read_file; then use edit_file for a part, or write_file again for the whole.',
  );
}

/** A file keeps the line endings it has, unless the content brings its own. */
function inItsStyle(content: string, before: string | null): string {
  const ending = before === null || content.includes('\r') ? undefined : mainEnding(before);
  const text = ending && ending !== '\n' ? withEnding(content, ending) : content;
  return before?.startsWith('\uFEFF') && !text.startsWith('\uFEFF') ? `\uFEFF${text}` : text;
}

function result(shown: string, path: string, sent: string, change: AppliedChange): ToolOutput {
  const saved = afterSave(sent, change);
  const made = change.kind === 'create';
  const what = made ? `Created ${shown} (${lineCount(sent)}).` : `Replaced the text of ${shown} (${tally(change)}).`;
  return {
    content: what + saved.text,
    summary: made ? `Created, ${lineCount(sent)}` : tally(change),
    ...landed(path, change, saved.known),
  };
}
