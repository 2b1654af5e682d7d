import * as vscode from 'vscode';
import type { Attachment } from '../protocol/blocks';
import { pathOf } from './documents/uris';
import { selectionOf } from './panel/completions';
import { attachmentsFromUris } from './panel/workbench';

/** What a context menu or the palette can give to a request; nothing, after saying why, when there is nothing to give. */

function nothing(why: string): readonly Attachment[] {
  void vscode.window.showInformationMessage(why);
  return [];
}

/** The selection of the active editor, or its whole file where nothing is selected. */
export function fromEditor(): readonly Attachment[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return nothing(vscode.l10n.t('Open a file first: there is no editor to take a selection from.'));
  const { document, selection } = editor;
  if (!selection.isEmpty) return [selectionOf(editor)];
  const path = document.isUntitled ? undefined : pathOf(document.uri);
  if (path !== undefined) return [{ kind: 'file', path }];
  // What is no file cannot be read again later: its text goes along.
  return [{ kind: 'text', name: document.fileName, text: document.getText() }];
}

/** What was clicked in the explorer (with all that is selected there), or the active editor's file. */
export async function fromExplorer(clicked: unknown, all: unknown): Promise<readonly Attachment[]> {
  const uris = (Array.isArray(all) ? all : [clicked]).filter((uri) => uri instanceof vscode.Uri);
  if (uris.length === 0) {
    const editor = vscode.window.activeTextEditor;
    return editor ? fromFile(editor.document) : nothing(vscode.l10n.t('Open a file first, or choose one in the explorer.'));
  }
  const found = await attachmentsFromUris(uris.map(String));
  return found.length > 0 ? found : nothing(vscode.l10n.t('Plumb can not read this: it is no file of the workspace or of this computer.'));
}

function fromFile(document: vscode.TextDocument): readonly Attachment[] {
  const path = document.isUntitled ? undefined : pathOf(document.uri);
  return path === undefined ? [{ kind: 'text', name: document.fileName, text: document.getText() }] : [{ kind: 'file', path }];
}

/** The only stable way to a terminal's selection leads over the clipboard, which gets its text back. */
export async function fromTerminal(): Promise<readonly Attachment[]> {
  const terminal = vscode.window.activeTerminal;
  if (!terminal) return nothing(vscode.l10n.t('No terminal is open.'));
  const before = await vscode.env.clipboard.readText();
  let text = '';
  try {
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    text = await vscode.env.clipboard.readText();
  } finally {
    await vscode.env.clipboard.writeText(before);
  }
  return text ? [{ kind: 'terminal', name: terminal.name, text }] : nothing(vscode.l10n.t('Select the lines in the terminal first.'));
}

export function fromProblems(): readonly Attachment[] {
  const any = vscode.languages.getDiagnostics().some(([, problems]) => problems.length > 0);
  return any ? [{ kind: 'problems' }] : nothing(vscode.l10n.t('The editor knows of no problems now.'));
}
