import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { buildIfStale } from '../support/build';
import { repository } from '../support/editor-host/paths';
import { now } from './server';
import { makeProject } from './tasks';

export type Agent = 'ours' | 'floor';
export const AGENTS: readonly Agent[] = ['ours', 'floor'];
export const MODEL = 'claude-opus-4-8';

export type Run = {
  readonly startedAt: number;
  /** When that text first stood on standard output. */
  readonly saidAt: number;
  /** Milliseconds of both kinds of processor time, and bytes at the highest point. */
  readonly cpu: number;
  readonly memory: number;
};

/** A folder with a project and a home, in which one agent runs, perhaps several times. */
export type Place = {
  run(prompt: string, options?: { readonly resume?: boolean; readonly watchFor?: string }): Promise<Run>;
  remove(): Promise<void>;
};
export type Stage = { place(agent: Agent): Promise<Place>; remove(): Promise<void> };

const zUsage = z.object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() });
/** Runs in both agents alike, and tells at their end what they used. */
const PRELOAD = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));`;
const TIME_LIMIT_MS = 180_000;

/** The product as it ships, and the floor as a team would write it: one file beside the SDK as installed. */
export async function setStage(url: string): Promise<Stage> {
  await buildIfStale();
  const base = await realpath(await mkdtemp(join(tmpdir(), 'plumb-bench-')));
  const product = join(base, 'dist');
  await cp(join(repository, 'dist'), product, { recursive: true });
  // Beside node_modules, so that the SDK is found where it is installed.
  const floor = await mkdtemp(join(repository, 'node_modules', '.plumb-bench-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'floor.ts')],
    outfile: join(floor, 'floor.mjs'),
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  const commands: Readonly<Record<Agent, (prompt: string, home: string, resume: boolean) => readonly string[]>> = {
    ours: (prompt, home, resume) => [
      join(product, 'cli.js'),
      ...['-p', prompt, '--model', MODEL, '--permission-mode', 'edit', '--output-format', 'stream-json'],
      ...['--storage', join(home, 'storage'), '--max-turns', '1000', ...(resume ? ['--resume', 'last'] : [])],
    ],
    floor: (prompt, home) => [join(floor, 'floor.mjs'), prompt, MODEL, join(home, 'conversation.json')],
  };
  const preload = `data:text/javascript,${encodeURIComponent(PRELOAD)}`;

  return {
    async place(agent) {
      const home = await mkdtemp(join(base, 'home-'));
      const cwd = join(home, 'project');
      await mkdir(cwd);
      await makeProject(cwd);
      const usage = join(home, 'usage.json');
      return {
        run: async (prompt, { resume = false, watchFor } = {}) => {
          const env = { PATH: process.env.PATH ?? '', HOME: home, ANTHROPIC_API_KEY: 'bench', ANTHROPIC_BASE_URL: url, BENCH_USAGE: usage };
          const startedAt = now();
          const child = spawn(process.execPath, ['--import', preload, ...commands[agent](prompt, home, resume)], {
            cwd,
            env,
            stdio: ['ignore', 'pipe', 'inherit'],
            timeout: TIME_LIMIT_MS,
            killSignal: 'SIGKILL',
          });
          let saidAt = 0;
          child.stdout.on('data', (chunk: Buffer) => {
            if (watchFor !== undefined && saidAt === 0 && chunk.includes(watchFor)) saidAt = now();
          });
          const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
          if (code !== 0) throw new Error(`${agent} ended with code ${code} on ${prompt}`);
          const used = zUsage.parse(JSON.parse(await readFile(usage, 'utf8')));
          return { startedAt, saidAt, cpu: (used.userCPUTime + used.systemCPUTime) / 1000, memory: used.maxRSS * 1024 };
        },
        remove: () => rm(home, { recursive: true, force: true }),
      };
    },
    remove: async () => {
      await rm(floor, { recursive: true, force: true });
      await rm(base, { recursive: true, force: true });
    },
  };
}
