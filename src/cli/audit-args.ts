import { parseArgs } from 'node:util';
import { AUDIT_OUTCOMES, type AuditFilter } from '../core/permission/audit';
import { type Mode, zMode } from '../protocol/permission';
import { filled, oneOf, rules, UsageError } from './usage';

/** Prints permission decisions, or judges them again by the rules of today. */
export type AuditArgs = {
  readonly kind: 'audit';
  readonly filter: AuditFilter;
  /** The beginning of a session's id. */
  readonly session?: string;
  readonly json: boolean;
  readonly storage?: string;
  readonly replay: Replay | null;
};
/** `all`: also those that would be answered as they were. */
export type Replay = {
  readonly all: boolean;
  readonly mode?: Mode;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
};

const OPTIONS = {
  session: { type: 'string' },
  agent: { type: 'string' },
  tool: { type: 'string' },
  outcome: { type: 'string' },
  since: { type: 'string' },
  rule: { type: 'string' },
  json: { type: 'boolean' },
  storage: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const REPLAY_OPTIONS = {
  all: { type: 'boolean' },
  'permission-mode': { type: 'string' },
  allow: { type: 'string', multiple: true },
  deny: { type: 'string', multiple: true },
} as const;

/** Reads what follows `plumb audit`; undefined when its help is wanted. @throws UsageError, or what parseArgs throws */
export function readAudit(argv: readonly string[], now: number): AuditArgs | undefined {
  if (argv[0] !== 'replay') {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    return values.help ? undefined : { ...common(values, now), replay: null };
  }
  const { values } = parseArgs({ args: argv.slice(1), options: { ...OPTIONS, ...REPLAY_OPTIONS } });
  if (values.help) return undefined;
  const mode = values['permission-mode'];
  return {
    ...common(values, now),
    replay: {
      all: values.all ?? false,
      ...(mode === undefined ? {} : { mode: oneOf('--permission-mode', mode, zMode.options) }),
      allow: rules('--allow', values.allow),
      deny: rules('--deny', values.deny),
    },
  };
}

type Common = { readonly [name in keyof typeof OPTIONS]?: name extends 'json' | 'help' ? boolean : string };

function common(values: Common, now: number): Omit<AuditArgs, 'replay'> {
  return {
    kind: 'audit',
    filter: {
      tool: filled('--tool', values.tool),
      agent: filled('--agent', values.agent),
      outcome: values.outcome === undefined ? undefined : oneOf('--outcome', values.outcome, AUDIT_OUTCOMES),
      since: values.since === undefined ? undefined : sinceOf(values.since, now),
      rule: filled('--rule', values.rule),
    },
    session: filled('--session', values.session),
    json: values.json ?? false,
    storage: filled('--storage', values.storage),
  };
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function sinceOf(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text.trim()) ?? [];
  if (count !== undefined && (unit === 'm' || unit === 'h' || unit === 'd')) return now - Number(count) * UNITS[unit];
  // A date alone means its beginning where the user is; `Date` takes it for that of Greenwich.
  const date = /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()}T00:00` : text.trim();
  const at = /^\d{4}-\d\d-\d\d/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`--since is ${JSON.stringify(text)}; it can be a date such as 2026-01-31, or 30m, 12h, 7d.`);
  return at;
}
