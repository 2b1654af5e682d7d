import { lstatSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Scan, Snapshot, Whole } from '../core/ports/search';
import { throwIfAborted } from './abort';
import { unless } from './errno';
import { findRipgrep, type RipgrepPlaces } from './ripgrep';
import { ripgrepFiles } from './search-ripgrep';
import { walk } from './walk';

/** Files are looked at in pieces, so that a large workspace does not hold up the process. */
const AT_ONCE = 200;
/** Larger files are not held in memory while a command runs. */
const MOST_BYTES = 512 * 1024;

type Seen = { readonly path: string; readonly size: number; readonly mtimeMs: number; readonly changedMs: number; readonly mark: string };

/** Size and time of the files that search lists, by ripgrep where there is one. */
export function createScan(places: RipgrepPlaces): Scan {
  return {
    async snapshot(folder, bounds, signal) {
      const at = Date.now();
      const until = performance.now() + bounds.ms;
      const { paths, complete } = await list(places, folder, bounds.files, until, signal);
      const seen: Seen[] = [];
      for (let i = 0; i < paths.length; i += AT_ONCE) {
        throwIfAborted(signal);
        if (performance.now() > until) return { at, marks: marksOf(seen), contents: new Map(), complete: false };
        for (const path of paths.slice(i, i + AT_ONCE)) {
          const found = look(path);
          if (found) seen.push(found);
        }
        await breathe();
      }
      return { at, marks: marksOf(seen), contents: await read(seen, bounds.bytes, until, signal), complete };
    },
    whole,
  };
}

async function list(places: RipgrepPlaces, folder: string, most: number, until: number, signal: AbortSignal) {
  const paths: string[] = [];
  let complete = true;
  const take = (path: string) => {
    complete = paths.length < most && performance.now() <= until;
    if (complete) paths.push(path);
    return complete;
  };
  const program = await findRipgrep(places);
  if (program) await ripgrepFiles(program, folder, take, signal);
  else for await (const path of walk(folder, signal)) if (!take(path)) break;
  return { paths, complete };
}

function look(path: string): Seen | undefined {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stats?.isFile()) return undefined;
  const { size, mtimeNs, mtimeMs, ctimeMs, ino } = stats;
  return { path, size: Number(size), mtimeMs: Number(mtimeMs), changedMs: Number(ctimeMs), mark: `${size}:${mtimeNs}:${ino}` };
}

function marksOf(seen: readonly Seen[]): Snapshot['marks'] {
  return new Map(seen.map(({ path, mark, changedMs }) => [path, { mark, changedMs }]));
}

/** Newest first: those are the likeliest to change next. */
async function read(seen: readonly Seen[], most: number, until: number, signal: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  let left = most;
  for (const [i, { path, size }] of [...seen].sort((a, b) => b.mtimeMs - a.mtimeMs).entries()) {
    if (performance.now() > until || left <= 0) break;
    if (i % AT_ONCE === AT_ONCE - 1) await breathe();
    throwIfAborted(signal);
    if (size > MOST_BYTES || size > left) continue;
    const bytes = readIfAny(path);
    if (!bytes) continue;
    contents.set(path, bytes);
    left -= bytes.length;
  }
  return contents;
}

/** What may not be read, or went meanwhile, is left out: nothing is promised about it. */
function readIfAny(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

async function whole(path: string, bounds: { readonly files: number; readonly bytes: number }, signal: AbortSignal): Promise<Whole> {
  const files: Whole['files'][number][] = [];
  const others: string[] = [];
  let bytes = 0;
  const folders = [path];
  /** False when a bound is reached. */
  const take = (at: string): boolean => {
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats?.isDirectory()) folders.push(at);
    else if (stats?.isFile()) {
      files.push({ path: at, mode: stats.mode & 0o7777 });
      bytes += stats.size;
    } else if (stats) others.push(at);
    return files.length + others.length <= bounds.files && bytes <= bounds.bytes;
  };
  if (!take(folders.pop() ?? path)) return { files, others, bytes, complete: false };
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    throwIfAborted(signal);
    const names = await unless(readdir(folder), 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM');
    for (const name of names ?? []) if (!take(join(folder, name))) return { files, others, bytes, complete: false };
  }
  return { files, others, bytes, complete: true };
}
