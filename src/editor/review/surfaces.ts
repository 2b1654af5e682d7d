import { commands, Disposable, EventEmitter, l10n, ThemeColor, type Uri, window } from 'vscode';
import { pathOf, uriOf } from '../documents/uris';
import { registerBaselineFiles } from './baseline-files';
import { registerLenses } from './lenses';
import { registerMarks } from './marks';
import { hunkAt, hunksOf, openDecisions } from './pending';
import type { Queue } from './queue';
import { registerSourceControl } from './source-control';

/** Typing changes hunks many times a second; the eye needs less. */
const REDRAW_MS = 50;

/** Everything that shows pending changes outside the panel. `onRedraw` is told at the same pace. */
export function registerSurfaces(queue: Queue, onRedraw: () => void): Disposable {
  const marks = registerMarks(queue);
  const lenses = registerLenses(queue);
  const control = registerSourceControl(queue);
  const badges = registerBadges(queue);
  const keys = contextKeys(queue);
  const touched = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const redraw = () => {
    timer = undefined;
    marks.refresh();
    lenses.refresh();
    control.refresh();
    badges.refresh([...touched].map(uriOf));
    touched.clear();
    keys.refresh();
    onRedraw();
  };
  const changes = queue.onChange((path) => {
    touched.add(path);
    timer ??= setTimeout(redraw, REDRAW_MS);
  });
  return Disposable.from(marks, lenses, control, badges, keys, registerBaselineFiles(queue), changes, {
    dispose: () => clearTimeout(timer),
  });
}

/** A dot on the tab and in the explorer. */
function registerBadges(queue: Queue) {
  const changed = new EventEmitter<Uri[]>();
  const provider = window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration(uri) {
      const path = pathOf(uri);
      const pending = path === undefined ? undefined : queue.get(path);
      if (!pending) return undefined;
      const open = openDecisions(pending);
      const tooltip = open === 1 ? l10n.t('1 change of Plumb to review') : l10n.t('{0} changes of Plumb to review', open);
      return { badge: '●', tooltip, color: new ThemeColor('gitDecoration.modifiedResourceForeground') };
    },
  });
  return { refresh: (uris: Uri[]) => changed.fire(uris), dispose: () => Disposable.from(provider, changed).dispose() };
}

/**
 * `plumb.pendingFiles` for menus and keys of a file, `plumb.pendingCount` for those of all files, `plumb.inPendingHunk`
 * for keys that act only inside a hunk.
 */
function contextKeys(queue: Queue) {
  let inside: boolean | undefined;
  const caret = () => {
    const editor = window.activeTextEditor;
    const path = editor && pathOf(editor.document.uri);
    const pending = path === undefined ? undefined : queue.get(path);
    const now = pending !== undefined && editor !== undefined && hunkAt(hunksOf(pending), editor.selection.active.line) !== undefined;
    if (now === inside) return;
    inside = now;
    void commands.executeCommand('setContext', 'plumb.inPendingHunk', now);
  };
  const subscriptions = [window.onDidChangeTextEditorSelection(caret), window.onDidChangeActiveTextEditor(caret)];
  return {
    refresh() {
      const paths = queue.all().map((p) => uriOf(p.path).path);
      void commands.executeCommand('setContext', 'plumb.pendingFiles', paths);
      void commands.executeCommand('setContext', 'plumb.pendingCount', paths.length);
      caret();
    },
    dispose: () => Disposable.from(...subscriptions).dispose(),
  };
}
