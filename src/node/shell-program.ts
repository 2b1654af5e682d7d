import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { ToolError } from '../core/errors';
import type { ShellKind } from '../core/ports/shell';

export type ShellProgram = { readonly kind: ShellKind; readonly path: string };

const POSIX: readonly ShellKind[] = ['bash', 'zsh', 'sh'];
const KINDS: Readonly<Record<string, ShellKind>> = {
  bash: 'bash',
  zsh: 'zsh',
  sh: 'sh',
  dash: 'sh',
  ash: 'sh',
  ksh: 'sh',
  pwsh: 'powershell',
  powershell: 'powershell',
  cmd: 'cmd',
};

/** A setting that names no shell: what to say, and the shell that the platform would have had. */
export type WrongShell = { readonly problem: ToolError; readonly instead: ShellProgram };

/** The shell that runs the agent's commands. */
export function findShell(setting: string, path: string = process.env.PATH ?? ''): ShellProgram | WrongShell {
  if (setting === '') return platformShell(path);
  const kind = kindOf(setting);
  if (kind && isAbsolute(setting) && isProgram(setting)) return { kind, path: setting };
  const problem = new ToolError(
    `The setting plumb.shellPath names ${setting}, which is no shell that Plumb can use.`,
    'Ask the user to set it to the full path of bash, zsh, sh, pwsh or cmd, or to empty it.',
  );
  return { problem, instead: platformShell(path) };
}

function platformShell(path: string): ShellProgram {
  const names = process.platform === 'win32' ? ['pwsh.exe', 'powershell.exe', 'cmd.exe'] : POSIX;
  for (const name of names) {
    const at = which(name, path);
    if (at !== undefined) return { kind: kindOf(at) ?? 'sh', path: at };
  }
  return process.platform === 'win32' ? { kind: 'cmd', path: process.env.ComSpec ?? 'cmd.exe' } : { kind: 'sh', path: '/bin/sh' };
}

function kindOf(path: string): ShellKind | undefined {
  return KINDS[
    basename(path)
      .toLowerCase()
      .replace(/\.exe$/, '')
  ];
}

/** How to have the shell run one text, without start-up files, so that the text means what was judged. */
export function shellArguments(kind: ShellKind, command: string): readonly string[] {
  switch (kind) {
    case 'bash':
      return ['--noprofile', '--norc', '-c', command];
    case 'zsh':
      return ['-f', '-c', command];
    case 'sh':
      return ['-c', command];
    case 'powershell':
      return ['-NoProfile', '-NonInteractive', '-Command', command];
    case 'cmd':
      return ['/d', '/s', '/c', `"${command}"`];
    default:
      return kind satisfies never;
  }
}

/** The first program of that name on PATH; relative entries are skipped: they would lead into the workspace. */
export function which(name: string, path: string): string | undefined {
  const names = process.platform === 'win32' && !/\.\w+$/.test(name) ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name];
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const candidate of names) if (isProgram(join(folder, candidate))) return join(folder, candidate);
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    // Looked at first: most of what is tried is not there, and an error for each would cost more than all the rest.
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
