import { type Disposable, l10n, type SourceControl, type SourceControlResourceGroup, scm, ThemeIcon } from 'vscode';
import { pathOf, uriOf } from '../documents/uris';
import { baselineUri } from './baseline-files';
import type { Queue } from './queue';

/**
 * Pending files in the source control view, and bars in the gutter with a peek that shows the removed lines. It exists
 * only while something is pending.
 */
export function registerSourceControl(queue: Queue): Disposable & { refresh(): void } {
  let control: { readonly source: SourceControl; readonly group: SourceControlResourceGroup } | undefined;

  function open() {
    const source = scm.createSourceControl('plumb', 'Plumb');
    source.inputBox.visible = false;
    source.quickDiffProvider = {
      provideOriginalResource(uri) {
        const path = pathOf(uri);
        return path !== undefined && queue.get(path) ? baselineUri(path) : undefined;
      },
    };
    const group = source.createResourceGroup('pending', l10n.t('Changes to review'));
    group.hideWhenEmpty = true;
    return { source, group };
  }

  function close(): void {
    control?.source.dispose();
    control = undefined;
  }

  return {
    refresh() {
      const files = queue.all();
      if (files.length === 0) return close();
      control ??= open();
      control.source.count = files.length;
      control.group.resourceStates = files.map(({ path, kind }) => ({
        resourceUri: uriOf(path),
        command: { title: l10n.t('Review changes'), command: 'plumb.review.openFile', arguments: [path] },
        decorations: {
          strikeThrough: kind === 'delete',
          iconPath: new ThemeIcon(kind === 'create' ? 'diff-added' : kind === 'delete' ? 'diff-removed' : 'diff-modified'),
        },
      }));
    },
    dispose: close,
  };
}
