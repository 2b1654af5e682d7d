import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';

const require = createRequire(import.meta.url);

let bundled: Promise<string> | undefined;

/** The command line as it ships, bundled once for all tests of this process. */
export function bundle(): Promise<string> {
  bundled ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-cli-'));
    process.once('exit', () => require('node:fs').rmSync(folder, { recursive: true, force: true }));
    const outfile = join(folder, 'cli.mjs');
    const banner = 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);';
    await build({
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      entryPoints: [join(import.meta.dirname, '../../src/cli/main.ts')],
      outfile,
      banner: { js: banner },
      logLevel: 'error',
    });
    for (const wasm of [
      join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'),
      join(dirname(require.resolve('tree-sitter-bash/package.json')), 'tree-sitter-bash.wasm'),
    ]) {
      await copyFile(wasm, join(folder, wasm.slice(dirname(wasm).length + 1)));
    }
    return outfile;
  })();
  return bundled;
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended>; stderr(): string };

/** Instead of the project folder, the plain environment and an empty input. */
type More = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string };
/** A home, a project folder and the command line to run in them. */
export type Place = {
  readonly home: string;
  readonly folder: string;
  /** Starts it; its standard input is `input`, or empty. */
  start(args: readonly string[], more?: More): Promise<Running>;
  run(args: readonly string[], more?: More): Promise<Ended>;
  remove(): Promise<void>;
};

export async function makePlace(url?: string): Promise<Place> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'plumb-home-')));
  const folder = join(home, 'project');
  await mkdir(folder);
  const start: Place['start'] = async (args, { cwd = folder, env = {}, input } = {}) => {
    const program = await bundle();
    const connection = url === undefined ? {} : { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-test-canary' };
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home, ...connection, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin?.end(input);
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
    return { child, ended, stderr: () => stderr };
  };
  return {
    home,
    folder,
    start,
    run: async (args, more) => (await start(args, more)).ended,
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

export const zOutcome = z.object({
  session: z.string().nullable(),
  reason: z.string(),
  text: z.string(),
  turns: z.number(),
  usage: z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }),
  cost: z.number().nullable(),
  spend: z.array(
    z.object({ agent: z.string(), model: z.string(), of: z.string(), requests: z.number(), input: z.number(), output: z.number() }),
  ),
  sessionTotal: z.object({ input: z.number(), output: z.number(), cost: z.number().nullable() }),
  limit: z.object({ name: z.string(), limit: z.number(), used: z.number(), next: z.number().nullable() }).optional(),
  denied: z.array(z.object({ tool: z.string(), detail: z.string(), rules: z.array(z.string()) })),
  detail: z.string().optional(),
  next: z.string().optional(),
  error: z.string().optional(),
});
/** What `--output-format json` printed. */
export const objectIn = ({ stdout }: Ended) => zOutcome.parse(JSON.parse(stdout));
