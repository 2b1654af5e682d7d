import { z } from 'zod';
import { ToolError } from '../core/errors';
import { fileDiff } from '../core/text/diff';
import { defineTool, type ToolContext } from '../core/tool';
import { assessPaths, existingFile, shownPath } from './paths';

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Move or rename one file. Imports of it are not changed.',
  input: z.strictObject({ from: z.string().min(1), to: z.string().min(1).describe('new path, with file name') }),
  safety: { destructive: false },
  reach: 'named',
  summarize: ({ from, to }) => ({ title: 'Move', detail: `${from} to ${to}` }),
  assess: ({ from, to }, around) =>
    assessPaths(around, 'mutating', 'moves a file', [
      { path: from, access: 'delete' },
      { path: to, access: 'write' },
    ]),
  foresee: (_input, [text]) => (typeof text === 'string' ? [null, text] : undefined),
  async preview({ from, to }, context) {
    const ends = await look(from, to, context);
    return { kind: 'diff', files: [fileDiff({ path: ends.to, from: ends.from, kind: 'rename', before: null, after: null })] };
  },
  async run({ from, to }, context) {
    const { documents } = context.ports;
    const ends = await look(from, to, context);
    const change = await documents.rename(ends.from, ends.to, context.signal);
    const shown = (path: string) => shownPath(path, documents.roots());
    const known = context.seen(ends.from);
    return {
      content: `Moved ${shown(ends.from)} to ${shown(ends.to)}.`,
      summary: `Moved to ${shown(ends.to)}`,
      display: { kind: 'diff', files: [fileDiff(change)] },
      changes: [change],
      files: { [ends.from]: '', ...(known === undefined ? {} : { [ends.to]: known }) },
    };
  },
});

async function look(from: string, to: string, context: ToolContext): Promise<{ from: string; to: string }> {
  const { documents } = context.ports;
  const source = await existingFile(from, context);
  const target = await documents.resolve(to);
  const stat = await documents.stat(target.path);
  if (target.path === source.path) throw new ToolError('from and to are the same file.', 'Give the new path in to.');
  if (stat?.kind === 'folder')
    throw new ToolError(
      `${to} is a folder.`,
      `Give the whole new path, such as ${to.replace(/[\\/]$/, '')}/${from.split(/[\\/]/).at(-1)}.`,
    );
  // On a file system that ignores case, `a.ts` is already there when it becomes `A.ts`.
  if (stat && target.real !== source.real && target.path.toLowerCase() !== source.path.toLowerCase()) {
    throw new ToolError(`${to} exists already; nothing was moved.`, 'Choose another name, or delete that file first if it is not needed.');
  }
  return { from: source.path, to: target.path };
}
