import { type Uri, workspace } from 'vscode';
import type { Documents, ResolvedPath, TextSnapshot } from '../core/ports';
import { fileFailure, leadsOut, readOnly } from './documents/failures';
import {
  createFile,
  currentBytes,
  currentText,
  deleteFile,
  moveFile,
  putBytes,
  refuseNotebook,
  requireFile,
  requireFree,
  requireNoDevice,
  requireWritable,
} from './documents/files';
import type { Landings } from './documents/landings';
import { checkFile, isBrokenText, openDocument, readDisk, statOf } from './documents/load';
import { rewrite } from './documents/rewrite';
import { kindOf, uriOf } from './documents/uris';

/** Where a path leads; `leads`: it is spelled inside the workspace, and a link takes it out. */
export type Located = ResolvedPath & { readonly leads: boolean };

export type DocumentsOptions = {
  /** Path rules of the platform (`locate` of `src/node/paths.ts`): this adapter may not import `node:`, so they are brought to it. */
  readonly locate: (path: string, roots: readonly string[]) => Promise<Located>;
  /** Whether the platform would let us write this file: the editor only tells after its document is changed. */
  readonly writable: (path: string) => Promise<boolean>;
  /** The editor makes files with the platform's own permission bits. */
  readonly setMode: (path: string, mode: number) => Promise<void>;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
  readonly landings: Landings;
};

/** The documents port over the editor: what is open there is read and edited as the user sees it, unsaved text included. */
export function createEditorDocuments({ locate: locateOnDisk, writable, setMode, hash, landings }: DocumentsOptions): Documents {
  const roots = () => (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);

  /** The local disk says nothing about a folder that another extension serves: there a path leads where it says. */
  async function locate(spelled: string, folders: readonly string[]): Promise<Located> {
    const located = await locateOnDisk(spelled, folders);
    const uri = uriOf(located.path);
    if (uri.scheme === 'file') return located;
    const exists = (await statOf(uri, located.path)) !== undefined;
    return { path: located.path, real: located.path, exists, inside: true, leads: false };
  }

  const snapshot = (path: string, text: string, dirty: boolean, encoding: string): TextSnapshot => ({
    path,
    text,
    hash: hash(text),
    dirty,
    encoding,
  });

  /** The resource to write to. @throws ToolError when a link leads it out of the workspace, or nothing can be written there. */
  async function target(path: string, signal: AbortSignal): Promise<Uri> {
    signal.throwIfAborted();
    const { leads, real } = await locate(path, roots());
    if (leads) throw leadsOut(path, real);
    const uri = uriOf(path);
    requireWritable(uri, path);
    return uri;
  }

  return {
    roots,
    async resolve(spelled) {
      const { leads: _leads, ...resolved } = await locate(spelled, roots());
      await requireNoDevice(uriOf(resolved.real), resolved.path);
      return resolved;
    },

    async stat(path) {
      const stat = await statOf(uriOf(path), path);
      return stat && { kind: kindOf(stat.type), size: stat.size, mtimeMs: stat.mtime };
    },

    async list(folder) {
      try {
        const entries = await workspace.fs.readDirectory(uriOf(folder));
        return entries.map(([name, type]) => ({ name, kind: kindOf(type) })).sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        throw fileFailure(folder, error);
      }
    },

    async readText(path, signal) {
      signal.throwIfAborted();
      const uri = uriOf(path);
      const held = openDocument(uri);
      if (held?.isDirty) return snapshot(path, held.getText(), true, held.encoding);
      await checkFile(uri, path, false);
      const disk = await readDisk(uri, path);
      signal.throwIfAborted();
      return { ...snapshot(path, disk.text, false, disk.encoding), ...(isBrokenText(disk) ? { lossy: true } : {}) };
    },

    async readBytes(path, limit, signal) {
      signal.throwIfAborted();
      const uri = uriOf(path);
      await requireFile(uri, path);
      const bytes = await currentBytes(uri, path);
      signal.throwIfAborted();
      return bytes.byteLength > limit ? bytes.slice(0, limit) : bytes;
    },

    async edit(path, transform, signal) {
      const uri = await target(path, signal);
      await checkFile(uri, path, true);
      refuseNotebook(uri, path);
      if (uri.scheme === 'file' && !(await writable(path))) throw readOnly(path);
      return landings.during([path], async () => {
        const { before, after } = await rewrite(uri, path, transform, signal);
        return { change: { path, kind: 'edit', before, after, hash: hash(after) } };
      });
    },

    async create(path, text, signal) {
      const uri = await target(path, signal);
      await requireFree(uri, path);
      return landings.during([path], async () => {
        const after = await createFile(uri, path, text, signal);
        return { change: { path, kind: 'create', before: null, after, hash: hash(after) } };
      });
    },

    async remove(path, signal) {
      const uri = await target(path, signal);
      await requireFile(uri, path);
      return landings.during([path], async () => {
        const bytes = await currentBytes(uri, path);
        const before = await currentText(uri, path);
        await deleteFile(uri, path);
        return { change: { path, kind: 'delete', before, after: null, hash: '' }, bytes };
      });
    },

    async rename(from, to, signal) {
      const source = await target(from, signal);
      const goal = await target(to, signal);
      await requireFile(source, from);
      await requireFree(goal, to);
      return landings.during([from, to], async () => {
        const text = await currentText(source, from);
        await moveFile(source, goal, from, to);
        return { change: { path: to, kind: 'rename', from, before: text, after: text, hash: text === null ? '' : hash(text) } };
      });
    },

    async restore(path, bytes, seen, signal, mode) {
      const uri = await target(path, signal);
      let done = false;
      await landings.during([path], async () => {
        const there = await statOf(uri, path);
        const before = there ? await currentText(uri, path) : null;
        done = sameBytes(there ? await currentBytes(uri, path) : null, seen);
        if (done && bytes === null && there) await deleteFile(uri, path);
        else if (done && bytes !== null) await putBytes(uri, path, bytes, signal);
        if (done && bytes !== null && !there && mode !== undefined && uri.scheme === 'file') await setMode(uri.fsPath, mode);
        const after = done ? (bytes === null ? null : await currentText(uri, path)) : before;
        const kind = !done || (bytes !== null && there) ? 'edit' : bytes === null ? 'delete' : 'create';
        return { change: { path, kind, before, after, hash: after === null ? '' : hash(after) }, byUser: true };
      });
      return done;
    },
  };
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);
}
