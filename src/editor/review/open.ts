import { commands, l10n, Range, Selection, TextEditorRevealType, type Uri, window } from 'vscode';
import { pathOf, uriOf } from '../documents/uris';
import { baselineUri } from './baseline-files';
import { type Hunk, hunksOf, type Pending } from './pending';
import type { Queue } from './queue';

/** Opens the comparison of one file: the real file on the right, where it can be edited. */
export async function openFile(pending: Pending, line?: number): Promise<void> {
  const uri = uriOf(pending.path);
  if (pending.kind === 'delete') return openAll([pending]);
  const selection = line === undefined ? undefined : new Range(line, 0, line, 0);
  await commands.executeCommand('vscode.diff', baselineUri(pending.path), uri, l10n.t('{0} (review)', nameOf(uri)), {
    preview: true,
    selection,
  });
}

/** Opens every pending file in one editor. */
export async function openAll(files: readonly Pending[]): Promise<void> {
  if (files.length === 0) {
    void window.showInformationMessage(l10n.t('There are no changes to review.'));
    return;
  }
  await commands.executeCommand('vscode.changes', l10n.t('Changes to review'), files.map(row));
}

function row(pending: Pending): [Uri, Uri | undefined, Uri | undefined] {
  const uri = uriOf(pending.path);
  switch (pending.kind) {
    case 'create':
      return [uri, undefined, uri];
    case 'delete':
      return [uri, baselineUri(pending.path), undefined];
    case 'edit':
    case 'rename':
      return [uri, baselineUri(pending.path), uri];
    default:
      return pending.kind satisfies never;
  }
}

/** Moves the caret to the next or previous hunk of the shown file, then on to the next pending file. */
export async function goToHunk(queue: Queue, step: 1 | -1): Promise<void> {
  const editor = window.activeTextEditor;
  const path = editor && pathOf(editor.document.uri);
  const here = path === undefined ? undefined : queue.get(path);
  if (editor && here) {
    const line = editor.selection.active.line;
    const hunks = hunksOf(here);
    const next = step === 1 ? hunks.find((h) => h.newAt > line) : hunks.findLast((h) => endOf(h) < line);
    if (next) {
      const at = Math.min(next.newAt, editor.document.lineCount - 1);
      editor.selection = new Selection(at, 0, at, 0);
      editor.revealRange(new Range(at, 0, at, 0), TextEditorRevealType.InCenterIfOutsideViewport);
      return;
    }
  }
  const files = queue.all().filter((p) => p.kind !== 'delete');
  const at = files.findIndex((p) => p.path === path);
  const file = files[(at + step + files.length) % files.length];
  if (!file) return;
  const hunk = step === 1 ? hunksOf(file)[0] : hunksOf(file).at(-1);
  const line = hunk?.newAt ?? 0;
  await window.showTextDocument(uriOf(file.path), { selection: new Range(line, 0, line, 0) });
}

function endOf(hunk: Hunk): number {
  return hunk.newAt + Math.max(0, hunk.added.length - 1);
}

function nameOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
