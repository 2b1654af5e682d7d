import { type TextDocument, type TextDocumentChangeEvent, type TextDocumentContentChangeEvent, window, workspace } from 'vscode';
import { fold } from '../review/fold';
import type { TextChange } from './text-changes';

/** Watches one document while our edit lands, and tells our change, the user's typing and save participants apart. */
export type Recorder = {
  /** Our edit was seen to arrive. */
  arrived(): boolean;
  /** The text our edit was made to, with what the user has typed since outside of it. */
  before(): string;
  /** The user has typed since. */
  typed(): boolean;
  dispose(): void;
};

/**
 * The editor does not say who made a change. Ours is known by its content; typing happens at a caret; what else
 * arrives while our edit is being saved is the work of save participants and counts as ours.
 */
export function recordTyping(document: TextDocument, edits: readonly TextChange[], next: string): Recorder {
  let arrived = false;
  let text = document.getText();
  let before = text;
  let typed = false;
  const subscription = workspace.onDidChangeTextDocument((event) => {
    // A document that becomes dirty or clean is told as a change of nothing.
    if (event.document !== document || event.contentChanges.length === 0) return;
    const previous = text;
    text = document.getText();
    if (!arrived && (isOurs(event, edits) || text === next)) {
      arrived = true;
      return;
    }
    if (!event.contentChanges.every((change) => atCaret(document, change))) return;
    typed = true;
    before = fold(before, previous, event.contentChanges.map(changeOf)).side;
  });
  return { arrived: () => arrived, before: () => before, typed: () => typed, dispose: () => subscription.dispose() };
}

export function changeOf(change: TextDocumentContentChangeEvent): TextChange {
  return { offset: change.rangeOffset, length: change.rangeLength, text: change.text };
}

function isOurs(event: TextDocumentChangeEvent, edits: readonly TextChange[]): boolean {
  const { contentChanges } = event;
  return (
    contentChanges.length === edits.length &&
    contentChanges.every((c) => edits.some((e) => e.offset === c.rangeOffset && e.length === c.rangeLength && e.text === c.text))
  );
}

/** Selections follow a moment after the text, so they still stand where the user typed. */
function atCaret(document: TextDocument, change: TextDocumentContentChangeEvent): boolean {
  return window.visibleTextEditors.some(
    (editor) =>
      editor.document === document &&
      editor.selections.some((s) => s.isEqual(change.range) || s.active.isEqual(change.range.start) || s.active.isEqual(change.range.end)),
  );
}
