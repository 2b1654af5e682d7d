import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ToolError } from '../core/errors';
import { evaluate } from '../core/permission/evaluate';
import { locate, type Part, type Place } from '../core/permission/locate';
import type { Policy, Verdict } from '../core/permission/verdict';
import type { Judging, Tool } from '../core/tool';
import { createAssets } from '../node/assets';
import { sha256 } from '../node/hash';
import { createSearch } from '../node/search';
import { createShell } from '../node/shell';
import { type Decider, type Rule, zMode } from '../protocol/permission';
import { allTools } from '../tools/index';
import type { ExplainArgs } from './args';
import { answerLines, zLineId } from './json-lines';
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

type Setting = {
  readonly tools: readonly Tool[];
  readonly rules: readonly Rule[];
  readonly mode: Policy['mode'];
  readonly judging: Pick<Judging['ports'], 'asset' | 'search'>;
  readonly standpointOf: ReturnType<typeof createStandpoints>;
};

/** Says of each call on `input` what the permission rules would answer, and why. Runs nothing. */
export async function explain(args: ExplainArgs, input: Readable, out: (text: string) => void): Promise<number> {
  const { settings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const shell = createShell({ setting: settings.shellPath });
  const setting: Setting = {
    tools: allTools({ kind: shell.kind, programs: [] }),
    rules: rulesOf(settings, args).current(),
    mode: args.mode ?? settings.mode,
    judging: {
      asset: createAssets([dirname(fileURLToPath(import.meta.url))]),
      search: createSearch({ setting: settings.ripgrepPath }),
    },
    standpointOf: createStandpoints(),
  };
  await answerLines(input, (given) => explainLine(zLine.parse(given), setting), out);
  await shell.dispose();
  return 0;
}

async function explainLine(line: Line, setting: Setting): Promise<Readonly<Record<string, unknown>>> {
  const { cwd, roots, documents } = setting.standpointOf(line.cwd, line.roots, false);
  const mode = line.mode ?? setting.mode;
  const policy: Policy = { mode, rules: setting.rules, trusted: true, roots, readable: [] };
  const judging: Judging = { ports: { ...setting.judging, documents }, facts: { cwd, roots, trusted: true, mode } };
  try {
    const { tool, call } = parsed(line, setting.tools);
    const assessment = await call.assess(judging);
    const verdict = await evaluate(
      { tool: tool.name, callId: 'explain', inputHash: sha256(JSON.stringify(call.input)) },
      assessment,
      policy,
      documents,
    );
    const parts = await Promise.all(assessment.subjects.map((subject) => locate(subject, policy, documents)));
    return { class: assessment.class, verdict: verdict.verdict, ...whereOf(parts, cwd), rule: ruleOf(verdict), why: whyOf(verdict) };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    // Such a call ends before anybody is asked: it never runs.
    return { class: null, verdict: 'deny', containment: 'outside', target: null, rule: 'invalid_call', why: error.message };
  }
}

/** The call that is meant: one that stands for another is judged as that one. */
function parsed(line: Pick<Line, 'tool' | 'input'>, tools: readonly Tool[]): { tool: Tool; call: ReturnType<Tool['parse']> } {
  const tool = tools.find(({ name }) => name === line.tool);
  if (!tool)
    throw new Error(
      `There is no tool called ${line.tool}. The tools are: ${tools
        .map(({ name }) => name)
        .sort()
        .join(', ')}.`,
    );
  const call = tool.parse(line.input);
  const other = call.standsFor();
  return other ? parsed({ tool: other.name, input: other.input }, tools) : { tool, call };
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

function ruleOf(verdict: Verdict): string | null {
  if (verdict.verdict === 'ask') return verdict.rule?.rule ?? null;
  return deciderName(verdict.by);
}

function deciderName(by: Decider): string {
  switch (by.kind) {
    case 'rule':
      return by.rule.rule;
    case 'mode':
      return `mode:${by.mode}`;
    case 'class':
      return `class:${by.class}`;
    case 'user':
    case 'nobody':
    case 'cancel':
      return by.kind;
    default:
      return by satisfies never;
  }
}

function whyOf(verdict: Verdict): string {
  return verdict.verdict === 'ask' ? verdict.why : verdict.reason;
}
