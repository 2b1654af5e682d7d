import { z } from 'zod';
import { LIMITS } from './limits';
import { zMode } from './permission';

/** A language server of the user's own: a program that speaks the protocol on its standard streams. */
export const zLanguageServer = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** Language ids of the editor, such as `dockerfile`. */
  languages: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()).default({}),
});
export type LanguageServer = z.infer<typeof zLanguageServer>;

/**
 * Every setting, its default and its bounds, once. `package.json` declares the same names (a test holds them
 * together); the command line fills the same shape from its flags. A bad value falls back to the default of that
 * one setting and is reported by name.
 */
export const zSettings = z.object({
  /** Model id; empty means the service's newest suitable model. */
  model: z.string().default(''),
  /** Address of a server that speaks the Messages API; empty means the SDK's own default. Machine scope only. */
  baseUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  mode: zMode.default('ask'),
  effort: z.enum(['default', 'low', 'medium', 'high', 'xhigh', 'max']).default('default'),
  /** Turns of one run: never without end. */
  maxTurns: z.number().int().min(1).max(10_000).default(200),
  /** Turns of a session. Here and below, 0 means no limit. */
  maxSessionTurns: z.number().int().min(0).max(1_000_000).default(0),
  /** Tokens as the service counts them: prompts, cached or not, and replies. */
  maxRunTokens: z.number().int().min(0).max(1e12).default(0),
  maxSessionTokens: z.number().int().min(0).max(1e12).default(0),
  /** US dollars. */
  maxRunCost: z.number().min(0).max(1_000_000).default(0),
  maxCost: z.number().min(0).max(1_000_000).default(0),
  /** Rules that pass without asking; user scope only: a workspace can tighten, never loosen. */
  allow: z.array(z.string()).default([]),
  ask: z.array(z.string()).default([]),
  deny: z.array(z.string()).default([]),
  /** Tools that other extensions registered with the editor. */
  extensionTools: z.boolean().default(true),
  /** Folder of sessions and spills; empty means `~/.plumb`. Machine scope only. */
  storagePath: z.string().default(''),
  /** Program that runs the agent's commands; empty means the platform's. Machine scope only. */
  shellPath: z.string().default(''),
  /** For commands that auto mode lets pass: in the system's sandbox where there is one, or not without one. */
  sandbox: z.enum(['off', 'auto', 'required']).default('off'),
  shellTimeoutSeconds: z.number().int().min(1).max(86_400).default(120),
  ripgrepPath: z.string().default(''),
  /** How long a batch of edits waits for the language servers. */
  diagnosticsWaitSeconds: z.number().min(0).max(120).default(8),
  /** Longest silence of a model stream before it is taken for dead. */
  idleTimeoutSeconds: z.number().min(1).max(3600).default(90),
  /** Tool results longer than this go to disk, with a preview for the model. */
  spillChars: z.number().int().min(1000).max(1_000_000).default(50_000),
  /** The results of one turn together: above this the largest go to disk. */
  spillTurnChars: z.number().int().min(1000).max(10_000_000).default(200_000),
  /** Tokens of the context window kept free for the summary of a compaction, and for the turn before it. */
  compactReserveSummary: z.number().int().min(0).max(1_000_000).default(20_000),
  compactReserveTurn: z.number().int().min(0).max(1_000_000).default(13_000),
  /** Started beside the editor's own servers; what they find reaches the agent too. */
  languageServers: z.record(z.string(), zLanguageServer).default({}),
  reviewOpen: z.enum(['never', 'afterTurn']).default('never'),
});
export type Settings = z.infer<typeof zSettings>;

/** Settings that only the user makes: no workspace can redirect the key, start a program, loosen a rule or lift a limit. */
export const USER_ONLY = [
  'baseUrl',
  'mode',
  'maxTurns',
  'maxSessionTurns',
  'maxRunTokens',
  'maxSessionTokens',
  'maxRunCost',
  'maxCost',
  'allow',
  'extensionTools',
  'storagePath',
  'shellPath',
  'sandbox',
  'ripgrepPath',
  'languageServers',
] as const satisfies readonly (keyof Settings)[];

export type SettingsProblem = { readonly name: string; readonly message: string };

/** Reads raw values one by one, so that one bad value does not lose the others. */
export function parseSettings(raw: Readonly<Record<string, unknown>>): { settings: Settings; problems: SettingsProblem[] } {
  const good: Record<string, unknown> = {};
  const problems: SettingsProblem[] = [];
  for (const [name, schema] of Object.entries(zSettings.shape)) {
    const value = raw[name];
    if (value === undefined) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) {
      good[name] = parsed.data;
      continue;
    }
    problems.push({ name, message: parsed.error.issues.map((i) => i.message).join('; ') });
    // What was meant to hold the agent back does not become laxer by a slip of the pen.
    if (name === 'sandbox') good[name] = 'required';
  }
  return { settings: zSettings.parse(good), problems };
}

/** A limit that was set and cannot be read: to run without it would be laxer than what was wanted. */
export function brokenLimit(problems: readonly SettingsProblem[]): SettingsProblem | undefined {
  return problems.find(({ name }) => LIMITS.some((limit) => limit === name));
}
