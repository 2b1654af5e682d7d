import type { Problem } from '../../protocol/display';
import type { AppliedChange } from '../ports';
import type { DiagnosticsBaseline } from '../ports/language';
import type { Ready } from '../prepare';
import type { RunContext } from '../run-context';

/** Problems shown to the model, at most. */
const MOST = 20;

/** What the problems are before the edits of a batch, or null where nothing can tell. */
export async function problemsBefore(calls: readonly Ready[], run: RunContext): Promise<DiagnosticsBaseline | null> {
  if (!run.ports.diagnostics) return null;
  const paths = calls.flatMap((c) => c.assessment.subjects.flatMap((s) => s.touches.filter((t) => t.access !== 'read').map((t) => t.path)));
  return run.ports.diagnostics.baseline([...new Set(paths)], run.signal);
}

/**
 * Once per batch: waits for the language servers to answer for the edited versions and puts what is new into the
 * result of the batch's last edit [H1]. Gives the problems that the edits brought.
 */
export async function reportProblems(
  baseline: DiagnosticsBaseline | null,
  changes: readonly AppliedChange[],
  callId: string,
  run: RunContext,
): Promise<readonly Problem[]> {
  const { diagnostics } = run.ports;
  if (!diagnostics || !baseline || run.settings.diagnosticsWaitSeconds === 0 || run.signal.aborted) return [];
  const paths = [...new Set(changes.map((c) => c.path))];
  const { cwd } = run.facts();
  const {
    fresh,
    added,
    fixed,
    unchecked = [],
  } = await diagnostics.settled(baseline, paths, run.settings.diagnosticsWaitSeconds * 1000, run.signal);
  const unsettled = fresh || unchecked.length === paths.length ? '' : NOT_SETTLED;
  const unseen =
    unchecked.length === 0
      ? ''
      : `Not checked, no language server looks at them: ${unchecked.map((path) => shorten(path, cwd)).join(', ')}`;
  const text = [unsettled, unseen, describe(added, cwd)].filter(Boolean).join('\n');
  run.emit({ type: 'diagnostics', callId, fresh, added: [...added], fixed, text });
  return added;
}

const NOT_SETTLED =
  'Problems not settled: the language servers had not answered for the edited files. This does not mean that there are none.';

function describe(added: readonly Problem[], cwd: string): string {
  if (added.length === 0) return '';
  const lines = added.slice(0, MOST).map((p) => line(p, cwd));
  if (added.length > MOST) lines.push(`and ${added.length - MOST} more: the diagnostics tool lists them`);
  const head = `${added.length} new ${added.length === 1 ? 'problem' : 'problems'} after these edits:`;
  return [head, ...lines].join('\n');
}

function line(p: Problem, cwd: string): string {
  const origin = [p.source, p.code].filter(Boolean).join(' ');
  return `${shorten(p.path, cwd)}:${p.line}:${p.column} ${p.severity}${origin ? ` [${origin}]` : ''} ${p.message}${p.fix ? ` (quick fix: ${p.fix})` : ''}`;
}

function shorten(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}
