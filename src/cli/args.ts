import { parseArgs } from 'node:util';
import { LIMIT, LIMITS, type LimitName } from '../protocol/limits';
import { type Mode, zMode } from '../protocol/permission';
import { zSettings } from '../protocol/settings';
import { type LogFilter, zLogFilter } from '../protocol/system-log';
import { type AuditArgs, readAudit } from './audit-args';
import { filled, isParseError, oneOf, rules, UsageError } from './usage';
import { readVerify, type VerifyArgs } from './verify-args';

export const OUTPUT_FORMATS = ['text', 'json', 'stream-json'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export type RunArgs = {
  readonly kind: 'run';
  /** `-` means standard input; null only together with `resume`, to go on without a new message. */
  readonly prompt: string | null;
  readonly format: OutputFormat;
  readonly mode?: Mode;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly cwd?: string;
  /** A session id, the beginning of one, or `last`. */
  readonly resume?: string;
  /** The limits that were given, by the names of their settings. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  readonly model?: string;
  readonly storage?: string;
  readonly demo: boolean;
};
/** Prints records of the system log. */
export type LogArgs = {
  readonly kind: 'log';
  readonly filter: LogFilter;
  readonly json: boolean;
  readonly storage?: string;
};
export type MetricsArgs = { readonly kind: 'metrics'; readonly format: OutputFormat; readonly storage?: string };
/** Says what the rules would answer to calls on standard input. */
export type ExplainArgs = {
  readonly kind: 'explain';
  readonly mode?: Mode;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
};
export type Args =
  | RunArgs
  | VerifyArgs
  | LogArgs
  | MetricsArgs
  | ExplainArgs
  | AuditArgs
  /** Says what command lines on standard input would do. */
  | { readonly kind: 'classify' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `all`, a session id, or the beginning of one. */
  | { readonly kind: 'status'; readonly wanted: string; readonly storage?: string }
  | { readonly kind: 'wrong'; readonly message: string };

const OPTIONS = {
  prompt: { type: 'string', short: 'p' },
  'output-format': { type: 'string' },
  'permission-mode': { type: 'string' },
  allow: { type: 'string', multiple: true },
  deny: { type: 'string', multiple: true },
  cwd: { type: 'string' },
  resume: { type: 'string' },
  'max-turns': { type: 'string' },
  'max-session-turns': { type: 'string' },
  'max-run-tokens': { type: 'string' },
  'max-session-tokens': { type: 'string' },
  'max-run-cost': { type: 'string' },
  'max-cost': { type: 'string' },
  model: { type: 'string' },
  storage: { type: 'string' },
  status: { type: 'string' },
  demo: { type: 'boolean' },
  metrics: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Reads the command line. `piped`: standard input is not a terminal, so that it may hold the prompt. */
export function readArgs(argv: readonly string[], piped: boolean): Args {
  try {
    switch (argv[0]) {
      case 'log':
        return readLog(argv.slice(1));
      case 'classify':
        return readClassify(argv.slice(1));
      case 'explain':
        return readExplain(argv.slice(1));
      case 'audit':
        return readAudit(argv.slice(1), Date.now()) ?? { kind: 'help' };
      case 'verify':
        return readVerify(argv.slice(1)) ?? { kind: 'help' };
      default:
        return read(argv, piped);
    }
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) return { kind: 'wrong', message: error.message };
    throw error;
  }
}

const LOG_OPTIONS = {
  session: { type: 'string' },
  kind: { type: 'string' },
  level: { type: 'string' },
  call: { type: 'string' },
  text: { type: 'string' },
  json: { type: 'boolean' },
  storage: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function readLog(argv: readonly string[]): Args {
  const { values } = parseArgs({ args: [...argv], options: LOG_OPTIONS });
  if (values.help) return { kind: 'help' };
  const { session = '', kind = '', call = '', text = '' } = values;
  const level = oneOf('--level', values.level ?? 'info', zLogFilter.shape.level.options);
  return {
    kind: 'log',
    filter: { session, kind, level, call, text },
    json: values.json ?? false,
    storage: filled('--storage', values.storage),
  };
}

function readClassify(argv: readonly string[]): Args {
  const { values } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', short: 'h' } } });
  return values.help ? { kind: 'help' } : { kind: 'classify' };
}

function readExplain(argv: readonly string[]): Args {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'permission-mode': { type: 'string' },
      allow: { type: 'string', multiple: true },
      deny: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { kind: 'help' };
  const mode = values['permission-mode'];
  return {
    kind: 'explain',
    ...(mode === undefined ? {} : { mode: oneOf('--permission-mode', mode, zMode.options) }),
    allow: rules('--allow', values.allow),
    deny: rules('--deny', values.deny),
  };
}

function read(argv: readonly string[], piped: boolean): Args {
  const { values, positionals } = parseArgs({ args: joinNegative(joinPrompt(argv)), options: OPTIONS, allowPositionals: true });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const status = filled('--status', values.status);
  if (status !== undefined) return { kind: 'status', wanted: status, storage: filled('--storage', values.storage) };
  if (values.metrics) {
    if (values.prompt !== undefined || positionals.length > 0) throw new UsageError('--metrics runs nothing. Leave the prompt out.');
    const format = oneOf('--output-format', values['output-format'] ?? 'text', OUTPUT_FORMATS);
    return { kind: 'metrics', format, storage: filled('--storage', values.storage) };
  }
  if (positionals.length > 0 && values.prompt !== undefined) {
    throw new UsageError(`Unexpected argument ${positionals[0]}. Put the whole prompt in quotes after -p.`);
  }
  if (positionals.length > 1) throw new UsageError(`Unexpected argument ${positionals[1]}. Put the whole prompt in quotes.`);
  const given = values.prompt ?? positionals[0];
  if (given?.trim() === '') throw new UsageError('The prompt is empty. Say what to do after -p.');
  const prompt = given ?? (piped && values.resume === undefined ? '-' : null);
  if (prompt === null && values.resume === undefined) throw new UsageError('There is no prompt. Say what to do after -p, or pipe it in.');
  return {
    kind: 'run',
    prompt,
    format: oneOf('--output-format', values['output-format'] ?? 'text', OUTPUT_FORMATS),
    mode: values['permission-mode'] === undefined ? undefined : oneOf('--permission-mode', values['permission-mode'], zMode.options),
    allow: rules('--allow', values.allow),
    deny: rules('--deny', values.deny),
    cwd: filled('--cwd', values.cwd),
    resume: filled('--resume', values.resume),
    limits: Object.fromEntries(
      LIMITS.flatMap((name) => {
        const value = limit(name, values[LIMIT[name].flag]);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    model: filled('--model', values.model),
    storage: filled('--storage', values.storage),
    demo: values.demo ?? false,
  };
}

/** A prompt may begin with a dash, and `-p` at the end means standard input; parseArgs takes neither. */
function joinPrompt(argv: readonly string[]): string[] {
  const at = argv.findIndex((arg) => arg === '-p' || arg === '--prompt');
  if (at === -1) return [...argv];
  const next = argv[at + 1];
  if (next === undefined || isOption(next)) return [...argv.slice(0, at), '--prompt=-', ...argv.slice(at + 1)];
  return [...argv.slice(0, at), `--prompt=${next}`, ...argv.slice(at + 2)];
}

/** A negative number is none of our options: it is told as what it is, a value that does not fit. */
function joinNegative(argv: readonly string[]): string[] {
  const isLimit = (arg: string | undefined) => arg !== undefined && /^--max-[a-z-]+$/.test(arg);
  const isNegative = (arg: string | undefined) => arg !== undefined && /^-\d/.test(arg);
  return argv.flatMap((arg, i) => {
    if (isNegative(arg) && isLimit(argv[i - 1])) return [];
    return isLimit(arg) && isNegative(argv[i + 1]) ? [`${arg}=${argv[i + 1]}`] : [arg];
  });
}

function isOption(arg: string): boolean {
  const name = /^--([a-z-]+)(?:=|$)/.exec(arg)?.[1];
  return (name !== undefined && name in OPTIONS) || arg === '-h' || arg === '-v';
}

/** 0 is refused: whether it means nothing at all or no limit, the flag can be left out. */
function limit(name: LimitName, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { unit, flag } = LIMIT[name];
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && zSettings.shape[name].safeParse(value).success) return value;
  const what = unit === 'dollars' ? 'a number of US dollars over 0, up to 1000000' : `a whole number from 1 to ${MOST[name] ?? 1e12}`;
  throw new UsageError(`--${flag} is ${JSON.stringify(text)}; it must be ${what}. Leave it out for the limit of your settings.`);
}

const MOST: Readonly<Partial<Record<LimitName, number>>> = { maxTurns: 10_000, maxSessionTurns: 1_000_000 };

export const HELP = `Usage: plumb -p "what to do" [options]
       plumb log [--session ID] [--kind KIND] [--level info|warn|error] [--call ID]
                 [--text WORDS] [--json]
       plumb classify < lines.jsonl
       plumb explain [--permission-mode MODE] [--allow RULE] [--deny RULE] < calls.jsonl
       plumb audit [--session ID] [--agent NAME] [--tool NAME] [--outcome WORD] [--since WHEN]
                   [--rule TEXT] [--json]
       plumb audit replay [the same] [--all] [--permission-mode MODE] [--allow RULE] [--deny RULE]
       plumb verify SESSION|FILE [--operator DID] [--head HASH] [--proof FILE] [--json]

Runs one task in the current folder and ends. Without -p the prompt is read from standard input.
plumb log prints what the harness did and why, oldest first; --json as it is on disk.
plumb classify says what commands would do, and plumb explain what the rules would answer to
calls of tools; both read one JSON object a line, answer each with one, and run nothing:
  {"id"?, "cmd", "shell"?: bash|zsh|sh|powershell|cmd, "cwd"?}
     -> {"id", "cmd", "class": read_only|mutating|destructive|must_ask, "parts", "why"}
  {"id"?, "tool", "input", "cwd"?, "roots"?, "mode"?}
     -> {"id", "class", "verdict": allow|ask|deny, "containment": inside|outside|protected,
         "target", "rule", "why"}
plumb audit prints every permission decision of all sessions, oldest first. WORD is allow or deny,
or what came of the call: ok, error, denied, cancelled, unknown, open. WHEN is a date, or how long
ago: 30m, 12h, 7d. plumb audit replay says which of them today's rules would answer otherwise,
with --all every one of them; it looks at the files as they are now, and runs nothing.
plumb verify checks a session (an id, last, a folder or a copied events.jsonl) against its signed
chain, needs no key, and names each line that is not as it was signed. --operator says whose word
counts (otherwise: the operators of this storage folder), --head what the head of the chain was
when you noted it. It exits with 0 when everything is proven, 1 when not, 2 when there is nothing
to check.

  -p, --prompt TEXT          what to do; - reads it from standard input
      --output-format KIND   text (the reply), json (one object at the end) or
                             stream-json (every event, one JSON object a line)
      --permission-mode MODE plan (reads only), ask (what would be asked is denied),
                             edit (edits in the folder pass) or auto
      --allow RULE           let a call pass: shell(npm test *), edit_file(src/**); repeatable
      --deny RULE            refuse a call, whatever else allows it; repeatable
      --cwd FOLDER           the folder to work in
      --resume ID|last       go on with a session; without -p, from where it stopped
      --max-turns N          stop after N turns of the model
      --max-run-tokens N     stop before this run uses more tokens, prompts and replies
      --max-run-cost DOLLARS stop before this run costs more
      --max-session-turns N, --max-session-tokens N, --max-cost DOLLARS
                             the same for the whole session, however often it is resumed
      --model ID             the model to use
      --storage FOLDER       where sessions are kept (~/.plumb)
      --status ID|all        show how far a session's work has come, also of a deleted one
      --demo                 use the offline demo model
      --metrics              show how long replies are, by prompt version and model
  -h, --help                 show this
  -v, --version              show the version

Environment: ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL for another
server that speaks the Messages API, PLUMB_DEMO=1 for the demo model. HTTPS_PROXY counts
only with NODE_USE_ENV_PROXY=1, from Node 22.21 or 24 on.
Settings: ~/.plumb/settings.json, with the names of the editor's settings without "plumb.".

Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 stopped by a limit of turns, tokens or cost,
4 something needed permission and nobody was there to ask, 130 interrupted.
`;
