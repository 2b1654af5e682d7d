import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { ToolError } from '../core/errors';
import { locate, type Part, type Place } from '../core/permission/locate';
import type { Policy } from '../core/permission/verdict';
import { zMode } from '../protocol/permission';
import type { ExplainArgs } from './args';
import { answerLines, zLineId } from './json-lines';
import { createJudge, ruleOf, whyOf } from './judge-call';
import { createStandpoints } from './judged-folders';
import { readSettings, rulesOf } from './settings';

const zLine = z.object({
  id: zLineId,
  tool: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  cwd: z.string().min(1).optional(),
  roots: z.array(z.string().min(1)).min(1).optional(),
  mode: zMode.optional(),
});
type Line = z.infer<typeof zLine>;

/** Says of each call on `input` what the permission rules would answer, and why. Runs nothing. */
export async function explain(args: ExplainArgs, input: Readable, out: (text: string) => void): Promise<number> {
  const { settings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const judge = createJudge(settings);
  const rules = rulesOf(settings, args).current();
  const standpointOf = createStandpoints();

  const answer = async (line: Line): Promise<Readonly<Record<string, unknown>>> => {
    const { cwd, roots, documents } = standpointOf(line.cwd, line.roots, false);
    const policy: Policy = { mode: line.mode ?? args.mode ?? settings.mode, rules, trusted: true, roots, readable: [] };
    try {
      const { assessment, verdict } = await judge.judge(line, policy, { cwd, documents });
      const parts = await Promise.all(assessment.subjects.map((subject) => locate(subject, policy, documents)));
      return { class: assessment.class, verdict: verdict.verdict, ...whereOf(parts, cwd), rule: ruleOf(verdict), why: whyOf(verdict) };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      // Such a call ends before anybody is asked: it never runs.
      return { class: null, verdict: 'deny', containment: 'outside', target: null, rule: 'invalid_call', why: error.message };
    }
  };
  await answerLines(input, (given) => answer(zLine.parse(given)), out);
  await judge.close();
  return 0;
}

type Where = { readonly containment: 'inside' | 'outside' | 'protected'; readonly target: string | null };

/** Where the call reaches: the place that weighs most, links followed; without a path, its folder. */
function whereOf(parts: readonly Part[], cwd: string): Where {
  const places = parts.flatMap((part) => part.places);
  const guarded = places.find((place) => place.guard !== undefined || place.secret !== undefined);
  if (guarded) return { containment: 'protected', target: guarded.real };
  const outside = places.find((place) => !place.inside);
  if (outside) return { containment: 'outside', target: outside.real };
  return { containment: 'inside', target: lastWritten(places)?.real ?? places[0]?.real ?? cwd };
}

function lastWritten(places: readonly Place[]): Place | undefined {
  return places.find(({ touch }) => touch.access !== 'read');
}
