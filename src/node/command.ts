import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ToolError } from '../core/errors';
import type { ExitNote, ShellResult } from '../core/ports/shell';
import { childEnvironment } from './environment';
import { errnoOf, unless } from './errno';
import { outerArguments } from './exit-note';
import { createOutputBuffer } from './output-buffer';
import { killTree, killTreeNow, MARK, outlives, type Tree } from './process-tree';
import { type ShellProgram, shellArguments } from './shell-program';

export type Command = {
  readonly tree: Tree;
  /** Settles once the shell has ended, its whole tree is gone and its output is read to the end. */
  readonly ended: Promise<ShellResult>;
  /** Ends the whole tree; `ended` settles soon after. */
  stop(graceMs: number, why?: 'timeout'): Promise<void>;
  stopNow(): void;
};

/** How long what the command left behind may take to end by itself, and again once it was asked to. */
const LEFTOVER_GRACE_MS = 100;
/** How long the pipe may stay open after everything that we can see has ended. */
const PIPE_WAIT_MS = 500;

/** How a command is started: its environment, and what it is started in. */
type Launch = {
  readonly exit?: ExitNote;
  readonly env?: Readonly<Record<string, string>>;
  readonly wrap?: (command: readonly string[]) => readonly string[];
};

/** Starts one command in its own process group. @throws ToolError when it cannot be started. */
export async function startCommand(
  shell: ShellProgram,
  command: string,
  cwd: string,
  onOutput: (text: string) => void,
  { exit, env = childEnvironment(), wrap = (inner) => inner }: Launch = {},
): Promise<Command> {
  const place = await unless(stat(cwd), 'ENOENT', 'ENOTDIR');
  if (!place?.isDirectory()) throw new ToolError(`The folder ${cwd} does not exist.`, 'Start the command in another folder.');
  const mark = randomUUID();
  const marked = { ...env, [MARK]: [process.env[MARK], mark].filter((each) => each).join(':') };
  const child = launch(shell, command, cwd, marked, exit, wrap);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(startError(error, shell)));
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  const tree: Tree = { pid, mark };
  const buffer = createOutputBuffer();
  let timedOut = false;
  let stopped = false;
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    const decoder = new StringDecoder('utf8');
    const take = (text: string) => {
      if (text === '') return;
      buffer.add(text);
      onOutput(text);
    };
    stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    stream.on('end', () => take(decoder.end()));
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );

  const finish = async (): Promise<ShellResult> => {
    const { code, signal } = await exited;
    // What the shell left running would outlive the call: it ends with it.
    const leftover = !stopped && (await outlives(tree, LEFTOVER_GRACE_MS));
    await killTree(tree, LEFTOVER_GRACE_MS);
    await drained(closed, [child.stdout, child.stderr]);
    return {
      exitCode: code,
      ...(signal ? { signal } : {}),
      timedOut,
      output: buffer.text(),
      dropped: buffer.dropped(),
      ...(leftover ? { leftover } : {}),
    };
  };

  return {
    tree,
    ended: finish(),
    stop: (graceMs, why) => {
      if (why === 'timeout') timedOut = true;
      stopped = true;
      return killTree(tree, graceMs);
    },
    stopNow: () => killTreeNow(tree),
  };
}

function launch(
  { kind, path }: ShellProgram,
  command: string,
  cwd: string,
  env: Record<string, string>,
  exit: ExitNote | undefined,
  wrap: NonNullable<Launch['wrap']>,
) {
  const args = shellArguments(kind, command);
  try {
    if (process.platform === 'win32') {
      return spawn(path, args, {
        cwd,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        windowsVerbatimArguments: kind === 'cmd',
      });
    }
    return spawn('/bin/sh', outerArguments(wrap([path, ...args]), exit), { cwd, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  } catch (error) {
    throw startError(error, { kind, path });
  }
}

function startError(error: unknown, shell: ShellProgram): Error {
  switch (errnoOf(error)) {
    case 'E2BIG':
    case 'ENAMETOOLONG':
      return new ToolError('The command is too long for the system.', 'Write it to a script file and run that.');
    case 'ERR_INVALID_ARG_VALUE':
      return new ToolError('The command holds a NUL character.', 'Send it without.');
    case 'ENOENT':
    case 'EACCES':
      return new ToolError(`The shell ${shell.path} could not be started.`, 'Ask the user to check the setting plumb.shellPath.');
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENOMEM':
      return new ToolError('The system has no room for another process.', 'End what runs in the background, or try again later.');
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}

/** A process that hid from us may still hold the pipe; what it would say is not waited for. */
async function drained(closed: Promise<void>, streams: readonly (Readable | null)[]): Promise<void> {
  const late = setTimeout(() => {
    for (const stream of streams) stream?.destroy();
  }, PIPE_WAIT_MS);
  await closed;
  clearTimeout(late);
}
