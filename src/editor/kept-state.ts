import { type Memento, Uri, workspace } from 'vscode';
import { redactDeep } from '../core/observe/redact';

/**
 * What this workspace keeps over a reload: the session that is shown, drafts, prompts. The editor's own memento
 * reaches the disk a while later, which a window that is reloaded at once does not wait for; and its storage folder is
 * another one while the window's last extension host has not ended yet.
 */
export type KeptState = {
  get(key: string): unknown;
  /** Resolves when it is on disk. A failure is told to `onError` and loses nothing while the window lives. */
  update(key: string, value: unknown): Promise<void>;
  /** Resolves when everything is on disk. */
  flush(): Promise<void>;
};

/** Where the values lie. They must get there without the window's help: the last are written while it goes away. */
type Files = {
  load(onError: (error: unknown) => void): Promise<Map<string, unknown>>;
  write(key: string, value: unknown): Promise<void>;
};

/** Where the state of this window's workspace lies below Plumb's storage folder; nowhere when none is open. */
export function stateFolderOf(storage: string, hash: (text: string) => string): Uri | undefined {
  const { workspaceFile, workspaceFolders } = workspace;
  const place = workspaceFile ?? workspaceFolders?.[0]?.uri;
  return place && Uri.joinPath(Uri.file(storage), 'state', hash(place.toString()).slice(0, 16));
}

/** Without files (no workspace is open) the editor's memento has to do: such windows have nothing else of their own. */
export async function openKeptState(files: Files | undefined, memento: Memento, onError: (error: unknown) => void): Promise<KeptState> {
  if (!files)
    return { get: (key) => memento.get(key), update: async (key, value) => memento.update(key, redactDeep(value)), flush: async () => {} };
  const values = await files.load(onError).catch((error: unknown) => {
    onError(error);
    return new Map<string, unknown>();
  });
  const writing = new Map<string, Promise<void>>();
  /** Keys whose next write has not begun: it takes the value of then. */
  const due = new Set<string>();

  return {
    get: (key) => values.get(key),
    update(key, value) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      const last = writing.get(key) ?? Promise.resolve();
      if (due.has(key)) return last;
      due.add(key);
      // One after the other, so the newest value wins on disk too.
      const next = last.then(() => {
        due.delete(key);
        return files.write(key, redactDeep(values.get(key))).catch(onError);
      });
      writing.set(key, next);
      return next;
    },
    flush: async () => void (await Promise.all(writing.values())),
  };
}
