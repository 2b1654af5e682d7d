import { realpathSync, type Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ToolError } from '../core/errors';
import type { ResolvedPath } from '../core/ports';
import { errnoOf, unless } from './errno';

/**
 * From a path as the model spells it to the file that it means. Everything that reads, writes or judges a path goes
 * through here, so that what was judged is what is opened.
 */

const MAX_LINKS = 40;
const WINDOWS_DEVICES = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)(?:\.|$)/i;

export type Located = ResolvedPath & {
  /** The spelling lies in a root though `real` does not: a link leads out of the workspace. */
  readonly leads: boolean;
};

/** @throws ToolError for spellings that are never followed: NUL, device and network paths. */
export async function locate(spelled: string, roots: readonly string[]): Promise<Located> {
  const path = await absolutePath(spelled, roots);
  // A root that is gone still has its place: what would lie in it is inside.
  const [found, realRoots] = await Promise.all([realOf(path), Promise.all(roots.map((root) => follow(root)))]);
  const real = found ?? (await follow(path));
  const exists = found !== undefined || (await unless(lstat(real), 'ENOENT', 'ENOTDIR')) !== undefined;
  const inside = await liesIn(real, realRoots);
  return { path, real, exists, inside, leads: !inside && roots.some((root) => hasPrefix(path, root)) };
}

/** The absolute path that a spelling stands for, links not followed. @throws ToolError as `locate` does */
export async function absolutePath(spelled: string, roots: readonly string[]): Promise<string> {
  refuseSpelling(spelled);
  return absolute(expandHome(spelled), roots);
}

function refuseSpelling(path: string): void {
  if (path.includes('\0')) throw new ToolError('The path holds a NUL character.', 'Send the path without it.');
  // Before any look at the disk: on Windows even asking whether it exists sends the user's credentials to that host.
  if (/^(?:\\\\|\/\/|\\\/|\/\\|\\\?\?\\)/.test(path)) {
    throw new ToolError(`${path} is a network or device path.`, 'Use the path of a local file.');
  }
  if (process.platform === 'win32') refuseWindowsSpelling(path);
  else if (/^[A-Za-z]:[\\/]/.test(path))
    throw new ToolError(`${path} is a Windows path, and this system has no drives.`, 'Use a path of this system.');
}

function refuseWindowsSpelling(path: string): void {
  const odd = path.split(/[\\/]/).find((part, i) => {
    if (part === '.' || part === '..') return false;
    return WINDOWS_DEVICES.test(part) || /[. ]$/.test(part) || (part.includes(':') && !(i === 0 && /^[A-Za-z]:$/.test(part)));
  });
  if (odd !== undefined)
    throw new ToolError(`${path} names a device, a stream or another special file (${odd}).`, 'Use the plain name of a file.');
}

function expandHome(path: string): string {
  if (path === '~') return homedir();
  return /^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

/**
 * Relative paths start at the first root, or, of several, at the root whose name is their first part when nothing is
 * there. A single root is never named: in a folder `app`, `app/x` is a file of its subfolder `app`.
 */
async function absolute(path: string, roots: readonly string[]): Promise<string> {
  if (isAbsolute(path)) return resolve(path);
  const [first] = roots;
  if (first === undefined) throw new ToolError(`${path} is relative, and no folder is open.`, 'Use an absolute path.');
  const usual = resolve(first, path);
  if (roots.length < 2) return usual;
  const [head = '', ...rest] = path.split(/[\\/]/);
  const named = roots.find((root) => basename(root) === head);
  if (named === undefined || (await unless(lstat(usual), 'ENOENT', 'ENOTDIR'))) return usual;
  const other = resolve(named, ...rest);
  const there = (await unless(lstat(other), 'ENOENT', 'ENOTDIR')) ?? (await unless(lstat(dirname(other)), 'ENOENT', 'ENOTDIR'));
  return there ? other : usual;
}

/** Follows every link, dangling ones too: what the kernel would open or create. */
async function follow(path: string, links = 0): Promise<string> {
  if (links > MAX_LINKS) throw new ToolError(`${path} leads through links that never end.`, 'Use the path of a real file.');
  const whole = await realOf(path);
  if (whole !== undefined) return whole;
  const parent = dirname(path);
  if (parent === path) return path;
  const here = await unless(lstat(path), 'ENOENT', 'ENOTDIR');
  if (here?.isSymbolicLink()) return follow(resolve(await follow(parent, links + 1), await readlink(path)), links + 1);
  return join(await follow(parent, links), basename(path));
}

/** Asked of the system at once: a call asks it many times, and each trip to another thread costs more than the look. */
async function realOf(path: string): Promise<string | undefined> {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

async function liesIn(real: string, realRoots: readonly string[]): Promise<boolean> {
  for (const realRoot of realRoots) {
    if (hasPrefix(real, realRoot)) return true;
    // Spelled alike but for case or Unicode form: only the file system knows whether that is the same folder.
    const ancestor = real.split(sep).slice(0, realRoot.split(sep).length).join(sep);
    if (alike(ancestor, realRoot) && (await sameFile(ancestor, realRoot))) return true;
  }
  return false;
}

/** By whole segments, never by characters: `/work/app2` is not in `/work/app`. */
function hasPrefix(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function alike(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, two] = await Promise.all([a, b].map((path) => unless(stat(path), 'ENOENT', 'ENOTDIR')));
  return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
}

export function kindOf(stats: Pick<Stats, 'isFile' | 'isDirectory'>): 'file' | 'folder' | 'other' {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}
