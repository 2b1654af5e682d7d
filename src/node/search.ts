import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { messageOf, ToolError } from '../core/errors';
import type { Search } from '../core/ports/search';
import { throwIfAborted } from './abort';
import { unless } from './errno';
import { missing } from './file-errors';
import { globMatcher } from './glob-pattern';
import { findRipgrep, type RipgrepPlaces } from './ripgrep';
import { ripgrepFiles, ripgrepSearch } from './search-ripgrep';
import { walkSearch } from './search-walk';
import { walk } from './walk';

/** Files are asked for their time in pieces, so that a huge workspace does not hold up the process. */
const STATS_AT_ONCE = 1_000;

/** Search over the files on disk, by ripgrep where there is one. */
export function createSearch(places: RipgrepPlaces): Search {
  let program: Promise<string | undefined> | undefined;
  const ripgrep = (): Promise<string | undefined> => {
    program ??= findRipgrep(places);
    return program;
  };

  return {
    async grep(query, signal) {
      throwIfAborted(signal);
      const isFile = (await kindAt(query.path)) === 'file';
      const fits = query.glob === undefined ? () => true : matcher(query.glob);
      const folder = isFile ? dirname(query.path) : query.path;
      // A file named outright is searched whatever the glob says of others.
      const wanted = (at: string) => isFile || fits(slashed(relative(folder, at)));
      const program = await ripgrep();
      return program ? ripgrepSearch(program, query, isFile, wanted, signal) : walkSearch(query, isFile, wanted, signal);
    },

    async glob(pattern, folder, limit, signal) {
      throwIfAborted(signal);
      if ((await kindAt(folder)) === 'file') throw new ToolError(`${folder} is a file.`, 'Name the folder to look in.');
      if (pattern.startsWith('!')) throw new ToolError('The pattern begins with "!".', 'Say which files to find, not which to leave out.');
      const fits = matcher(below(pattern, folder).replace(/\/$/, '/**'));
      const found: string[] = [];
      const take = (at: string) => {
        if (fits(slashed(relative(folder, at)))) found.push(at);
        return true;
      };
      const program = await ripgrep();
      if (program) await ripgrepFiles(program, folder, take, signal);
      else for await (const at of walk(folder, signal)) take(at);
      const newest = await newestFirst(found, signal);
      return { paths: newest.slice(0, limit), more: newest.length > limit };
    },
  };
}

async function kindAt(path: string): Promise<'file' | 'folder'> {
  const stats = await unless(stat(path), 'ENOENT', 'ENOTDIR');
  if (!stats) throw missing(path);
  return stats.isDirectory() ? 'folder' : 'file';
}

/** @throws ToolError on a glob that cannot be read. */
function matcher(glob: string): (path: string) => boolean {
  const excludes = glob.startsWith('!');
  try {
    const fits = globMatcher(slashed(excludes ? glob.slice(1) : glob), { braces: true });
    return excludes ? (path) => !fits(path) : fits;
  } catch (error) {
    throw new ToolError(
      `The glob ${glob} cannot be used: ${messageOf(error)}.`,
      'Close its brackets and braces, or put a backslash before those that are meant literally.',
    );
  }
}

/** An absolute pattern is taken as one of the folder, when it lies there. */
function below(pattern: string, folder: string): string {
  if (!isAbsolute(pattern)) return pattern;
  const way = slashed(relative(folder, pattern));
  if (way !== '' && !way.startsWith('../') && way !== '..') return `/${way}`;
  throw new ToolError(`The pattern ${pattern} lies outside ${folder}.`, 'Give the folder as path and the pattern relative to it.');
}

async function newestFirst(paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  const times = new Map<string, number>();
  for (let at = 0; at < paths.length; at += STATS_AT_ONCE) {
    throwIfAborted(signal);
    for (const path of paths.slice(at, at + STATS_AT_ONCE)) {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats) times.set(path, stats.mtimeMs);
    }
    await breathe();
  }
  return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([path]) => path);
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
