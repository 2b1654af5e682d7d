import { type Disposable, TextDocumentChangeReason, workspace } from 'vscode';
import type { Landings } from '../documents/landings';
import { openDocument, readDisk, statOf } from '../documents/load';
import { changeOf } from '../documents/typing';
import { pathOf, uriOf } from '../documents/uris';
import type { Queue } from './queue';

/** The disk tells the same change several times, and a replaced file is gone for a moment. */
const SETTLE_MS = 250;

/** Keeps the queue in step with what happens to its files: typing, undo, other tools, the disk. */
export function watchFiles(
  queue: Queue,
  landings: Landings,
  onError: (error: unknown) => void,
): Disposable & { refresh(path: string): Promise<void> } {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  async function refresh(path: string): Promise<void> {
    const known = queue.get(path);
    if (!known || landings.busy(path)) return;
    const uri = uriOf(path);
    const text = await textNow(path);
    if (queue.get(path) !== known || landings.busy(path)) return;
    if (text !== undefined) return queue.see(path, text);
    if (known.kind === 'delete' || (await statOf(uri, path))) return;
    if (known.kind === 'create') queue.drop(path);
    else queue.set({ ...known, kind: 'delete', agent: '', text: '' });
  }

  const later = (path: string | undefined) => {
    if (path === undefined || !queue.get(path)) return;
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => {
        timers.delete(path);
        refresh(path).catch(onError);
      }, SETTLE_MS),
    );
  };

  const disk = workspace.createFileSystemWatcher('**/*');
  const subscriptions = [
    disk,
    disk.onDidChange((uri) => later(pathOf(uri))),
    disk.onDidCreate((uri) => later(pathOf(uri))),
    disk.onDidDelete((uri) => later(pathOf(uri))),
    workspace.onDidOpenTextDocument((document) => later(pathOf(document.uri))),
    workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const path = pathOf(document.uri);
      if (path === undefined || contentChanges.length === 0 || landings.busy(path)) return;
      const undoing = reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
      queue.typed(path, contentChanges.map(changeOf), document.getText(), undoing);
    }),
    workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) queue.move(oldUri.fsPath, newUri.fsPath);
    }),
    landings.onFailed((paths) => {
      for (const path of paths) later(path);
    }),
    landings.onLanded((landing) => {
      const open = openDocument(uriOf(landing.change.path));
      // A clean document shows what landed, or will in a moment; a dirty one has what the user typed since.
      queue.land(landing, open?.isDirty ? open.getText() : undefined);
    }),
  ];
  return {
    refresh,
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The text as the user sees it; undefined when the file is gone or no text. */
async function textNow(path: string): Promise<string | undefined> {
  const uri = uriOf(path);
  const open = openDocument(uri);
  if (open?.isDirty) return open.getText();
  try {
    return (await readDisk(uri, path)).text;
  } catch {
    // Gone or unreadable: the caller looks which of the two it is.
    return undefined;
  }
}
