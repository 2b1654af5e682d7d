import { type Stats, statSync } from 'node:fs';
import { link, lstat, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../core/errors';
import type { AppliedChange, Documents } from '../core/ports';
import { throwIfAborted } from './abort';
import { type AnchoredFolder, anchorFolder, anchorNewFolder } from './anchored-folder';
import { errnoOf, unless } from './errno';
import { createBytes, readHead, readWhole, removeDrafts, replaceBytes } from './file-bytes';
import { fileError, missing, special, taken } from './file-errors';
import { sha256 } from './hash';
import { absolutePath, kindOf, type Located, locate } from './paths';
import { createSerial } from './serial';
import { type DecodedText, decodeText, encodeText, keepLineEndings } from './text-file';

/** How often an edit is worked out anew when somebody else keeps writing the same file. */
const MAX_RACES = 20;

/** Files as they stand on disk, for runs without an editor. */
export function createDocuments({ roots }: { readonly roots: readonly string[] }): Documents {
  const serial = createSerial();

  /** A change of one file, after those before it and only while the workspace's links lead where they led. */
  const changing = <T>(path: string, signal: AbortSignal, work: (at: Located) => Promise<T>): Promise<T> =>
    told(path, async () => {
      const first = await locate(path, roots);
      return serial(first.real, async () => {
        throwIfAborted(signal);
        const at = await locate(path, roots);
        refuseLeading(at);
        return work(at);
      });
    });

  return {
    roots: () => roots,

    resolve: (path) =>
      told(path, async () => {
        const { leads: _leads, ...resolved } = await locate(path, roots);
        const stats = await unless(statOf(resolved.real), 'ENOENT', 'ENOTDIR', 'EACCES');
        if (stats && kindOf(stats) === 'other') throw special(resolved.path);
        return resolved;
      }),

    stat: (path) =>
      told(path, async () => {
        // No need to know where links lead: the system follows them itself, and nothing is read. At once, because between
        // two requests many files are looked at, and each trip to another thread costs more than the look.
        const at = await absolutePath(path, roots);
        const stats = await unless(statOf(at), 'ENOENT', 'ENOTDIR');
        return stats && { kind: kindOf(stats), size: stats.size, mtimeMs: stats.mtimeMs };
      }),

    list: (folder) =>
      told(folder, async () => {
        const { real } = await locate(folder, roots);
        const entries = await readdir(real, { withFileTypes: true });
        const listed = entries.map(async (entry) => {
          // A link shows what it leads to; one that leads nowhere is neither file nor folder.
          const kind = entry.isSymbolicLink() ? await unless(stat(join(real, entry.name)), 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP') : entry;
          return { name: entry.name, kind: kind ? kindOf(kind) : ('other' as const) };
        });
        return (await Promise.all(listed)).sort((a, b) => (a.name < b.name ? -1 : 1));
      }),

    readText: (path, signal) =>
      told(path, async () => {
        throwIfAborted(signal);
        const at = await locate(path, roots);
        return anchored(at.real, async (folder, name) => {
          const { text, encoding } = textOf((await readWhole(folder, name, at.path)).bytes, at.path);
          throwIfAborted(signal);
          return {
            path: at.path,
            text,
            hash: sha256(text),
            dirty: false,
            ...(encoding ? { encoding } : { encoding: 'unknown', lossy: true }),
          };
        });
      }),

    readBytes: (path, limit, signal) =>
      told(path, async () => {
        throwIfAborted(signal);
        const at = await locate(path, roots);
        return anchored(at.real, (folder, name) => readHead(folder, name, at.path, limit));
      }),

    edit: (path, transform, signal) =>
      changing(path, signal, (at) =>
        anchored(at.real, async (folder, name) => {
          for (let race = 0; race < MAX_RACES; race++) {
            throwIfAborted(signal);
            const seen = await readWhole(folder, name, at.path);
            const { text: before, encoding } = textOf(seen.bytes, at.path);
            if (encoding === null) throw unreadable(at.path);
            const after = keepLineEndings(before, transform(before));
            const change = changed({ path: at.path, kind: 'edit', before, after });
            if (after === before) return change;
            if (await replaceBytes(folder, name, at.path, seen, encodeText(after, encoding, at.path))) return change;
          }
          throw new ToolError(
            `${at.path} kept changing while it was being edited; nothing was written.`,
            'Read it again and try once more.',
          );
        }),
      ),

    create: (path, text, signal) =>
      changing(path, signal, async (at) => {
        const there = await unless(lstat(at.path), 'ENOENT', 'ENOTDIR');
        if (there) throw there.isSymbolicLink() && !at.exists ? leadsNowhere(at) : taken(at.path);
        const bytes = encodeText(text, 'utf8', at.path);
        return anchored(at.real, (folder, name) => createBytes(folder, name, at.path, bytes), anchorNewFolder).then(() =>
          changed({ path: at.path, kind: 'create', before: null, after: text }),
        );
      }),

    remove: (path, signal) =>
      changing(path, signal, async (at) => {
        await refuseLink(at);
        return anchored(at.real, async (folder, name) => {
          const before = await textIfAny(folder, name, at.path);
          await unlink(await folder.at(name));
          await folder.sync();
          return changed({ path: at.path, kind: 'delete', before, after: null });
        });
      }),

    rename: (from, to, signal) =>
      changing(from, signal, async (source) => {
        const target = await locate(to, roots);
        refuseLeading(target);
        await refuseLink(source);
        return anchored(source.real, (oldFolder, oldName) =>
          anchored(
            target.real,
            async (newFolder, newName) => {
              const text = await textIfAny(oldFolder, oldName, source.path);
              await moveFile(await oldFolder.at(oldName), await newFolder.at(newName), target.path);
              await oldFolder.sync();
              await newFolder.sync();
              return changed({ path: target.path, kind: 'rename', from: source.path, before: text, after: text });
            },
            anchorNewFolder,
          ),
        );
      }),

    restore: (path, bytes, seen, signal, mode) =>
      changing(path, signal, async (at) => {
        if ((await unless(lstat(at.path), 'ENOENT', 'ENOTDIR')) === undefined) {
          if (bytes === null || seen !== null) return bytes === null && seen === null;
          await anchored(at.real, (folder, name) => createBytes(folder, name, at.path, bytes, mode), anchorNewFolder);
          return true;
        }
        if (seen === null) return false;
        if (bytes === null) await refuseLink(at);
        return anchored(at.real, async (folder, name) => {
          const now = await readWhole(folder, name, at.path);
          if (Buffer.compare(now.bytes, seen) !== 0) return false;
          if (bytes !== null) return replaceBytes(folder, name, at.path, now, bytes);
          await unlink(await folder.at(name));
          await folder.sync();
          return true;
        });
      }),

    tidy: async (paths, absent) => {
      for (const path of paths) {
        const { real } = await locate(path, roots);
        await told(path, () => removeDrafts(dirname(real), basename(real)));
      }
      // A move gives the file its new name before it takes the old one away: between the two it did not happen yet.
      for (const path of absent) {
        const others = paths.filter((other) => other !== path && !absent.includes(other));
        await told(path, () => removeSecondName(path, others));
      }
    },
  };
}

async function statOf(path: string): Promise<Stats> {
  return statSync(path);
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  }
}

async function anchored<T>(real: string, use: (folder: AnchoredFolder, name: string) => Promise<T>, open = anchorFolder): Promise<T> {
  const folder = await open(dirname(real));
  try {
    return await use(folder, basename(real));
  } finally {
    folder.close();
  }
}

function textOf(bytes: Uint8Array, path: string): DecodedText {
  const decoded = decodeText(bytes);
  if (decoded) return decoded;
  throw new ToolError(`${path} is a binary file.`, 'Look at it with a suitable shell command instead.');
}

/** Undefined text for what cannot be kept as text: such a change can be shown, but not undone by text. */
async function textIfAny(folder: AnchoredFolder, name: string, path: string): Promise<string | null> {
  const stats = await lstat(await folder.at(name));
  if (stats.isDirectory()) throw new ToolError(`${path} is a folder.`, 'Use a shell command for whole folders.');
  try {
    return decodeText((await readWhole(folder, name, path)).bytes)?.text ?? null;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** Takes this name from a file that also has one of the others; nothing else is ever removed. */
async function removeSecondName(path: string, others: readonly string[]): Promise<void> {
  const here = await unless(lstat(path), 'ENOENT', 'ENOTDIR');
  if (!here?.isFile() || here.nlink < 2) return;
  for (const other of others) {
    const there = await unless(lstat(other), 'ENOENT', 'ENOTDIR');
    // Two names in one folder that differ by case only are one name where case is ignored.
    const oneName = other.toLowerCase() === path.toLowerCase();
    if (there && !oneName && there.ino === here.ino && there.dev === here.dev) return unlink(path);
  }
}

/** Never over something else, which a plain rename would replace. */
async function moveFile(from: string, to: string, path: string): Promise<void> {
  const there = await unless(lstat(to), 'ENOENT');
  const same = there && there.ino === (await lstat(from)).ino;
  if (there && !same) throw taken(path);
  // The same file under another case: a link would find the name taken.
  if (same) return rename(from, to);
  try {
    await link(from, to);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw taken(path);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes(errnoOf(error) ?? '')) throw error;
    return rename(from, to);
  }
  await unlink(from);
}

function leadsNowhere({ path, real }: Located): ToolError {
  return new ToolError(`${path} is a link to ${real}, which does not exist.`, `If that file is meant, create it by its own path: ${real}.`);
}

function refuseLeading(at: Located): void {
  if (!at.leads) return;
  throw new ToolError(
    `${at.path} leads out of the workspace through a link, to ${at.real}; nothing was written.`,
    `If that file is really meant, name it by its own path: ${at.real}.`,
  );
}

async function refuseLink(at: Located): Promise<void> {
  const here = await unless(lstat(at.path), 'ENOENT', 'ENOTDIR');
  if (!here) throw missing(at.path);
  if (!here.isSymbolicLink()) return;
  throw new ToolError(`${at.path} is a link to ${at.real}.`, 'Name the file itself, or use a shell command for the link.');
}

function unreadable(path: string): ToolError {
  return new ToolError(
    `${path} holds bytes that are not valid in its encoding: saving it as text would damage them.`,
    'Convert it to UTF-8 first, for example with iconv, or change it with a shell command that works on bytes.',
  );
}

function changed(change: Omit<AppliedChange, 'hash'>): AppliedChange {
  return { ...change, hash: change.after === null ? '' : sha256(change.after) };
}
