import type { Decider, Mode, Rule } from '../../protocol/permission';
import type { Documents } from '../ports';
import type { Assessment, Subject } from '../tool';
import { choicesFor } from './choices';
import { homeOf } from './home';
import { judgePart, type PartJudgement } from './judge-part';
import { locate, type Part, shownPath } from './locate';
import { caughtBy, type RuleSet, ruleSet } from './policy-rules';
import type { Policy, Verdict } from './verdict';

export type Call = { readonly tool: string; readonly callId: string; readonly inputHash: string };

/**
 * What the rules say of one call [P3]: deny over ask over allow, the first match decides, specificity counts for nothing,
 * and a call of several parts passes only when every part does.
 */
export async function evaluate(call: Call, assessment: Assessment, policy: Policy, documents: Documents): Promise<Verdict> {
  const [home, ...parts] = await Promise.all([
    homeOf(documents),
    ...subjectsOf(call.tool, assessment).map((subject) => locate(subject, policy, documents)),
  ]);
  const rules = ruleSet(policy, home);
  return denied(call.tool, parts, rules) ?? closedByMode(call.tool, parts, policy) ?? judged(call.tool, parts, policy, rules);
}

/** A call that names no part, or whose parts look milder than the call itself, is judged by the call. */
function subjectsOf(tool: string, { class: effect, subjects }: Assessment): readonly Subject[] {
  if (subjects.length === 0) return [{ text: '', class: effect, why: tool, touches: [], opaque: tool === 'shell' ? true : undefined }];
  if (effect === 'read_only' || subjects.some((subject) => subject.class !== 'read_only')) return subjects;
  return subjects.map((subject) => ({ ...subject, class: effect }));
}

function denied(tool: string, parts: readonly Part[], rules: RuleSet): Verdict | undefined {
  for (const part of parts) {
    const caught = caughtBy(rules.deny, tool, part, rules.scope);
    if (caught) {
      const named = part.subject.text ? ` It catches: ${part.subject.text}` : '';
      return { verdict: 'deny', by: { kind: 'rule', rule: caught.rule }, reason: `The rule ${caught.rule.rule} denies this.${named}` };
    }
  }
  for (const place of parts.flatMap((part) => part.places)) {
    if (place.guard?.effect === 'deny') return byPolicy('plumb_state', `${place.guard.why}: ${shownPath(place)}`);
  }
  return undefined;
}

/** What a folder without trust and plan mode refuse, however it is asked. */
function closedByMode(tool: string, parts: readonly Part[], policy: Policy): Verdict | undefined {
  const changes = parts.some((part) => part.subject.class !== 'read_only');
  if (!policy.trusted && (changes || tool === 'shell')) {
    return byPolicy(
      'untrusted_folder',
      'This folder is not trusted, so only reading tools work and no command runs. The user can trust it with the command Workspaces: Manage Workspace Trust.',
    );
  }
  if (policy.mode === 'plan' && changes) {
    return {
      verdict: 'deny',
      by: { kind: 'mode', mode: 'plan' },
      reason:
        'Plan mode is on: only calls that read may run, and this one could change something. Go on with reading, then present the plan; the user leaves plan mode when they want it carried out.',
    };
  }
  return undefined;
}

function judged(tool: string, parts: readonly Part[], policy: Policy, rules: RuleSet): Verdict {
  const judgements = parts.map((part) => judgePart(tool, part, policy, rules));
  const asks = judgements.filter((judgement) => judgement.kind === 'ask');
  if (asks.length === 0) return passed(judgements, policy.mode);
  const { why, risk, rule } = worst(asks);
  const more = new Set(asks.map((ask) => ask.why)).size - 1;
  return {
    verdict: 'ask',
    why: more > 0 ? `${why} (and ${more} more reason${more > 1 ? 's' : ''}, at the parts)` : why,
    risk,
    ...(rule ? { rule } : {}),
    parts: judgements.map((judgement) => ({
      text: judgement.part.subject.text,
      class: judgement.part.subject.class,
      why: judgement.kind === 'ask' ? judgement.why : judgement.part.subject.why,
      allowed: judgement.kind === 'pass',
    })),
    touches: [...new Set(parts.flatMap((part) => part.places.map(shownPath)))],
    choices: choicesFor(tool, asks, policy),
  };
}

function passed(judgements: readonly PartJudgement[], mode: Mode): Verdict {
  const passes = judgements.flatMap((judgement) => (judgement.kind === 'pass' ? [judgement.by] : []));
  const by: Decider = passes.find((p) => p.kind === 'rule') ??
    passes.find((p) => p.kind === 'mode') ?? { kind: 'class', class: 'read_only' };
  const byMode = passes.some((p) => p.kind === 'mode') ? { byMode: true as const } : {};
  return { verdict: 'allow', by, reason: reasonFor(by, mode), ...byMode };
}

function reasonFor(by: Decider, mode: Mode): string {
  if (by.kind === 'rule') return `The rule ${by.rule.rule} allows it.`;
  if (by.kind === 'mode') return `${mode === 'auto' ? 'Auto' : 'Edit'} mode allows it.`;
  return 'It only reads, and inside the workspace.';
}

const RANK = { low: 0, medium: 1, high: 2 } as const;
function worst(asks: readonly Extract<PartJudgement, { kind: 'ask' }>[]): Extract<PartJudgement, { kind: 'ask' }> {
  const [first, ...rest] = asks;
  if (!first) throw new Error('worst() needs at least one ask');
  return rest.reduce((top, ask) => (RANK[ask.risk] > RANK[top.risk] ? ask : top), first);
}

function byPolicy(rule: string, reason: string): Verdict {
  const policyRule: Rule = { effect: 'deny', rule, source: 'policy' };
  return { verdict: 'deny', by: { kind: 'rule', rule: policyRule }, reason };
}
