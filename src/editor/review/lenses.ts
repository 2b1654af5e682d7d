import { CodeLens, type Disposable, EventEmitter, l10n, languages, Range } from 'vscode';
import { pathOf } from '../documents/uris';
import { anchorLine } from './marks';
import { hunksOf } from './pending';
import type { Queue } from './queue';

/** Keep and Undo above each hunk, in normal editors and on the right side of diffs. */
export function registerLenses(queue: Queue): Disposable & { refresh(): void } {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider('*', {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const path = pathOf(document.uri);
      const pending = path === undefined ? undefined : queue.get(path);
      if (!pending) return [];
      return hunksOf(pending).flatMap((hunk) => {
        const line = anchorLine(hunk, document);
        const range = new Range(line, 0, line, 0);
        const args = [path, hunk.newAt];
        const size = [hunk.added.length > 0 ? `+${hunk.added.length}` : '', hunk.removed.length > 0 ? `−${hunk.removed.length}` : '']
          .filter(Boolean)
          .join(' ');
        const tooltip = l10n.t('Undo puts the lines back as they were. Your own edits on these lines are asked about first.');
        return [
          new CodeLens(range, { title: l10n.t('$(check) Keep'), command: 'plumb.review.keepHunk', arguments: args }),
          new CodeLens(range, { title: l10n.t('$(discard) Undo'), command: 'plumb.review.undoHunk', arguments: args, tooltip }),
          new CodeLens(range, { title: l10n.t('Undo and say why'), command: 'plumb.review.undoHunkWithReason', arguments: args }),
          new CodeLens(range, { title: l10n.t('Compare {0}', size), command: 'plumb.review.openFile', arguments: args }),
        ];
      });
    },
  });
  return {
    refresh: () => changed.fire(),
    dispose() {
      provider.dispose();
      changed.dispose();
    },
  };
}
