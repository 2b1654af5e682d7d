import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../core/errors';
import { parseRule, ruleProblems } from '../core/permission/rules';
import type { Rules } from '../core/ports';
import { unless } from '../node/errno';
import { LIMITS } from '../protocol/limits';
import type { Rule, RuleSource } from '../protocol/permission';
import { parseSettings, type Settings, zSettings } from '../protocol/settings';
import type { RunArgs } from './args';
import { Failure } from './failure';

export type UserSettings = { readonly settings: Settings; readonly warnings: readonly string[] };

/** Settings that hold the agent back: when one of them cannot be read, running without it would be laxer than wanted. */
const BINDING: readonly string[] = ['ask', 'deny', 'mode', 'sandbox', ...LIMITS];

/** Reads the user's settings file. @throws Failure when it is broken, or when what is wrong in it was meant to bind us. */
export async function readSettings(path: string): Promise<UserSettings> {
  const text = await unless(readFile(path, 'utf8'), 'ENOENT', 'ENOTDIR');
  if (text === undefined) return { settings: zSettings.parse({}), warnings: [] };
  const raw = z.record(z.string(), z.unknown()).safeParse(parse(text, path));
  if (!raw.success) throw new Failure(2, `${path} is no JSON object.`, 'Correct it, or remove it to run with the defaults.');
  const { settings, problems } = parseSettings(raw.data);
  const binding = problems.find((problem) => BINDING.includes(problem.name));
  if (binding)
    throw new Failure(
      2,
      `${path}: ${binding.name} cannot be used: ${binding.message}`,
      'Correct it; Plumb does not run without a limit that was set.',
    );
  const unknown = Object.keys(raw.data).filter((name) => !(name in zSettings.shape));
  return {
    settings,
    warnings: [
      ...problems.map(({ name, message }) => `${path}: ${name} is ignored, so its default is used: ${message}`),
      ...unknown.map((name) => `${path}: there is no setting called ${name}.`),
      ...ruleProblems(settingsRules(settings)).map(
        ({ rule, problem }) => `${path}: ${rule.effect} ${JSON.stringify(rule.rule)}: ${problem}`,
      ),
    ],
  };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Failure(2, `${path} is no JSON: ${messageOf(error)}`, 'Correct it, or remove it to run with the defaults.');
  }
}

/** The flags over the file. */
export function withFlags(settings: Settings, args: RunArgs): Settings {
  return {
    ...settings,
    mode: args.mode ?? settings.mode,
    model: args.model ?? settings.model,
    ...args.limits,
    storagePath: args.storage ?? settings.storagePath,
  };
}

/** The rules of the file and of the flags. Nothing is ever saved: there is nobody who could have said so. */
export function rulesOf(settings: Settings, args: Pick<RunArgs, 'allow' | 'deny'>): Rules {
  const all = [...settingsRules(settings), ...rules('deny', args.deny, 'flag'), ...rules('allow', args.allow, 'flag')];
  return {
    current: () => all,
    save: (rule) => Promise.reject(new Error(`a run without a person saves no rule: ${rule}`)),
  };
}

/** Rules that can never apply, said rather than passed over: a deny rule with a slip of the pen protects nothing. */
export function rulesOfNoTool(rules: readonly Rule[], tools: readonly string[]): readonly string[] {
  return rules.flatMap(({ effect, rule }) => {
    const parsed = parseRule(rule);
    if (!parsed.ok || parsed.tool.startsWith('mcp__') || tools.includes(parsed.tool)) return [];
    return [
      `${effect} ${JSON.stringify(rule)} means nothing: there is no tool called ${parsed.tool}. The tools are: ${[...tools].sort().join(', ')}.`,
    ];
  });
}

function settingsRules({ deny, ask, allow }: Settings): Rule[] {
  return [...rules('deny', deny, 'user'), ...rules('ask', ask, 'user'), ...rules('allow', allow, 'user')];
}

function rules(effect: Rule['effect'], texts: readonly string[], source: RuleSource): Rule[] {
  return texts.map((rule) => ({ effect, rule, source }));
}
