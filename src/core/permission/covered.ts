import type { Ready } from '../prepare';
import type { RunContext } from '../run-context';
import type { Verdict } from './verdict';

/**
 * Why the agent's own credential does not cover a call that the rules would let pass or ask about [I4]; null when it does.
 * Whoever is asked, or wrote the rule, gives their word to that very call: it may then reach out of the agent's folders.
 */
export async function notCovered(ready: Ready, verdict: Verdict, run: RunContext): Promise<string | null> {
  if (verdict.verdict === 'deny') return null;
  const { documents } = run.ports;
  const { roots, mode } = run.facts();
  const onWord = verdict.verdict === 'ask' || verdict.by.kind === 'rule';
  const written = onWord ? [] : ready.assessment.subjects.flatMap((s) => s.touches.filter((t) => t.access !== 'read').map((t) => t.path));
  const real = async (path: string) => (await documents.resolve(path)).real;
  const [writes, folders] = await Promise.all([Promise.all(written.map(real)), Promise.all(written.length > 0 ? roots.map(real) : [])]);
  const refused = await run.refusal({ tool: ready.tool.name, mode, writes, onWord }, folders);
  return refused && `The credential of this agent does not cover this call: ${refused}.`;
}
