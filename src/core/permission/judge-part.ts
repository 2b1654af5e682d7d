import type { Decider, Rule } from '../../protocol/permission';
import { type Part, shownPath } from './locate';
import { caughtBy, hasNarrowRules, openedBy, type RuleSet } from './policy-rules';
import { toolMatches } from './rules';
import type { Policy } from './verdict';

export type PartJudgement =
  | { readonly kind: 'pass'; readonly part: Part; readonly by: Decider }
  | {
      readonly kind: 'ask';
      readonly part: Part;
      readonly why: string;
      readonly risk: 'low' | 'medium' | 'high';
      /** No rule may be saved for it: nothing that a rule says would open it. */
      readonly fixed: boolean;
      readonly rule?: Rule;
    };
type Ask = Omit<Extract<PartJudgement, { kind: 'ask' }>, 'kind' | 'part'>;

/** One part: what nothing opens, then ask rules, then allow rules, then what its class and the mode let through. */
export function judgePart(tool: string, part: Part, policy: Policy, rules: RuleSet): PartJudgement {
  const forced = alwaysAsks(tool, part, rules) ?? askedByRule(tool, part, rules);
  if (forced) return { kind: 'ask', part, ...forced };
  const opened = openedBy(rules.allow, tool, part, rules.scope);
  if (opened) return { kind: 'pass', part, by: { kind: 'rule', rule: opened.rule } };
  const asked = byClassAndMode(tool, part, policy);
  return 'kind' in asked ? { kind: 'pass', part, by: asked } : { kind: 'ask', part, ...asked };
}

/** Critical commands, protected paths and what could not be read: no mode lifts these. */
function alwaysAsks(tool: string, part: Part, rules: RuleSet): Ask | undefined {
  const { subject, places } = part;
  if (subject.critical) return { why: subject.critical, risk: 'high', fixed: true };
  const guarded = places.find((place) => place.guard?.effect === 'ask');
  if (guarded) return { why: `It changes ${shownPath(guarded)}, a protected path: ${guarded.guard?.why}.`, risk: 'high', fixed: true };
  const unread = places.find((place) => place.problem !== undefined);
  if (unread) return { why: unread.problem ?? '', risk: 'high', fixed: true };
  if (!subject.opaque) return undefined;
  const opened = openedBy(rules.allow, tool, part, rules.scope);
  if (opened && !hasNarrowRules(rules, tool)) return undefined;
  const destructive = subject.class === 'destructive';
  return { why: subject.why, risk: destructive ? 'high' : 'medium', fixed: true };
}

function askedByRule(tool: string, part: Part, rules: RuleSet): Ask | undefined {
  const risk = part.subject.class === 'destructive' ? 'high' : 'medium';
  const caught = caughtBy(rules.ask, tool, part, rules.scope);
  if (caught) return { why: `The rule ${caught.rule.rule} says to ask.`, risk, fixed: true, rule: caught.rule };
  const broken = rules.broken.find(({ bad }) => (bad.tool ? toolMatches(bad.tool, tool) : part.subject.class !== 'read_only'));
  if (!broken) return undefined;
  return {
    why: `The ${broken.rule.effect} rule ${broken.rule.rule} cannot be read (${broken.bad.problem}), so this is asked.`,
    risk,
    fixed: true,
    rule: broken.rule,
  };
}

/** The decider that lets it pass, or why it asks. */
function byClassAndMode(tool: string, part: Part, policy: Policy): Decider | Ask {
  const { subject, places } = part;
  if (subject.class === 'destructive') return { why: subject.why, risk: 'high', fixed: false };
  if (subject.elevated) return { why: subject.why, risk: 'high', fixed: false };
  const outside = places.find((place) => !place.inside);
  if (outside) return elsewhere(shownPath(outside), outside.touch.access);
  const secret = places.find((place) => place.secret !== undefined);
  if (secret) return { why: `It reads ${shownPath(secret)}: ${secret.secret}.`, risk: 'medium', fixed: false };
  if (subject.class === 'read_only') return { kind: 'class', class: 'read_only' };
  const { mode, paused } = policy;
  const isEdit = places.length > 0 && (tool !== 'shell' || isRedirect(subject.text));
  const passes = isEdit ? mode === 'edit' || mode === 'auto' : tool === 'shell' && mode === 'auto';
  if (passes && paused === undefined) return { kind: 'mode', mode };
  if (passes) return { why: `Auto mode is paused, for ${paused}. ${subject.why}`, risk: isEdit ? 'low' : 'medium', fixed: false };
  return { why: subject.why, risk: isEdit ? 'low' : 'medium', fixed: false };
}

function elsewhere(path: string, access: 'read' | 'write' | 'delete'): Ask {
  if (access === 'read') return { why: `It reads ${path}, which lies outside the workspace.`, risk: 'low', fixed: false };
  const verb = access === 'write' ? 'changes' : 'deletes';
  return { why: `It ${verb} ${path}, which lies outside the workspace.`, risk: 'high', fixed: false };
}

/** A redirection of a command is a part of its own, written as in the line: `> out.txt`. It counts as an edit of that file. */
function isRedirect(text: string): boolean {
  return /^(?:[0-2&])?>{1,2} /.test(text);
}
