import { evaluate } from '../../../../src/core/permission/evaluate';
import type { Policy, Verdict } from '../../../../src/core/permission/verdict';
import type { Documents } from '../../../../src/core/ports';
import { type Assessment, FAIL_CLOSED, type Subject, type Touch } from '../../../../src/core/tool';
import type { EffectClass, Mode, Rule, RuleSource } from '../../../../src/protocol/permission';
import { assess, documents, ROOT } from '../../tools/shell/scene';

/** `allow shell(npm test *)`, `deny edit_file(src/**) workspace`: a rule as a line, from the user unless another source ends it. */
export function rule(line: string): Rule {
  const match = /^(allow|ask|deny) (.*?)(?: @(policy|user|workspace|session|flag))?$/.exec(line);
  if (!match) throw new Error(`Not a rule: ${line}`);
  return { effect: match[1] as Rule['effect'], rule: match[2] ?? '', source: (match[3] as RuleSource | undefined) ?? 'user' };
}

export function policy(mode: Mode, rules: readonly string[] = [], more: Partial<Policy> = {}): Policy {
  return { mode, rules: rules.map(rule), trusted: true, roots: [ROOT], readable: [], ...more };
}

export async function shell(line: string, under: Policy, docs: Documents = documents): Promise<Verdict> {
  const assessment = { ...(await assess(line, 'bash', docs)), safety: FAIL_CLOSED };
  return evaluate({ tool: 'shell', callId: 'c', inputHash: 'h' }, assessment, under, docs);
}

function fileCall(effect: EffectClass, path: string, access: Touch['access'], more: Partial<Subject> = {}): Assessment {
  return {
    class: effect,
    subjects: [{ text: path, class: effect, why: `Changes ${path}.`, touches: [{ path, access }], ...more }],
    safety: FAIL_CLOSED,
  };
}

export function file(tool: string, path: string, under: Policy, docs: Documents = documents): Promise<Verdict> {
  const access = tool === 'read_file' ? 'read' : tool === 'delete_file' ? 'delete' : 'write';
  const effect = access === 'read' ? 'read_only' : access === 'delete' ? 'destructive' : 'mutating';
  return evaluate({ tool, callId: 'c', inputHash: 'h' }, fileCall(effect, path, access), under, docs);
}

/** The verdict and, for an ask, its first reason. */
export async function said(verdict: Promise<Verdict>): Promise<string> {
  return (await verdict).verdict;
}
