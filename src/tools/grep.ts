import { z } from 'zod';
import { ToolError } from '../core/errors';
import { guardRead } from '../core/permission/protected';
import type { GrepLine } from '../core/ports/search';
import { clipLine, count } from '../core/text/lines';
import { defineTool, type ToolContext } from '../core/tool';
import { assessPaths, shownPath } from './paths';

const LIMIT = 100;
const MAX_LINE = 400;

export const grep = defineTool({
  name: 'grep',
  description: "Search file contents with a regular expression (ripgrep's syntax). Ignored and binary files are left out.",
  input: z.strictObject({
    pattern: z.string().min(1),
    path: z.string().optional().describe('file or folder, default the workspace'),
    glob: z.string().optional().describe('only these files, such as "*.ts"'),
    ignore_case: z.boolean().optional(),
    literal: z.boolean().optional().describe('pattern is plain text'),
    multiline: z.boolean().optional().describe('let a match span lines'),
    context: z.number().int().min(0).max(50).optional().describe('lines around each match'),
    limit: z.number().int().min(1).max(2000).optional().describe(`matching lines, default ${LIMIT}`),
  }),
  safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
  summarize: ({ pattern, path, glob }) => ({
    title: 'Search',
    detail: [pattern, path && `in ${path}`, glob && `(${glob})`].filter(Boolean).join(' '),
  }),
  assess: ({ path }, around) => assessPaths(around, 'read_only', 'searches files', [{ path: path || around.facts.cwd, access: 'read' }]),
  async run(input, context) {
    const roots = context.ports.documents.roots();
    const lines: GrepLine[] = [];
    const secret = new Set<string>();
    const limit = input.limit ?? LIMIT;
    let more = false;
    for (const path of await searched(input.path, context)) {
      const left = limit - lines.filter((line) => line.match).length;
      if (left <= 0) {
        more = true;
        break;
      }
      const query = {
        pattern: input.pattern,
        path,
        glob: input.glob,
        ignoreCase: input.ignore_case ?? false,
        literal: input.literal ?? false,
        multiline: input.multiline ?? false,
        before: input.context ?? 0,
        after: input.context ?? 0,
        limit: left,
      };
      const found = await context.ports.search.grep(query, context.signal);
      for (const line of found.lines) {
        // Reading such a file is asked for; finding it on the way must not be a way around that. Named, it was asked for.
        if (line.path !== path && guardRead(line.path) !== undefined) secret.add(shownPath(line.path, roots));
        else lines.push(line);
      }
      more ||= found.more;
    }
    const hidden =
      secret.size > 0
        ? `\n[Matches in ${[...secret].join(', ')} are not shown: these look like files of secrets. Name one as path to search it.]`
        : '';
    const matches = lines.filter((line) => line.match);
    if (matches.length === 0) return { content: `No matches.${hint(input)}${hidden}`, summary: 'No matches' };
    const files = new Set(matches.map((line) => line.path)).size;
    const tally = `${count(matches.length, 'match', 'matches')} in ${count(files, 'file')}`;
    const note = more ? `[The first ${tally}; there are more. Narrow the search or raise limit.]` : `[${tally}]`;
    return {
      content: `${grouped(lines, roots)}\n\n${note}${hidden}`,
      summary: more ? `${tally}, and more` : tally,
      display: {
        kind: 'places',
        places: matches.map(({ path, line, text }) => ({ path, line, text: clipLine(text.trim(), 200) })),
        total: matches.length,
      },
    };
  },
});

async function searched(path: string | undefined, context: ToolContext): Promise<readonly string[]> {
  const { documents } = context.ports;
  if (!path && documents.roots().length > 0) return documents.roots();
  const resolved = await documents.resolve(path || context.facts.cwd);
  if (!(await documents.stat(resolved.path))) {
    throw new ToolError(`${path} does not exist.`, 'Give an existing file or folder, or leave path out to search the workspace.');
  }
  return [resolved.path];
}

/** Each file once, its lines below as `12:text`, context as `12-text`, a gap as `--`. */
function grouped(lines: readonly GrepLine[], roots: readonly string[]): string {
  const out: string[] = [];
  let last: GrepLine | undefined;
  for (const line of lines) {
    if (line.path !== last?.path) out.push(...(last ? [''] : []), shownPath(line.path, roots));
    else if (line.line > last.line + 1 && lines.some((other) => !other.match)) out.push('--');
    out.push(`${line.line}${line.match ? ':' : '-'}${clipLine(line.text, MAX_LINE)}`);
    last = line;
  }
  return out.join('\n');
}

type Input = { readonly pattern: string; readonly literal?: boolean; readonly ignore_case?: boolean; readonly glob?: string };

function hint({ pattern, literal, ignore_case, glob }: Input): string {
  const ideas: string[] = [];
  if (!literal && /[()[\]{}.*+?|^$\\]/.test(pattern)) ideas.push('set literal: true if pattern is plain text');
  if (!ignore_case) ideas.push('ignore_case: true');
  if (glob) ideas.push('another glob');
  return ideas.length > 0 ? ` You could try: ${ideas.join('; ')}.` : '';
}
