import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../core/errors';
import type { SandboxState } from '../core/ports/shell';
import { which } from './shell-program';

/** What a confined command may write: these folders, and a temp folder of its own. */
export type Confinement = { readonly roots: readonly string[]; readonly cwd: string };

export type Sandbox = {
  /** Tried once, by running something in it. */
  state(): Promise<SandboxState>;
  /** The same command, confined. Only where the state is ready. */
  wrap(command: readonly string[], confinement: Confinement): readonly string[];
  dispose(): void;
};

/** Never to be read or reached from a confined command: keys, and sockets of programs that would do its bidding. */
const HIDDEN = ['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.docker', '.config/gcloud', '.config/gh', '.netrc', '.git-credentials'];
/** Written in the workspace, these would run later, outside. */
const KEPT = ['.git/hooks', '.git/config', '.vscode', '.idea', '.husky', '.devcontainer', '.mcp.json', '.envrc', '.gitmodules'];

/** The system's own sandbox: bubblewrap on Linux, Seatbelt on macOS. */
export function createSandbox(): Sandbox {
  let probed: Promise<SandboxState> | undefined;
  let program: string | undefined;
  let temp: string | undefined;
  const ownTemp = () => {
    if (temp === undefined || !existsSync(temp)) temp = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-temp-')));
    return temp;
  };

  const wrap: Sandbox['wrap'] = (command, confinement) => {
    if (process.platform === 'darwin') return ['/usr/bin/sandbox-exec', '-p', seatbeltProfile(confinement, ownTemp()), ...command];
    return [program ?? 'bwrap', ...bubblewrapArguments(confinement, ownTemp()), ...command];
  };

  async function probe(): Promise<SandboxState> {
    if (process.platform !== 'linux' && process.platform !== 'darwin')
      return { ready: false, why: 'this system has none that Plumb can use' };
    const name = process.platform === 'linux' ? 'bubblewrap' : 'Seatbelt';
    program = process.platform === 'linux' ? which('bwrap', process.env.PATH ?? '') : '/usr/bin/sandbox-exec';
    if (program === undefined) return { ready: false, why: 'bubblewrap (bwrap) is not installed' };
    const [file = '', ...args] = wrap(['/bin/sh', '-c', ':'], { roots: [], cwd: '/' });
    try {
      await promisify(execFile)(file, args, { timeout: 5_000 });
      return { ready: true, by: name };
    } catch (error) {
      return { ready: false, why: `${name} does not work here: ${messageOf(error).trim().split('\n').at(-1) ?? ''}` };
    } finally {
      dispose();
    }
  }

  const dispose = () => {
    if (temp !== undefined) rmSync(temp, { recursive: true, force: true });
    temp = undefined;
  };

  return {
    state: () => {
      probed ??= probe();
      return probed;
    },
    wrap,
    dispose,
  };
}

/**
 * Everything is there to read but what is hidden; only the roots and /tmp can be written, no network, no process and no
 * socket of the system can be reached. It ends when we do.
 */
export function bubblewrapArguments({ roots, cwd }: Confinement, temp: string): readonly string[] {
  const real = roots.filter((root) => existsSync(root)).map((root) => realpathSync(root));
  const hidden = HIDDEN.map((name) => join(homedir(), name)).filter((path) => existsSync(path));
  const kept = real.flatMap((root) => KEPT.map((name) => join(root, name))).filter(isOwn);
  const isFolder = (path: string) => lstatSync(realpathSync(path)).isDirectory();
  return [
    ...['--unshare-all', '--cap-drop', 'ALL', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    // Sockets of the system lie in /run; NixOS has its programs there.
    ...['--tmpfs', '/run', '--ro-bind-try', '/run/current-system', '/run/current-system'],
    ...hidden.flatMap((path) => (isFolder(path) ? ['--tmpfs', realpathSync(path)] : ['--ro-bind', '/dev/null', realpathSync(path)])),
    ...['--bind', temp, '/tmp', '--bind-try', temp, '/var/tmp', '--setenv', 'TMPDIR', '/tmp', '--unsetenv', 'TMP', '--unsetenv', 'TEMP'],
    ...real.flatMap((root) => ['--bind', root, root]),
    // A mount of its own, so that it can not be moved away from what is kept in it.
    ...real.map((root) => join(root, '.git')).flatMap((path) => (isOwn(path) ? ['--bind', path, path] : [])),
    ...kept.flatMap((path) => ['--ro-bind', path, path]),
    ...['--chdir', cwd, '--'],
  ];
}

/** There, and no link: bubblewrap mounts nothing on one. */
function isOwn(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false;
}

/** The same for macOS, in the language of its profiles; the last rule that fits holds. */
export function seatbeltProfile({ roots }: Confinement, temp: string): string {
  const real = roots.map((root) => (existsSync(root) ? realpathSync(root) : root));
  const quoted = (path: string) => `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const below = (paths: readonly string[]) => paths.map((path) => `(subpath ${quoted(path)})`).join(' ');
  const kept = real.flatMap((root) => KEPT.map((name) => join(root, name)));
  return [
    '(version 1)',
    '(allow default)',
    '(deny network*)',
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    '(deny file-write*)',
    `(allow file-write* ${below([...real, temp, '/private/tmp', '/private/var/tmp'])} (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty"))`,
    ...(kept.length > 0 ? [`(deny file-write* ${below(kept)})`] : []),
    `(deny file-read* ${below(HIDDEN.map((name) => join(homedir(), name)))})`,
  ].join('\n');
}
