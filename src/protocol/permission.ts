import { z } from 'zod';

/** What a call does to the world, judged from its tool and its input. */
export const zEffectClass = z.enum(['read_only', 'mutating', 'destructive']);
export type EffectClass = z.infer<typeof zEffectClass>;

export const zMode = z.enum(['plan', 'ask', 'edit', 'auto']);
export type Mode = z.infer<typeof zMode>;

/** Where a rule stands, from the most to the least lasting. `policy` rules are built in and no rule opens them. */
export const zRuleSource = z.enum(['policy', 'user', 'workspace', 'session', 'flag']);
export type RuleSource = z.infer<typeof zRuleSource>;

export const zRule = z.object({
  effect: z.enum(['allow', 'ask', 'deny']),
  /** Written `tool` or `tool(pattern)`, such as `shell(npm test *)`. */
  rule: z.string(),
  source: zRuleSource,
});
export type Rule = z.infer<typeof zRule>;

/** One simple command of a compound line, or one file of a change. */
export const zAskPart = z.object({ text: z.string(), class: zEffectClass, why: z.string(), allowed: z.boolean() });
export type AskPart = z.infer<typeof zAskPart>;

export const zChoice = z.object({
  id: z.enum(['once', 'session', 'rule', 'deny']),
  /** For `session` and `rule`: exactly the rules that choosing this would save. */
  rules: z.array(z.string()),
});
export type Choice = z.infer<typeof zChoice>;

export const zDecider = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('class'), class: zEffectClass }),
  z.object({ kind: z.literal('mode'), mode: zMode }),
  z.object({ kind: z.literal('rule'), rule: zRule }),
  z.object({ kind: z.literal('user'), choice: zChoice.shape.id }),
  z.object({ kind: z.literal('nobody') }),
  z.object({ kind: z.literal('cancel') }),
]);
export type Decider = z.infer<typeof zDecider>;

/** The record of one decision: what was decided, about exactly which input, by whom and why [P4]. */
export const zDecision = z.object({
  callId: z.string(),
  askId: z.string().optional(),
  tool: z.string(),
  inputHash: z.string(),
  class: zEffectClass,
  verdict: z.enum(['allow', 'deny']),
  by: zDecider,
  handler: z.enum(['interactive', 'unattended']),
  /** The mode and the folder in which it was judged; decisions of older logs lack them. */
  mode: zMode.optional(),
  cwd: z.string().optional(),
  /** Whether a command that only the mode let pass ran in a sandbox, where one was wanted. */
  sandbox: z.enum(['on', 'missing']).optional(),
  reason: z.string(),
  feedback: z.string().optional(),
  savedRules: z.array(zRule).optional(),
});
export type Decision = z.infer<typeof zDecision>;
