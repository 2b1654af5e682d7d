import { z } from 'zod';
import { ToolError } from '../core/errors';
import { below } from '../core/permission/paths';
import { count } from '../core/text/lines';
import { defineTool } from '../core/tool';
import type { Problem } from '../protocol/display';
import { assessPaths, shownPath } from './paths';

const LIMIT = 100;
const RANK: Readonly<Record<Problem['severity'], number>> = { error: 0, warning: 1, info: 2, hint: 3 };

export const diagnostics = defineTool({
  name: 'diagnostics',
  description: 'Problems that the language servers report now, worst first. New ones come with the result of your edits by themselves.',
  input: z.strictObject({ path: z.string().optional().describe('file or folder, default all') }),
  safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
  available: (ports) => (ports.diagnostics ? true : 'this host runs no language servers'),
  summarize: ({ path }) => ({ title: 'Problems', detail: path ?? 'all files' }),
  assess: ({ path }, around) => assessPaths(around, 'read_only', 'reads problems', [{ path: path || around.facts.cwd, access: 'read' }]),
  async run({ path }, { ports }) {
    if (!ports.diagnostics) throw new ToolError('No language servers run here.', 'Run the project’s own checks instead.');
    const roots = ports.documents.roots();
    const target = path ? (await ports.documents.resolve(path)).path : undefined;
    const stat = target === undefined ? undefined : await ports.documents.stat(target);
    if (target !== undefined && !stat)
      throw new ToolError(`${path} does not exist.`, 'Give an existing file or folder, or leave path out.');
    const wanted = target !== undefined && stat?.kind === 'file' ? [target] : undefined;
    const reported = await ports.diagnostics.current(wanted);
    const problems = reported
      .filter((p) => target === undefined || below(p.path, target) !== undefined)
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.path.localeCompare(b.path) || a.line - b.line);
    if (problems.length === 0) {
      const where = target === undefined ? '' : ` in ${shownPath(target, roots)}`;
      return {
        content: `No problems are reported${where}. Language servers report only on what they have looked at; a build or test run tells more.`,
        summary: 'No problems reported',
      };
    }
    const shown = problems.slice(0, LIMIT);
    const more = problems.length > LIMIT ? `\n[${problems.length - LIMIT} more; give a path to narrow it.]` : '';
    return {
      content: `${shown.map((p) => describeProblem(p, roots)).join('\n')}${more}`,
      summary: tally(problems),
      display: { kind: 'problems', problems: shown },
    };
  },
});

/** `src/a.ts:3:7 error [ts 2304] Cannot find name 'x'. (quick fix: Import 'x')`, as after an edit. */
function describeProblem(problem: Problem, roots: readonly string[]): string {
  const { path, line, column, severity, message, fix } = problem;
  const origin = [problem.source, problem.code].filter(Boolean).join(' ');
  const text = message.replace(/\s*\n\s*/g, ' ');
  return `${shownPath(path, roots)}:${line}:${column} ${severity}${origin ? ` [${origin}]` : ''} ${text}${fix ? ` (quick fix: ${fix})` : ''}`;
}

function tally(problems: readonly Problem[]): string {
  const of = (severity: Problem['severity']) => problems.filter((p) => p.severity === severity).length;
  const parts = [
    [of('error'), 'error', 'errors'],
    [of('warning'), 'warning', 'warnings'],
    [of('info') + of('hint'), 'hint', 'hints'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, one, many]) => count(n, one, many))
    .join(', ');
}
