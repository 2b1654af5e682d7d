import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deciderName } from '../core/permission/audit';
import { evaluate } from '../core/permission/evaluate';
import type { Policy, Verdict } from '../core/permission/verdict';
import type { Documents } from '../core/ports';
import type { Assessment, Judging, Tool } from '../core/tool';
import { createAssets } from '../node/assets';
import { sha256 } from '../node/hash';
import { createSearch } from '../node/search';
import { createShell } from '../node/shell';
import type { Settings } from '../protocol/settings';
import { allTools } from '../tools/index';

/** A call as the model writes it. */
export type WrittenCall = { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };
/** Where it would run. */
export type Place = { readonly cwd: string; readonly documents: Documents };
export type Judged = { readonly tool: string; readonly assessment: Assessment; readonly verdict: Verdict; readonly input: unknown };

/** Says what the rules would answer to calls of Plumb's own tools. Runs nothing. */
export type Judge = {
  /** @throws ToolError when the call could not run at all; Error when there is no such tool. */
  judge(call: WrittenCall, policy: Policy, place: Place): Promise<Judged>;
  close(): Promise<void>;
};

/** A judge with the tools and the shell that these settings give. */
export function createJudge(settings: Settings): Judge {
  const shell = createShell({ setting: settings.shellPath });
  const tools = allTools({ kind: shell.kind, programs: [] });
  const ports: Pick<Judging['ports'], 'asset' | 'search'> = {
    asset: createAssets([dirname(fileURLToPath(import.meta.url))]),
    search: createSearch({ setting: settings.ripgrepPath }),
  };
  return {
    async judge(written, policy, { cwd, documents }) {
      const { tool, call } = parsed(written, tools);
      const { roots, trusted, mode } = policy;
      const assessment = await call.assess({ ports: { ...ports, documents }, facts: { cwd, roots, trusted, mode } });
      const asked = { tool: tool.name, callId: 'judged', inputHash: sha256(JSON.stringify(call.input)) };
      return { tool: tool.name, assessment, verdict: await evaluate(asked, assessment, policy, documents), input: call.input };
    },
    close: () => shell.dispose(),
  };
}

/** The call that is meant: one that stands for another is judged as that one. */
function parsed(written: WrittenCall, tools: readonly Tool[]): { tool: Tool; call: ReturnType<Tool['parse']> } {
  const tool = tools.find(({ name }) => name === written.tool);
  if (!tool)
    throw new Error(
      `There is no tool called ${written.tool}. The tools are: ${tools
        .map(({ name }) => name)
        .sort()
        .join(', ')}.`,
    );
  const call = tool.parse(written.input);
  const other = call.standsFor();
  return other ? parsed({ tool: other.name, input: other.input }, tools) : { tool, call };
}

/** The rule that a verdict rests on, or what else it does; null when nothing said anything. */
export function ruleOf(verdict: Verdict): string | null {
  if (verdict.verdict === 'ask') return verdict.rule?.rule ?? null;
  return deciderName(verdict.by);
}

/** Why, in plain words. */
export function whyOf(verdict: Verdict): string {
  return verdict.verdict === 'ask' ? verdict.why : verdict.reason;
}
