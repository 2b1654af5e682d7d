import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fchownSync, fstatSync, readSync, type Stats } from 'node:fs';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { ToolError } from '../core/errors';
import { type AnchoredFolder, openIn } from './anchored-folder';
import { errnoOf, unless } from './errno';
import { isFolder, readOnly, special, taken } from './file-errors';
import { MAX_FILE_BYTES } from './text-file';
import { setMode, writable } from './writable';

const PIECE = 256 * 1024;

/** A file's bytes and what to keep of it when it is replaced. */
export type FileBytes = { readonly bytes: Uint8Array; readonly stats: Stats };

/** Reads a regular file whole. @throws ToolError for folders, devices and files over the limit. */
export async function readWhole(folder: AnchoredFolder, name: string, path: string): Promise<FileBytes> {
  return withFile(folder, name, path, async (fd, stats) => {
    if (stats.size > MAX_FILE_BYTES) throw tooLarge(path, stats.size);
    // A file of /proc says it is empty; one that grows must not outgrow the limit.
    const bytes = await readUpTo(fd, MAX_FILE_BYTES + 1, stats.size);
    if (bytes.length > MAX_FILE_BYTES) throw tooLarge(path, bytes.length);
    return { bytes, stats };
  });
}

/** Reads at most `limit` bytes from the start of a regular file. */
export function readHead(folder: AnchoredFolder, name: string, path: string, limit: number): Promise<Uint8Array> {
  return withFile(folder, name, path, (fd, stats) => readUpTo(fd, limit, stats.size));
}

/**
 * Replaces a file's bytes in one step, so that a crash leaves the old or the new file and never half of one. Mode and
 * owner stay. False, with nothing written, when the file no longer holds `seen`.
 */
export async function replaceBytes(
  folder: AnchoredFolder,
  name: string,
  path: string,
  seen: FileBytes,
  bytes: Uint8Array,
): Promise<boolean> {
  // A rename needs no right on the file itself, so its write protection is asked for.
  if (!(await writable(await folder.at(name)))) throw readOnly(path);
  return withDraft(folder, name, bytes, seen.stats, async (draft) => {
    const now = await readWhole(folder, name, path);
    if (Buffer.compare(now.bytes, seen.bytes) !== 0) return false;
    await rename(draft, await folder.at(name));
    return true;
  });
}

/** Makes a new file with these bytes, and this mode, whole from its first moment. @throws ToolError when something has that name. */
export async function createBytes(folder: AnchoredFolder, name: string, path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  await withDraft(folder, name, bytes, undefined, async (draft) => {
    if (mode !== undefined) await setMode(draft, mode);
    try {
      // A link fails when the name is taken, where a rename would replace.
      await link(draft, await folder.at(name));
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') throw taken(path);
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
      await createPlainly(await folder.at(name), path, bytes);
      if (mode !== undefined) await setMode(await folder.at(name), mode);
    }
    return true;
  });
}

/** For file systems without links. */
async function createPlainly(at: string, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await unless(open(at, 'wx'), 'EEXIST');
  if (!handle) throw taken(path);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes the bytes beside their target, safe on disk and with the right mode, before `use` puts them in its place. */
async function withDraft(
  folder: AnchoredFolder,
  name: string,
  bytes: Uint8Array,
  like: Stats | undefined,
  use: (draft: string) => Promise<boolean>,
): Promise<boolean> {
  const draft = await folder.at(`${draftStart(name)}${randomBytes(6).toString('hex')}.tmp`);
  let placed = false;
  try {
    const handle = await open(draft, 'wx', like ? 0o600 : 0o666);
    try {
      await handle.writeFile(bytes);
      if (like) takeAfter(handle.fd, like);
      await handle.sync();
    } finally {
      await handle.close();
    }
    placed = await use(draft);
    return placed;
  } finally {
    // A file that took the place of another by a rename left nothing behind.
    if (!placed || !like) await rm(draft, { force: true });
    await folder.sync();
  }
}

/** Removes the drafts of a file that a process which was killed has left. */
export async function removeDrafts(folder: string, name: string): Promise<void> {
  const start = draftStart(name);
  const names = (await unless(readdir(folder), 'ENOENT', 'ENOTDIR', 'EACCES')) ?? [];
  const left = names.filter((other) => other.startsWith(start) && /^[0-9a-f]{12}\.tmp$/.test(other.slice(start.length)));
  await Promise.all(left.map((other) => rm(join(folder, other), { force: true })));
}

function draftStart(name: string): string {
  return `.${name.slice(0, 80)}.`;
}

function takeAfter(fd: number, like: Stats): void {
  const own = fstatSync(fd);
  if (own.uid !== like.uid || own.gid !== like.gid) {
    try {
      fchownSync(fd, like.uid, like.gid);
    } catch (error) {
      // Only root may give a file away; for anybody else it becomes theirs, as with every editor that saves by rename.
      if (errnoOf(error) !== 'EPERM') throw error;
    }
  }
  fchmodSync(fd, like.mode & 0o7777);
}

async function withFile<T>(folder: AnchoredFolder, name: string, path: string, use: (fd: number, stats: Stats) => Promise<T>): Promise<T> {
  let fd: number;
  try {
    fd = await openIn(folder, name, constants.O_RDONLY);
  } catch (error) {
    // Sockets and devices without a driver cannot be opened at all.
    if (errnoOf(error) === 'ENXIO' || errnoOf(error) === 'ENODEV') throw special(path);
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw isFolder(path);
    if (!stats.isFile()) throw special(path);
    return await use(fd, stats);
  } finally {
    closeSync(fd);
  }
}

/**
 * `size` is what the file said of itself: one byte more is asked for, so that a usual file takes one read. Large files
 * are read piece by piece, with a turn for everything else between two.
 */
async function readUpTo(fd: number, limit: number, size: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (let at = 0; at < limit; ) {
    if (parts.length > 0) await breathe();
    const wanted = at <= size ? size - at + 1 : PIECE;
    const part = Buffer.allocUnsafe(Math.min(wanted, PIECE, limit - at));
    const bytesRead = readSync(fd, part, 0, part.length, at);
    if (bytesRead === 0) break;
    parts.push(part.subarray(0, bytesRead));
    at += bytesRead;
    if (at === size && bytesRead < part.length) break;
  }
  const [only] = parts;
  return only && parts.length === 1 ? only : Buffer.concat(parts);
}

function tooLarge(path: string, size: number): ToolError {
  return new ToolError(
    `${path} has ${(size / 1024 / 1024).toFixed(1)} MB; files over 10 MB are not loaded.`,
    'Search it with grep, or take a part of it with a shell command such as head, tail or sed -n.',
  );
}
