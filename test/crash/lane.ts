import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/node/clock';
import { createStore } from '../../src/node/store';
import type { AgentEvent } from '../../src/protocol/events';
import { bundle } from '../support/cli-process';
import { type ModelServer, type RecordedRequest, startModelServer } from '../support/model-server/server';
import { type Boundary, countBoundaries, dieAt } from './preloads';
import { layProject, PROMPT, script, type Tree, treeOf } from './work';

/** When the process is killed. */
export type Kill =
  | { readonly at: 'event'; readonly nth: number }
  | { readonly at: 'time'; readonly fraction: number }
  | ({ readonly at: 'boundary' } & Boundary);

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};
/** What a run, however often cut off, came to. */
export type Came = {
  readonly tree: Tree;
  readonly events: readonly AgentEvent[];
  readonly damage: readonly string[];
  readonly requests: readonly RecordedRequest[];
  /** How many requests there were when the last process began. */
  readonly before: number;
  readonly failures: readonly string[];
  readonly last: Ended;
};
export type Reference = Came & { readonly ms: number; readonly lines: number; readonly boundaries: number };

/**
 * One place for many runs, one after the other: always the same folder, for its path is part of every request, with a
 * project laid out anew.
 */
export type Lane = {
  /** The run that nobody disturbs. */
  readonly reference: Reference;
  /** Runs, dies at each of the points in turn, and is taken up again until it ends by itself. */
  survive(kills: readonly Kill[]): Promise<Came>;
  /** Runs once with that module loaded, then is taken up again without it. */
  under(preload: string): Promise<{ readonly first: Ended; readonly came: Came }>;
  remove(): Promise<void>;
};

/** Far more than any run takes, for machines are busy: only one that hangs is ended. */
const TIME_LIMIT_MS = 300_000;
/** The kill came too late: the run had ended. */
const UNDISTURBED: Ended = { code: 0, signal: null, stdout: '', stderr: '' };

export async function openLane(): Promise<Lane> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'plumb-crash-')));
  const [home, folder] = [join(base, 'home'), join(base, 'project')];
  const storage = join(home, '.plumb');
  const program = await bundle();

  const children = new Set<ChildProcess>();
  /** One after the other, also when a test was given up on and its run still goes on. */
  let turn: Promise<unknown> = Promise.resolve();
  let removed = false;

  async function clean(): Promise<void> {
    await rm(home, { recursive: true, force: true });
    await mkdir(home);
    await layProject(folder);
  }

  /** Runs the command line; `watch` may kill it. */
  async function run(url: string, args: readonly string[], preload?: string, watch?: (child: ChildProcess) => () => void): Promise<Ended> {
    const loads = preload === undefined ? [] : ['--import', preload];
    const options = ['--model', 'claude-opus-4-8', '--permission-mode', 'auto', '--output-format', 'stream-json'];
    const child = spawn(process.execPath, [...loads, program, ...args, ...options], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: home, ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'crash-test' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGABRT',
    });
    children.add(child);
    child.once('close', () => children.delete(child));
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const unwatch = watch?.(child);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve([code, signal]));
    });
    unwatch?.();
    return { code, signal, stdout, stderr };
  }

  /** What to type to go on: until the message is in the log there is nothing to go on with. */
  async function next(): Promise<readonly string[]> {
    const log = await newest();
    return log?.events.some((event) => event.type === 'user_message') ? ['--resume', 'last'] : ['-p', PROMPT];
  }

  async function newest() {
    const store = createStore({ folder: storage, clock: systemClock });
    const names = await readdir(join(storage, 'sessions')).catch(() => []);
    const logs = await Promise.all(names.map((name) => store.read(name).catch(() => undefined)));
    const said = logs.filter((log) => log !== undefined).filter((log) => log.events.some((event) => event.type === 'user_message'));
    return said.at(-1);
  }

  async function cameTo(server: ModelServer, last: Ended, before: number): Promise<Came> {
    const log = await newest();
    const { requests, failures } = server;
    return { tree: await treeOf(folder), events: log?.events ?? [], damage: log?.damage ?? ['no log'], requests, before, failures, last };
  }

  function onServer<T>(work: (server: ModelServer) => Promise<T>): Promise<T> {
    const next = turn.then(() => alone(work));
    turn = next.catch(() => undefined);
    return next;
  }

  async function alone<T>(work: (server: ModelServer) => Promise<T>): Promise<T> {
    if (removed) throw new Error('the lane is gone');
    await clean();
    const server = await startModelServer(script);
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  }

  async function whole(): Promise<Reference> {
    return onServer(async (server) => {
      const begun = performance.now();
      const last = await run(server.url, ['-p', PROMPT], countBoundaries());
      const ms = performance.now() - begun;
      const boundaries = Number(/boundaries: (\d+)/.exec(last.stderr)?.[1]);
      return { ...(await cameTo(server, last, 0)), ms, lines: last.stdout.split('\n').length - 1, boundaries };
    });
  }

  const reference = await whole();

  return {
    reference,
    survive: (kills) =>
      onServer(async (server) => {
        for (const kill of kills) {
          const preload = kill.at === 'boundary' ? dieAt(kill) : undefined;
          if (hasEnded(await newest())) break;
          await run(server.url, await next(), preload, watchFor(kill, reference.ms));
        }
        const before = server.requests.length;
        const ended = hasEnded(await newest());
        const last = ended ? UNDISTURBED : await run(server.url, await next());
        return cameTo(server, last, before);
      }),
    under: (preload) =>
      onServer(async (server) => {
        const first = await run(server.url, ['-p', PROMPT], preload);
        const before = server.requests.length;
        return { first, came: await cameTo(server, await run(server.url, await next()), before) };
      }),
    async remove() {
      removed = true;
      for (const child of children) child.kill('SIGKILL');
      await turn;
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** The end that a restart notes for a run that was cut off is not yet the end: it is to be taken up. */
function hasEnded(log: { readonly events: readonly AgentEvent[] } | undefined): boolean {
  const last = log?.events.at(-1);
  return last?.type === 'run_ended' && last.reason === 'done';
}

function watchFor(kill: Kill, wholeMs: number): ((child: ChildProcess) => () => void) | undefined {
  switch (kill.at) {
    case 'boundary':
      return undefined;
    case 'time':
      return (child) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), kill.fraction * wholeMs);
        return () => clearTimeout(timer);
      };
    case 'event':
      return (child) => {
        let lines = 0;
        child.stdout?.on('data', (text: string) => {
          lines += text.split('\n').length - 1;
          if (lines >= kill.nth) child.kill('SIGKILL');
        });
        return () => undefined;
      };
    default:
      return kill satisfies never;
  }
}

/** Tries every point, each lane the next one that is left; one that breaks does not hide the others. */
export async function tryAll(
  lanes: readonly Lane[],
  points: readonly (readonly Kill[])[],
  check: (came: Came, reference: Reference) => void,
): Promise<void> {
  const left = [...points];
  const broken: string[] = [];
  const work = async (lane: Lane) => {
    for (let kills = left.shift(); kills; kills = left.shift()) {
      try {
        check(await lane.survive(kills), lane.reference);
      } catch (error) {
        const told = `Killed ${nameOf(kills)}: ${error instanceof Error ? error.message : String(error)}`;
        broken.push(told);
        console.log(told);
      }
    }
  };
  await Promise.all(lanes.map(work));
  if (broken.length > 0) throw new Error(`${broken.length} of ${points.length} points broke.\n${broken.join('\n\n')}`);
}

/** How a point is told of. */
export function nameOf(kills: readonly Kill[]): string {
  const one = (kill: Kill) => {
    switch (kill.at) {
      case 'event':
        return `at event ${kill.nth}`;
      case 'time':
        return `after ${(kill.fraction * 100).toFixed(1)} % of the time`;
      case 'boundary':
        return `${kill.when} step ${kill.nth} to disk`;
      default:
        return kill satisfies never;
    }
  };
  return kills.map(one).join(', and again ');
}
