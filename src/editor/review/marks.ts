import {
  ColorThemeKind,
  type DecorationOptions,
  type Disposable,
  l10n,
  MarkdownString,
  OverviewRulerLane,
  Range,
  type TextDocument,
  type TextEditor,
  ThemeColor,
  window,
} from 'vscode';
import { pathOf } from '../documents/uris';
import { type Hunk, hunksOf } from './pending';
import type { Queue } from './queue';

const MAX_SHOWN = 120;
const MAX_HOVER_LINES = 40;

/** The line of the document that stands for a hunk: its first added line, or the one behind the gap. */
export function anchorLine(hunk: Hunk, document: TextDocument): number {
  return Math.max(0, Math.min(hunk.newAt, document.lineCount - 1));
}

/** Added lines in green and removed text at the line's end, in every normal editor that shows a pending file. */
export function registerMarks(queue: Queue): Disposable & { refresh(): void } {
  let added = addedLines();
  const gap = window.createTextEditorDecorationType({
    isWholeLine: true,
    borderWidth: '2px 0 0 0',
    borderStyle: 'solid',
    borderColor: new ThemeColor('editorGutter.deletedBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.deletedForeground'),
    overviewRulerLane: OverviewRulerLane.Left,
  });
  const gone = window.createTextEditorDecorationType({
    after: {
      margin: '0 0 0 2em',
      color: new ThemeColor('editorCodeLens.foreground'),
      backgroundColor: new ThemeColor('diffEditor.removedLineBackground'),
      fontStyle: 'normal',
    },
  });

  function draw(editor: TextEditor): void {
    // Editors inside a diff have no column: there the native colours tell the same.
    const path = editor.viewColumn === undefined ? undefined : pathOf(editor.document.uri);
    const pending = path === undefined ? undefined : queue.get(path);
    const current = pending && pending.text === editor.document.getText() ? pending : undefined;
    if (pending && !current) return;
    const hunks = current ? hunksOf(current) : [];
    editor.setDecorations(
      added,
      hunks
        .filter((h) => h.added.length > 0)
        .map((h) => ({ range: new Range(h.newAt, 0, h.newAt + h.added.length - 1, 0), hoverMessage: hover(path, h) })),
    );
    const gaps = hunks.filter((h) => h.added.length === 0);
    editor.setDecorations(
      gap,
      gaps.map((h) => ({ range: lineRange(editor, anchorLine(h, editor.document)), hoverMessage: hover(path, h) })),
    );
    editor.setDecorations(
      gone,
      hunks.filter((h) => h.removed.length > 0).map((h) => removedMark(editor, h)),
    );
  }

  const refresh = () => {
    for (const editor of window.visibleTextEditors) draw(editor);
  };
  const shown = window.onDidChangeVisibleTextEditors(refresh);
  const themed = window.onDidChangeActiveColorTheme(() => {
    added.dispose();
    added = addedLines();
    refresh();
  });
  return {
    refresh,
    dispose() {
      for (const part of [added, gap, gone, shown, themed]) part.dispose();
    },
  };
}

/** High contrast themes have no colour for added lines: there a border marks them. */
function addedLines() {
  const { kind } = window.activeColorTheme;
  const contrast = kind === ColorThemeKind.HighContrast || kind === ColorThemeKind.HighContrastLight;
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    ...(contrast
      ? { borderWidth: '1px', borderStyle: 'dashed', borderColor: new ThemeColor('editorGutter.addedBackground') }
      : { backgroundColor: new ThemeColor('diffEditor.insertedLineBackground') }),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.addedForeground'),
    overviewRulerLane: OverviewRulerLane.Left,
  });
}

function removedMark(editor: TextEditor, hunk: Hunk): DecorationOptions {
  const end = editor.document.lineAt(anchorLine(hunk, editor.document)).range.end;
  const [first = ''] = hunk.removed.map((line) => line.trim()).filter(Boolean);
  const more = hunk.removed.length > 1 ? l10n.t(' and {0} more', hunk.removed.length - 1) : '';
  const text = first.length > MAX_SHOWN ? `${first.slice(0, MAX_SHOWN)}…` : first;
  return { range: new Range(end, end), renderOptions: { after: { contentText: `− ${text}${more}` } } };
}

function lineRange(editor: TextEditor, line: number): Range {
  return editor.document.lineAt(line).range;
}

/** The hunk as a diff, and what can be done with it: also for those who have code lenses turned off. */
function hover(path: string | undefined, hunk: Hunk): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = {
    enabledCommands: ['plumb.review.keepHunk', 'plumb.review.undoHunk', 'plumb.review.undoHunkWithReason', 'plumb.review.openFile'],
  };
  const lines = [...hunk.removed.map((l) => `-${bare(l)}`), ...hunk.added.map((l) => `+${bare(l)}`)];
  const cut = lines.length > MAX_HOVER_LINES ? [...lines.slice(0, MAX_HOVER_LINES), ' …'] : lines;
  text.appendCodeblock(cut.join('\n'), 'diff');
  const link = (title: string, command: string) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([path, hunk.newAt]))})`;
  text.appendMarkdown(
    [
      link(l10n.t('Keep'), 'plumb.review.keepHunk'),
      link(l10n.t('Undo'), 'plumb.review.undoHunk'),
      link(l10n.t('Undo and say why'), 'plumb.review.undoHunkWithReason'),
      link(l10n.t('Compare'), 'plumb.review.openFile'),
    ].join(' · '),
  );
  return text;
}

const bare = (line: string) => line.replace(/[\r\n]+$/, '');
