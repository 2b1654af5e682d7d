import { z } from 'zod';
import { ToolError } from '../core/errors';
import type { Shell, ShellKind, ShellResult } from '../core/ports/shell';
import { plainTerminal } from '../core/text/terminal';
import { defineTool, type Judging, type Tool, type ToolContext, type ToolOutput } from '../core/tool';
import { shownPath } from './paths';
import { assessCommand } from './shell/assess';

const MAX_SECONDS = 3_600;
const POLL_MS = 250;

const zInput = z.strictObject({
  command: z.string().min(1).optional(),
  cwd: z.string().optional().describe('default the workspace folder'),
  timeout_seconds: z.number().min(1).max(MAX_SECONDS).optional(),
  background: z.boolean().optional().describe('return an id at once'),
  tail: z.string().optional().describe('id: its new output; with timeout_seconds, waits for it to end'),
  kill: z.string().optional().describe('id to stop'),
});
type Input = z.infer<typeof zInput>;

const NAMES: Readonly<Record<ShellKind, string>> = { bash: 'bash', zsh: 'zsh', sh: 'sh', powershell: 'PowerShell', cmd: 'cmd.exe' };

/** The shell as the session found it at its start: the description names it and what is on PATH, and then never changes [R5]. */
export function shellTool({ kind, programs }: { readonly kind: ShellKind; readonly programs: readonly string[] }): Tool {
  const found = programs.length > 0 ? ` On PATH: ${programs.join(', ')}.` : '';
  return defineTool({
    name: 'shell',
    description: `Run a command in ${NAMES[kind]}, for builds, tests, version control and the like; the other tools read, search and edit better. Each call is a new shell without standard input. Give exactly one of command, tail and kill.${found}`,
    input: zInput,
    safety: { abortsSiblings: true },
    available: (ports) => (ports.shell ? true : 'this host has no shell'),
    summarize,
    assess: (input, around) => assess(kind, input, around),
    async run(input, context) {
      const { shell } = context.ports;
      if (!shell) throw new ToolError('No shell runs here.', 'Do it with the other tools.');
      requireOne(input);
      if (input.tail !== undefined) return tail(shell, input.tail, input.timeout_seconds ?? 0, context);
      if (input.kill !== undefined) return kill(shell, input.kill);
      const command = input.command ?? '';
      const cwd = await workingFolder(input.cwd, context);
      const { roots } = context.facts;
      const request = {
        command,
        cwd,
        ...(context.unasked ? { reading: { roots } } : {}),
        ...(context.confined ? { confine: { roots } } : {}),
      };
      return input.background ? start(shell, request) : runOnce(shell, request, input.timeout_seconds, context);
    },
  });
}

/** Told before anybody is asked: a call that says nothing, or two things, is not worth a question. */
function requireOne({ command, tail, kill }: Input): void {
  if ([command?.trim() || undefined, tail, kill].filter((part) => part !== undefined).length === 1) return;
  throw new ToolError('Give exactly one of command, tail and kill.', 'Send the call again with one of them.');
}

function summarize({ command, background, tail, kill }: Input): { title: string; detail: string } {
  if (tail !== undefined) return { title: 'Watch command', detail: tail };
  if (kill !== undefined) return { title: 'Stop command', detail: kill };
  return { title: background ? 'Run in background' : 'Run', detail: command ?? '' };
}

async function assess(kind: ShellKind, input: Input, { ports, facts }: Judging) {
  requireOne(input);
  const own = input.tail ?? input.kill;
  if (own !== undefined) {
    // Both only reach commands that this session was allowed to start.
    const why = input.tail === undefined ? 'stops a command of this session' : 'looks at a command of this session';
    const subjects = [{ text: `${input.tail === undefined ? 'kill' : 'tail'} ${own}`, class: 'read_only' as const, why, touches: [] }];
    return { class: 'read_only' as const, subjects, safety: { readOnly: true, destructive: false, abortsSiblings: false } };
  }
  const { documents } = ports;
  const cwd = input.cwd ? (await documents.resolve(input.cwd)).path : facts.cwd;
  const judged = await assessCommand(input.command ?? '', { shell: kind, cwd, roots: facts.roots, asset: ports.asset, documents });
  const reads = judged.class === 'read_only';
  const safety = { readOnly: reads, destructive: judged.class === 'destructive', concurrencySafe: reads, retrySafe: reads };
  return { ...judged, safety };
}

async function workingFolder(cwd: string | undefined, context: ToolContext): Promise<string> {
  if (!cwd) return context.facts.cwd;
  const { documents } = context.ports;
  const resolved = await documents.resolve(cwd);
  if (!resolved.inside) {
    throw new ToolError(
      `${cwd} lies outside of the workspace, so no command runs there.`,
      'Leave cwd out, and name the folder in the command where it has to be elsewhere.',
    );
  }
  if ((await documents.stat(resolved.path))?.kind !== 'folder') {
    throw new ToolError(`${shownPath(resolved.path, documents.roots())} is not a folder.`, 'Give an existing folder, or leave cwd out.');
  }
  return resolved.path;
}

type Started = Parameters<Shell['start']>[0];

async function runOnce(shell: Shell, request: Started, seconds: number | undefined, context: ToolContext): Promise<ToolOutput> {
  const { command } = request;
  const limit = seconds ?? context.settings.shellTimeoutSeconds;
  const exit = context.exit ? { exit: context.exit } : {};
  const result = await shell.run({ ...request, timeoutMs: limit * 1000, ...exit }, context.progress, context.signal);
  const end = result.timedOut
    ? `Stopped after ${limit} s, its time limit. If it needs longer, give timeout_seconds; if it serves and never ends, background: true.`
    : ending(result);
  const answer = result.timedOut || result.exitCode !== 1 ? undefined : ANSWERS[lastProgram(command)];
  const confined = request.confine && result.exitCode !== 0 && answer === undefined ? `${end}. ${CONFINED}` : end;
  return report(command, result, answer ? `${end}: ${answer}` : confined, answer !== undefined);
}

const CONFINED =
  'It ran in a sandbox: it writes only in the workspace and /tmp, and has no network. Where it needs more, the user has to allow it by a rule.';

/** Programs whose exit code 1 is an answer and no failure. */
const ANSWERS: Readonly<Record<string, string>> = {
  grep: 'nothing matched',
  egrep: 'nothing matched',
  rg: 'nothing matched',
  diff: 'they differ',
  cmp: 'they differ',
  test: 'false',
  '[': 'false',
  pgrep: 'no such process',
};

/** The program whose exit code a line of commands ends with, as far as its spelling tells. */
function lastProgram(command: string): string {
  return /(?:^|[|;&\n])\s*([\w[]+)[^|;&\n]*$/.exec(command.trimEnd())?.[1] ?? '';
}

function report(command: string, result: ShellResult, end: string, answered = false): ToolOutput {
  const { exitCode, timedOut, signal, dropped, leftover } = result;
  const output = plainTerminal(result.output).trimEnd();
  const cut =
    dropped > 0 ? [`[${dropped} bytes were cut from the middle of the output. Send it to a file and read that to see them.]`] : [];
  const left = leftover
    ? ['[What the command left running was ended with it. To keep a process running, start it with background: true.]']
    : [];
  const failed = timedOut || (exitCode !== 0 && !answered);
  return {
    content: [output || '(no output)', ...cut, ...left, ...(end ? [`[${end}]`] : [])].join('\n'),
    summary: timedOut
      ? 'Timed out'
      : exitCode === 0
        ? 'Exit 0'
        : exitCode === null
          ? `Ended by ${signal ?? 'a signal'}`
          : `Exit ${exitCode}`,
    ...(failed ? { failed } : {}),
    display: { kind: 'shell', command, exitCode, ...(signal ? { signal } : {}), ...(timedOut ? { timedOut } : {}) },
  };
}

function ending({ exitCode, signal }: ShellResult): string {
  if (exitCode === 0) return '';
  return exitCode === null ? `Ended by ${signal ?? 'a signal'}` : `Exit code ${exitCode}`;
}

async function start(shell: Shell, request: Started): Promise<ToolOutput> {
  const { command } = request;
  const { id } = await shell.start(request);
  return {
    content: `Started in the background as ${id}. See its output with {"tail": "${id}"}, stop it with {"kill": "${id}"}.`,
    summary: `In background as ${id}`,
    display: { kind: 'shell', command, exitCode: null, background: id },
  };
}

/** What a background command printed since the last look; waits up to `seconds` for it to end. */
async function tail(shell: Shell, id: string, seconds: number, context: ToolContext): Promise<ToolOutput> {
  const { clock } = context.ports;
  const until = clock.now() + seconds * 1000;
  let output = '';
  for (;;) {
    const look = await shell.tail(id);
    output += look.output;
    if (look.output) context.progress(look.output);
    if (look.result) return report(`tail ${id}`, { ...look.result, output }, ending(look.result) || 'It has ended with exit code 0');
    if (clock.now() >= until) break;
    await clock.sleep(Math.min(POLL_MS, until - clock.now()), context.signal);
  }
  const text = plainTerminal(output).trimEnd();
  return {
    content: `${text || '(no new output)'}\n[${id} is still running]`,
    summary: 'Still running',
    display: { kind: 'shell', command: `tail ${id}`, exitCode: null, background: id },
  };
}

async function kill(shell: Shell, id: string): Promise<ToolOutput> {
  await shell.kill(id);
  return { content: `Stopped ${id}.`, summary: 'Stopped', display: { kind: 'shell', command: `kill ${id}`, exitCode: null } };
}
