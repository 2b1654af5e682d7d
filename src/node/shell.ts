import { messageOf, ToolError } from '../core/errors';
import type { Shell, ShellRequest, ShellResult } from '../core/ports/shell';
import { abortError, throwIfAborted } from './abort';
import { type Command, startCommand } from './command';
import { readingEnvironment } from './environment';
import { readExitNote } from './exit-note';
import { createLiveOutput } from './live-output';
import { createOrphanLedger, endOrphans } from './orphans';
import { createOutputBuffer, type OutputBuffer } from './output-buffer';
import { createReadingGit } from './reading-git';
import { createSandbox } from './sandbox';
import { findShell, which } from './shell-program';

export type ShellOptions = {
  /** The setting `shellPath`; empty means the platform's. */
  readonly setting: string;
  /** Folder that remembers what runs, so that a crash of ours leaves nothing behind for good. */
  readonly ledger?: string;
};

/** `dispose` ends everything that still runs. */
export type NodeShell = Shell & { dispose(): Promise<void> };

const PROGRAMS =
  'git node npm npx pnpm yarn bun deno python3 python pip uv cargo rustc go java mvn gradle dotnet ruby php make cmake gcc clang docker gh rg fd jq curl wget sed awk'.split(
    ' ',
  );

/** A person waits for the end of a cancelled command; one that ran out of time may clean up. */
const CANCEL_GRACE_MS = 250;
const TIMEOUT_GRACE_MS = 2_000;
/** What has ended in the background is remembered for that many commands. */
const REMEMBERED = 50;

type Background = { readonly command: Command; readonly unread: { buffer: OutputBuffer }; result?: ShellResult };

/** Runs commands in a shell of their own, apart from the editor's terminals. A wrong setting is told by each command. */
export function createShell({ setting, ledger }: ShellOptions): NodeShell {
  const found = findShell(setting);
  const kind = 'problem' in found ? found.instead.kind : found.kind;
  const orphans = ledger === undefined ? undefined : createOrphanLedger(ledger);
  // What a crash of ours left running: only who takes up the session that it belongs to waits for its end.
  const ending = (ledger === undefined ? Promise.resolve(0) : endOrphans(ledger)).catch((error: unknown) =>
    process.emitWarning(`old commands could not be ended: ${messageOf(error)}`),
  );
  const running = new Set<Command>();
  const background = new Map<string, Background>();
  const git = createReadingGit();
  const sandbox = createSandbox();
  let started = 0;

  const atExit = () => {
    for (const command of running) command.stopNow();
  };
  process.on('exit', atExit);

  const start = async (request: Omit<ShellRequest, 'timeoutMs'>, onOutput: (text: string) => void): Promise<Command> => {
    if ('problem' in found) throw found.problem;
    const { command, cwd, exit, reading, confine } = request;
    const env = reading && readingEnvironment(reading.roots, git.folder);
    // Never without it: who allowed the command counted on it.
    const state = confine && (await sandbox.state());
    if (state?.ready === false)
      throw new ToolError(`There is no sandbox for this command: ${state.why}.`, 'Ask the user to allow it by a rule.');
    const wrap = confine && ((inner: readonly string[]) => sandbox.wrap(inner, { roots: confine.roots, cwd }));
    const child = await startCommand(found, command, cwd, onOutput, { exit, env, wrap });
    running.add(child);
    orphans?.add(child.tree);
    const forget = () => {
      running.delete(child);
      orphans?.remove(child.tree);
    };
    void child.ended.then(forget, forget);
    return child;
  };

  const find = (id: string): Background => {
    const found = background.get(id);
    if (found) return found;
    const known = [...background.keys()].join(', ') || 'none';
    throw new ToolError(`There is no background command ${id}.`, `Those that there are: ${known}.`);
  };

  return {
    kind,

    programs: async () => PROGRAMS.filter((name) => which(name, process.env.PATH ?? '') !== undefined),

    async run({ timeoutMs, ...request }, onOutput, signal) {
      throwIfAborted(signal);
      const live = createLiveOutput(onOutput);
      const child = await start(request, live.add);
      const onAbort = () => void child.stop(CANCEL_GRACE_MS);
      const timer = setTimeout(() => void child.stop(TIMEOUT_GRACE_MS, 'timeout'), timeoutMs);
      signal.addEventListener('abort', onAbort, { once: true });
      // The signal may have fired while the process was being started.
      if (signal.aborted) onAbort();
      try {
        const result = await child.ended;
        if (signal.aborted) throw abortError();
        return result;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        live.end();
      }
    },

    async start(request) {
      const unread: Background['unread'] = { buffer: createOutputBuffer() };
      const child = await start(request, (text) => unread.buffer.add(text));
      const id = `shell_${++started}`;
      const entry: Background = { command: child, unread };
      background.set(id, entry);
      const note = (result: ShellResult) => {
        entry.result = result;
        forgetOldest(background);
      };
      void child.ended.then(note);
      return { id };
    },

    async tail(id) {
      const entry = find(id);
      const output = entry.unread.buffer.text();
      entry.unread.buffer = createOutputBuffer();
      return { output, ...(entry.result ? { result: entry.result } : {}) };
    },

    async kill(id) {
      const entry = find(id);
      await entry.command.stop(TIMEOUT_GRACE_MS);
      await entry.command.ended;
    },

    sandbox: sandbox.state,

    async noted(exit) {
      await ending;
      return readExitNote(exit);
    },

    async dispose() {
      process.off('exit', atExit);
      await Promise.all(
        [...running].map(async (command) => {
          await command.stop(CANCEL_GRACE_MS);
          await command.ended;
        }),
      );
      git.dispose();
      sandbox.dispose();
    },
  };
}

function forgetOldest(background: Map<string, Background>): void {
  const ended = [...background].filter(([, entry]) => entry.result !== undefined);
  for (const [id] of ended.slice(0, -REMEMBERED)) background.delete(id);
}
