import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { type EditorHost, npm, SetupError } from './install';
import { cache } from './paths';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const MAC = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** A headless browser as a package, for machines without one; unpacked by the editor host's Node. */
const PACKAGED = '@sparticuz/chromium@153.0.0';

/** Keeps a browser from reaching for the network on its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium: the one named by `PLUMB_BROWSER`, else an installed one, else a packaged one. */
export async function launchBrowser(host: EditorHost, say: (line: string) => void = console.log): Promise<Browser> {
  const found = await findBrowser(host, say);
  try {
    return await chromium.launch({
      executablePath: found.path,
      headless: true,
      args: FLAGS,
      env: { ...definedOnly(process.env), ...found.env },
    });
  } catch (error) {
    throw new SetupError(
      `The browser ${found.path} did not start: ${error instanceof Error ? error.message : String(error)}`,
      'Install Chrome or Chromium, or name one in the environment variable PLUMB_BROWSER.',
    );
  }
}

type FoundBrowser = { readonly path: string; readonly env: Readonly<Record<string, string>> };

async function findBrowser(host: EditorHost, say: (line: string) => void): Promise<FoundBrowser> {
  const named = process.env.PLUMB_BROWSER;
  if (named) {
    if (named !== 'packaged') return { path: named, env: {} };
    return packagedBrowser(host, say);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const installed = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC].find(isExecutable);
  return installed ? { path: installed, env: {} } : packagedBrowser(host, say);
}

async function packagedBrowser(host: EditorHost, say: (line: string) => void): Promise<FoundBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError('No Chrome or Chromium was found.', 'Install one, or name one in the environment variable PLUMB_BROWSER.');
  }
  const folder = join(cache, 'browser');
  const unpacked = join(folder, 'unpacked');
  if (!existsSync(unpacked)) {
    say('  fetching a browser (70 MB)');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'browser', private: true, type: 'module' }));
    await npm(folder, ['install', '--save-exact', '--ignore-scripts', '--engine-strict=false', PACKAGED]);
    const partial = `${unpacked}.partial-${process.pid}`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const script = join(folder, 'unpack.mjs');
    await writeFile(script, UNPACK);
    await runNode(host.node, script, { ...definedOnly(process.env), TMPDIR: partial });
    await rename(partial, unpacked);
  }
  // What it is linked to travels with it, for machines without a desktop's libraries and fonts.
  const libraries = [join(unpacked, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(unpacked, 'fonts') };
  return { path: join(unpacked, 'chromium'), env: { LD_LIBRARY_PATH: libraries, ...fonts } };
}

/** The package unpacks into TMPDIR; its libraries only where it believes to be in its own cloud, so they are asked for. */
const UNPACK = `import { join } from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';
await chromium.executablePath();
await inflate(join(import.meta.dirname, 'node_modules/@sparticuz/chromium/bin/al2023.tar.br'));
`;

async function runNode(node: string, script: string, env: Record<string, string>): Promise<void> {
  const child = spawn(node, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code === 0) return;
  throw new SetupError(`The packaged browser could not be unpacked:\n${errors.trim()}`, 'Install Chrome or Chromium and try again.');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
