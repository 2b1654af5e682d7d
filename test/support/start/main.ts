import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildIfStale } from '../build';
import { bootEditor, type Editor, payload } from '../editor-host/boot';
import { installEditorHost, SetupError } from '../editor-host/install';
import { cache, repository } from '../editor-host/paths';
import { scratchWorkspace } from '../workspace';
import { checkPanel } from './check';
import { type Front, type FrontOptions, openFront } from './front';
import { readOptions, type StartOptions } from './options';
import { prepareSample } from './sample';

/** `npm start`, once the dependencies are there: from a built Plumb to one address, saying what it does and how long it took. */
async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === 'help') return;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

  const given = options.folder === undefined ? undefined : await existingFolder(options.folder);
  const begun = performance.now();
  await step('Building Plumb', buildIfStale, (built) => (built ? 'built' : 'up to date'));
  const host = await step(
    'Getting VS Code',
    () => installEditorHost(sayBelow),
    () => '1.139.1',
  );
  // A check must not throw away what the user has done in their copy of the sample.
  const scratch = options.check && !given ? await scratchWorkspace() : undefined;
  const folder = given ?? scratch?.folder ?? (await sampleFolder(options));
  const editor = await step('Starting VS Code', () =>
    bootEditor({
      host,
      // Kept, so that the next start finds the settings and layout of this one.
      dataFolder: options.check ? undefined : join(cache, 'start'),
      viaSocket: true,
      settings: { 'workbench.secondarySideBar.defaultVisibility': 'visible' },
      // Asks the extension to show its panel when the window opens.
      env: { PLUMB_START: '1' },
      // The sample is ours; whether to trust a folder of the user's is the user's to say, as on a desktop.
      workspaceTrust: given !== undefined,
    }),
  );
  try {
    const front = await listen(options.port, {
      key: await keptKey(),
      socket: editor.socket ?? '',
      folder,
      payload: payload({ extension: repository }),
    });
    try {
      if (options.check)
        await step(
          'Looking for the panel',
          () => checkPanel(host, front.address, sayBelow),
          (seen) => seen,
        );
      else await serve(front, editor, folder, begun, options, stop.signal);
    } finally {
      await front.close();
    }
  } finally {
    await editor.close();
    await scratch?.remove();
  }
}

async function serve(front: Front, editor: Editor, folder: string, begun: number, options: StartOptions, stop: AbortSignal): Promise<void> {
  console.log(`\nReady after ${seconds(begun)}. Folder: ${folder}`);
  console.log(`Model: ${describeModel()}`);
  console.log(`\n  ${front.address}\n`);
  console.log('Open this address in a browser. Ctrl+C here stops everything.');
  if (options.open) openInBrowser(front.address);
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    else stop.addEventListener('abort', () => resolve(undefined));
  });
  const code = await Promise.race([editor.exited, stopped]);
  if (code !== undefined) {
    throw new SetupError(`VS Code ended with code ${code}:\n${editor.log().slice(-2000)}`, 'Start again with `npm start`.');
  }
  console.log('\nStopped.');
}

async function sampleFolder(options: StartOptions): Promise<string> {
  const sample = await step(
    'Preparing the sample project',
    () => prepareSample({ fresh: options.fresh }),
    ({ kept }) => (kept ? 'kept as you left it; --fresh starts over' : 'a fresh copy'),
  );
  return sample.folder;
}

async function existingFolder(path: string): Promise<string> {
  if (!existsSync(path)) throw new SetupError(`There is no folder ${path}.`, 'Give an existing one: `npm start -- --folder PATH`.');
  return await realpath(path);
}

/** A port that was asked for is used or refused; the default one moves on when another program has it. */
async function listen(port: number | undefined, options: Omit<FrontOptions, 'port'>): Promise<Front> {
  const candidates = port === undefined ? Array.from({ length: 20 }, (_, index) => 4180 + index) : [port];
  for (const candidate of candidates) {
    try {
      return await openFront({ ...options, port: candidate });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EACCES')
        throw new SetupError(`Port ${candidate} is not open to you.`, 'Choose one above 1023: `npm start -- --port 4180`.');
      if (code !== 'EADDRINUSE') throw error;
    }
  }
  throw new SetupError(
    port === undefined ? 'Ports 4180 to 4199 are all in use.' : `Port ${port} is in use.`,
    'Choose another one (`npm start -- --port N`), or stop the program that has it.',
  );
}

/** The same key at each start, so that a page which is still open finds its editor again. */
async function keptKey(): Promise<string> {
  const path = join(cache, 'start-key');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const key = randomBytes(18).toString('base64url');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, key, { mode: 0o600 });
  return key;
}

function describeModel(): string {
  const { ANTHROPIC_BASE_URL: address, ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: token } = process.env;
  if (address) return `the server at ${address}`;
  if (key || token) return 'the Anthropic API, with your key from the environment';
  return 'the built-in offline demo. Set ANTHROPIC_API_KEY, or run "Plumb: Set API key" in the editor, for a real one.';
}

function openInBrowser(address: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [address], { detached: true, stdio: 'ignore' });
  child.on('error', () => console.log(`(No browser could be opened with ${command}; open the address yourself.)`));
  child.unref();
}

async function step<T>(what: string, work: () => Promise<T>, outcome: (value: T) => string = () => 'done'): Promise<T> {
  process.stdout.write(`${what} … `);
  below = false;
  const begun = performance.now();
  try {
    const value = await work();
    process.stdout.write(`${below ? '… ' : ''}${outcome(value)}, ${seconds(begun)}\n`);
    return value;
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  }
}

/** A long step says on lines of its own what it is at. */
let below = false;
function sayBelow(line: string): void {
  process.stdout.write(`${below ? '' : '\n'}${line}\n`);
  below = true;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error(
    `\n${error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  process.exit(1);
}
