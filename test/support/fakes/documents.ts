import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ToolError } from '../../../src/core/errors';
import type { AppliedChange, Documents, FileStat } from '../../../src/core/ports';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Documents in memory, with POSIX paths: what is on disk, what the editor holds unsaved, and what saving does to a text. */
export type FakeDocuments = Documents & {
  readonly disk: Map<string, string | Uint8Array>;
  /** Unsaved buffers, which win over the disk. */
  readonly buffers: Map<string, string>;
  /** Links, from path to target. */
  readonly links: Map<string, string>;
  /** Paths that are neither file nor folder. */
  readonly devices: Set<string>;
  /** Runs on every save, as a formatter would. */
  onSave: (path: string, text: string) => string;
  /** Runs once, between the reading of a text and its change: somebody types meanwhile. */
  meanwhile: (() => void) | undefined;
  text(path: string): string | undefined;
};

export function fakeDocuments(files: Readonly<Record<string, string | Uint8Array>> = {}, roots: readonly string[] = ['/w']): FakeDocuments {
  const disk = new Map(Object.entries(files).map(([path, data]) => [absolute(path), data] as const));
  const buffers = new Map<string, string>();
  const links = new Map<string, string>();
  const devices = new Set<string>();

  function absolute(path: string): string {
    const full = posix.resolve(roots[0] ?? '/', path);
    return full;
  }
  function real(path: string): string {
    for (const [from, to] of links) {
      if (path === from || path.startsWith(`${from}/`)) return real(to + path.slice(from.length));
    }
    return path;
  }
  const isFolder = (path: string) =>
    [...disk.keys()].some((file) => file.startsWith(path === '/' ? '/' : `${path}/`)) || roots.includes(path);
  function statOf(path: string): FileStat | undefined {
    const at = real(path);
    if (devices.has(at)) return { kind: 'other', size: 0, mtimeMs: 0 };
    const data = disk.get(at);
    if (data !== undefined) return { kind: 'file', size: data.length, mtimeMs: 0 };
    return isFolder(at) ? { kind: 'folder', size: 0, mtimeMs: 0 } : undefined;
  }
  function text(path: string): string | undefined {
    const at = real(path);
    const data = buffers.get(at) ?? disk.get(at);
    return typeof data === 'string' ? data : undefined;
  }
  function read(path: string): string {
    const stat = statOf(path);
    if (!stat) throw new ToolError(`${path} does not exist.`, 'Find the right path with glob.');
    const found = text(path);
    if (found === undefined) throw new ToolError(`${path} is not a text file.`, 'Use another tool for it.');
    return found;
  }
  function save(path: string, now: string): string {
    const at = real(path);
    const after = documents.onSave(path, now);
    disk.set(at, after);
    buffers.delete(at);
    return after;
  }
  const landed = (change: Omit<AppliedChange, 'hash'>): AppliedChange => ({
    ...change,
    hash: change.after === null ? '' : sha256(change.after),
  });

  const documents: FakeDocuments = {
    disk,
    buffers,
    links,
    devices,
    onSave: (_path, now) => now,
    meanwhile: undefined,
    text,
    roots: () => roots,
    async resolve(path) {
      if (path.includes('\0')) throw new ToolError('The path holds a NUL character.', 'Send a plain path.');
      const full = absolute(path);
      const at = real(full);
      const inside = roots.some((root) => at === root || at.startsWith(`${root}/`));
      return { path: full, real: at, exists: statOf(full) !== undefined, inside };
    },
    stat: async (path) => statOf(path),
    async list(folder) {
      const names = new Map<string, FileStat['kind']>();
      for (const file of disk.keys()) {
        if (!file.startsWith(`${folder}/`)) continue;
        const [name, more] = file.slice(folder.length + 1).split('/');
        if (name) names.set(name, more === undefined ? 'file' : 'folder');
      }
      return [...names].map(([name, kind]) => ({ name, kind }));
    },
    async readText(path, signal) {
      signal.throwIfAborted();
      const found = read(path);
      return { path, text: found, hash: sha256(found), dirty: buffers.has(real(path)), encoding: 'utf8' };
    },
    async readBytes(path, limit) {
      const data = disk.get(real(path)) ?? '';
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      return bytes.slice(0, limit);
    },
    async edit(path, transform, signal) {
      signal.throwIfAborted();
      let before = read(path);
      let wanted = transform(before);
      if (documents.meanwhile) {
        documents.meanwhile();
        documents.meanwhile = undefined;
        before = read(path);
        wanted = transform(before);
      }
      return landed({ path, kind: 'edit', before, after: save(path, wanted) });
    },
    async create(path, now, signal) {
      signal.throwIfAborted();
      if (statOf(path)) throw new ToolError(`${path} exists already.`, 'Read it and use edit_file.');
      return landed({ path, kind: 'create', before: null, after: save(path, now) });
    },
    async remove(path, signal) {
      signal.throwIfAborted();
      const before = text(path) ?? null;
      disk.delete(real(path));
      buffers.delete(real(path));
      return landed({ path, kind: 'delete', before, after: null });
    },
    async rename(from, to, signal) {
      signal.throwIfAborted();
      const data = disk.get(real(from));
      const before = text(from) ?? null;
      if (data === undefined) throw new ToolError(`${from} does not exist.`, 'Find the right path with glob.');
      disk.delete(real(from));
      disk.set(to, data);
      return landed({ path: to, from, kind: 'rename', before, after: before });
    },
    async restore(path, bytes, seen, signal) {
      signal.throwIfAborted();
      const plain = (data: string | Uint8Array | undefined) => (data === undefined ? '' : Buffer.from(data).toString('base64'));
      const now = buffers.get(real(path)) ?? disk.get(real(path));
      if ((now === undefined) !== (seen === null) || plain(now) !== plain(seen ?? undefined)) return false;
      buffers.delete(real(path));
      if (bytes === null) disk.delete(real(path));
      else disk.set(real(path), typeof now === 'string' ? Buffer.from(bytes).toString() : bytes);
      return true;
    },
  };
  return documents;
}
