import { type Memento, Uri, workspace } from 'vscode';
import { isMissing } from './documents/failures';

/**
 * What this workspace keeps over a reload, a file for each key: the session that is shown, drafts, prompts. The
 * editor's own memento reaches the disk a while later, which a window that is reloaded at once does not wait for; and
 * its storage folder is another one while the window's last extension host has not ended yet.
 */
export type KeptState = {
  get(key: string): unknown;
  /** Resolves when it is on disk. A failure is told to `onError` and loses nothing while the window lives. */
  update(key: string, value: unknown): Promise<void>;
};

/** Where the state of this window's workspace lies below Plumb's storage folder; nowhere when none is open. */
export function stateFolderOf(storage: string, hash: (text: string) => string): Uri | undefined {
  const { workspaceFile, workspaceFolders } = workspace;
  const place = workspaceFile ?? workspaceFolders?.[0]?.uri;
  return place && Uri.joinPath(Uri.file(storage), 'state', hash(place.toString()).slice(0, 16));
}

/** Without a folder (no workspace is open) the editor's memento has to do: such windows have nothing else of their own. */
export async function openKeptState(folder: Uri | undefined, memento: Memento, onError: (error: unknown) => void): Promise<KeptState> {
  if (!folder) return { get: (key) => memento.get(key), update: async (key, value) => memento.update(key, value) };
  const values = await load(folder, onError);
  const writing = new Map<string, Promise<void>>();

  async function write(at: Uri, key: string): Promise<void> {
    const file = Uri.joinPath(at, `${encodeURIComponent(key)}.json`);
    try {
      if (!values.has(key)) return await remove(file);
      const draft = Uri.joinPath(at, `${encodeURIComponent(key)}.draft`);
      await workspace.fs.createDirectory(at);
      await workspace.fs.writeFile(draft, new TextEncoder().encode(JSON.stringify(values.get(key))));
      await workspace.fs.rename(draft, file, { overwrite: true });
    } catch (error) {
      onError(error);
    }
  }

  return {
    get: (key) => values.get(key),
    update(key, value) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      // One after the other: each write takes the newest value, so the last one wins on disk too.
      const next = (writing.get(key) ?? Promise.resolve()).then(() => write(folder, key));
      writing.set(key, next);
      return next;
    },
  };
}

async function load(folder: Uri, onError: (error: unknown) => void): Promise<Map<string, unknown>> {
  const values = new Map<string, unknown>();
  let names: string[] = [];
  try {
    names = (await workspace.fs.readDirectory(folder)).map(([name]) => name);
  } catch (error) {
    if (!isMissing(error)) onError(error);
  }
  for (const name of names) {
    if (!name.endsWith('.json')) continue;
    try {
      const bytes = await workspace.fs.readFile(Uri.joinPath(folder, name));
      values.set(decodeURIComponent(name.slice(0, -'.json'.length)), JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      onError(error);
    }
  }
  return values;
}

async function remove(file: Uri): Promise<void> {
  try {
    await workspace.fs.delete(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
