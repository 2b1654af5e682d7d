import { z } from 'zod';
import { defineTool } from '../core/tool';
import { assessPaths, existingFolder, shownPath } from './paths';

const LIMIT = 200;

export const glob = defineTool({
  name: 'glob',
  description: 'Find files by name, newest first, such as "**/*.test.ts" or "src/{a,b}/*". Ignored files are left out.',
  input: z.strictObject({ pattern: z.string().min(1), path: z.string().optional().describe('folder, default the workspace') }),
  safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
  summarize: ({ pattern, path }) => ({ title: 'Find', detail: path ? `${pattern} in ${path}` : pattern }),
  assess: ({ path }, around) => assessPaths(around, 'read_only', 'lists files', [{ path: path || around.facts.cwd, access: 'read' }]),
  async run({ pattern, path }, context) {
    const { documents, search } = context.ports;
    const roots = documents.roots();
    const folders = path || roots.length < 2 ? [(await existingFolder(path, context)).path] : roots;
    const paths: string[] = [];
    let more = false;
    for (const folder of folders) {
      const found = await search.glob(pattern, folder, LIMIT - paths.length, context.signal);
      paths.push(...found.paths);
      more ||= found.more;
      if (paths.length >= LIMIT) break;
    }
    if (paths.length === 0) {
      const literal = pattern.replace(/(?<!\\)[[\]]/g, '\\$&');
      const brackets =
        literal === pattern ? '' : ` Brackets stand for one of the characters in them; for a name that has brackets use "${literal}".`;
      return {
        content: `No file matches ${pattern} in ${folders.map((f) => (f === roots[0] ? 'the workspace folder' : shownPath(f, roots))).join(', ')}.${brackets}`,
        summary: 'No files',
      };
    }
    const note = more ? `\n[Only the first ${paths.length} are shown; there are more. Narrow the pattern or give a path.]` : '';
    return {
      content: paths.map((p) => shownPath(p, roots)).join('\n') + note,
      summary: `${paths.length}${more ? '+' : ''} ${paths.length === 1 ? 'file' : 'files'}`,
      display: { kind: 'places', places: paths.map((p) => ({ path: p, line: 1 })), total: paths.length },
    };
  },
});
