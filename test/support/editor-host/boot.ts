import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EditorHost, SetupError } from './install';
import { fewExtensions } from './lean';

export type Editor = {
  /** Where the server answers: an address on loopback, or a socket file. */
  readonly url: string;
  readonly socket: string | undefined;
  readonly dataFolder: string;
  /** What the server and the extension host wrote so far, for a report when something went wrong. */
  readonly log: () => string;
  readonly exited: Promise<number>;
  readonly close: () => Promise<void>;
};

export type BootOptions = {
  readonly host: EditorHost;
  /** Kept between runs when given; otherwise a fresh folder that goes with the editor. */
  readonly dataFolder?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the extension host's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Serve on a socket file that only this user can open, instead of a port. */
  readonly viaSocket?: boolean;
  /** Ask whether the workspace is trusted, as a desktop does; tests mostly do not want the question. */
  readonly workspaceTrust?: boolean;
  /** Only those of the editor's own extensions that tests are about: the others make every window slower to open. */
  readonly fewExtensions?: boolean;
  /** Packaged extensions to install before the start. */
  readonly install?: readonly string[];
};

/** Settings that keep the workbench quiet, for tests and for a first look at Plumb alike. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
};

/** The settings of a user who has changed nothing but these. */
export function workbenchSettings(settings: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { ...QUIET, ...settings };
}

/** Not the tooling's own: an editor must not believe that it runs inside another editor, or under a test runner. */
const DROPPED_ENV = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_PATH$|TSX_|npm_)/;

/** Starts the editor's server with its own data folders and waits until it answers. */
export async function bootEditor(options: BootOptions): Promise<Editor> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'plumb-editor-')));
  await mkdir(dataFolder, { recursive: true });
  await chmod(dataFolder, 0o700);
  await writeSettings(dataFolder, workbenchSettings(options.settings));

  const env = childEnvironment(options.env ?? {});
  const folders = [
    '--server-data-dir',
    dataFolder,
    '--user-data-dir',
    join(dataFolder, 'user'),
    '--extensions-dir',
    join(dataFolder, 'extensions'),
    ...(options.fewExtensions ? ['--builtin-extensions-dir', await fewExtensions(options.host)] : []),
  ];
  for (const extension of options.install ?? []) await installExtension(options.host, folders, extension, env);

  // In a folder of its own, readable by this user only; a path inside a deep data folder could be too long for a socket.
  const socketFolder = options.viaSocket ? await mkdtemp(join(tmpdir(), 'plumb-socket-')) : undefined;
  const socket = socketFolder && join(socketFolder, 'editor');
  const child = spawn(
    options.host.node,
    [
      options.host.server,
      ...(socket ? ['--socket-path', socket] : ['--host', '127.0.0.1', '--port', '0']),
      '--without-connection-token',
      '--accept-server-license-terms',
      '--enable-smoke-test-driver',
      ...folders,
      '--disable-telemetry',
      '--telemetry-level',
      'off',
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ],
    // A process group of its own, so that the extension host and its terminals go when the server goes.
    { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  const collect = (chunk: Buffer) => {
    log = (log + chunk).slice(-200_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const killNow = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killNow);

  const close = async () => {
    process.removeListener('exit', killNow);
    signalGroup(child, 'SIGTERM');
    const patience = setTimeout(killNow, 3000);
    await exited;
    clearTimeout(patience);
    killNow();
    for (const folder of [socketFolder, options.dataFolder ? undefined : dataFolder]) {
      if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  };

  try {
    const url = await answered(() => log, exited, socket);
    return { url, socket, dataFolder, log: () => log, exited, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The user's own settings and the machine's: settings of machine scope are read from the second place only. In a data
 * folder that is kept, what the user has changed there stays.
 */
async function writeSettings(dataFolder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  for (const folder of [join(dataFolder, 'user/User'), join(dataFolder, 'user/Machine')]) {
    const path = join(folder, 'settings.json');
    if (existsSync(path)) continue;
    await mkdir(folder, { recursive: true });
    await writeFile(path, `${JSON.stringify(settings, null, 2)}\n`);
  }
}

function childEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !DROPPED_ENV.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

async function installExtension(host: EditorHost, folders: readonly string[], vsix: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(host.node, [host.server, '--accept-server-license-terms', ...folders, '--install-extension', vsix, '--force'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk));
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  if (code !== 0 || !/successfully installed/.test(output)) {
    throw new SetupError(`The editor refused to install ${vsix}:\n${output.trim()}`, 'Build it again with `npm run package`.');
  }
}

/** Waits for the server's own line "Extension host agent listening on …", which names the port it was given. */
async function answered(log: () => string, exited: Promise<number>, socket: string | undefined): Promise<string> {
  const patience = Date.now() + 60_000;
  let code: number | undefined;
  void exited.then((status) => {
    code = status;
  });
  while (Date.now() < patience) {
    const line = /Extension host agent listening on (\S+)/.exec(log());
    if (line) return socket ? 'http://127.0.0.1' : `http://127.0.0.1:${line[1]}`;
    if (code !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new SetupError(
    `The editor's server ${code === undefined ? 'did not answer within a minute' : `ended with code ${code}`}:\n${log().trim()}`,
    'If its files are damaged, delete .vscode-test/editor-host and try again.',
  );
}

/** A signal ends a process without its `exit` listeners, which are what ends the editors that it started. */
export function exitOnSignals(): void {
  if (exiting) return;
  exiting = true;
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}

let exiting = false;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone already, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The page that shows a folder with an extension loaded from source, running a test module when one is given. */
export function workbenchQuery(open: { readonly folder: string } & Loaded): string {
  return `/?folder=${encodeURIComponent(open.folder)}&payload=${encodeURIComponent(payload(open))}`;
}

type Loaded = { readonly extension?: string; readonly neighbours?: readonly string[]; readonly tests?: string };

/** What a page is told to load; VS Code heeds it because the server runs with its test driver on. */
export function payload(load: Loaded): string {
  const remote = (path: string) => `vscode-remote://remote${path}`;
  const entries: [string, string][] = [['skipWelcome', 'true']];
  if (load.extension) entries.push(['extensionDevelopmentPath', remote(load.extension)]);
  // Other extensions under development beside it.
  for (const folder of load.neighbours ?? []) entries.push(['extensionDevelopmentPath', remote(folder)]);
  if (load.tests) entries.push(['extensionTestsPath', remote(load.tests)]);
  return JSON.stringify(entries);
}
