import { z } from 'zod';
import { ToolError } from '../core/errors';
import { fileDiff } from '../core/text/diff';
import { defineTool, type Judging, type ToolContext } from '../core/tool';
import { freshness, lineCount, refuseStale } from './landing';
import { assessPaths, existingFile, shownPath } from './paths';

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Delete one file. The user can bring a text file back in review.',
  input: z.strictObject({ path: z.string().min(1) }),
  reach: 'named',
  summarize: ({ path }) => ({ title: 'Delete', detail: path }),
  async assess({ path }, around) {
    const resolved = await around.ports.documents.resolve(path);
    const text = await textOf(resolved.path, around.ports, new AbortController().signal);
    const touches = [{ path, access: 'delete' as const }];
    if (text === undefined) return assessPaths(around, 'destructive', 'deletes a file whose content cannot be brought back', touches);
    return { ...(await assessPaths(around, 'mutating', 'deletes a file', touches)), safety: { destructive: false } };
  },
  foresee: () => [null],
  async preview({ path }, context) {
    const { full } = await look(path, context);
    const before = await textOf(full, context.ports, context.signal);
    return before === undefined ? undefined : { kind: 'diff', files: [fileDiff({ path: full, kind: 'delete', before, after: null })] };
  },
  async run({ path }, context) {
    const { full, shown } = await look(path, context);
    const text = await textOf(full, context.ports, context.signal);
    if (text !== undefined) {
      const current = { ...(await context.ports.documents.readText(full, context.signal)), path: full };
      if (freshness(current, context) === 'stale') return refuseStale(shown, current, context);
    }
    const change = await context.ports.documents.remove(full, context.signal);
    return {
      content: `Deleted ${shown}.`,
      summary: change.before === null ? 'Deleted' : `Deleted, ${lineCount(change.before)}`,
      display: { kind: 'diff', files: [fileDiff(change)] },
      changes: [change],
      files: { [full]: '' },
    };
  },
});

async function look(path: string, context: ToolContext): Promise<{ full: string; shown: string }> {
  const { documents } = context.ports;
  const resolved = await documents.resolve(path);
  const stat = await documents.stat(resolved.path);
  if (stat?.kind === 'folder') {
    throw new ToolError(
      `${path} is a folder; only single files are deleted this way.`,
      'Delete its files one by one, or use a command for the folder.',
    );
  }
  const { path: full } = await existingFile(path, context);
  return { full, shown: shownPath(full, documents.roots()) };
}

/** The text that review could restore; undefined when the file holds none. */
async function textOf(path: string, ports: Judging['ports'], signal: AbortSignal): Promise<string | undefined> {
  if ((await ports.documents.stat(path))?.kind !== 'file') return undefined;
  try {
    return (await ports.documents.readText(path, signal)).text;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
