import * as vscode from 'vscode';
import type { Attachment } from '../../protocol/blocks';
import { pathOf, uriOf } from '../documents/uris';

/** Shows a place because the user clicked it: the only way that focus moves. */
export async function openPlace(path: string, line?: number, column?: number): Promise<void> {
  const uri = uriOf(path);
  const stat = await vscode.workspace.fs.stat(uri);
  if (stat.type & vscode.FileType.Directory) return void (await vscode.commands.executeCommand('revealInExplorer', uri));
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), Math.max(0, (column ?? 1) - 1));
  await vscode.commands.executeCommand('vscode.open', uri, { selection: line ? new vscode.Range(at, at) : undefined, preview: true });
}

/** A link from a model's reply opens only after its whole address was shown. */
export async function openLink(url: string): Promise<void> {
  const target = vscode.Uri.parse(url, true);
  if (!['http', 'https', 'mailto'].includes(target.scheme)) {
    throw new Error(vscode.l10n.t('Plumb does not open addresses of the kind {0}.', target.scheme));
  }
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showWarningMessage(vscode.l10n.t('Open this address?'), { modal: true, detail: url }, open);
  if (chosen === open) await vscode.env.openExternal(target);
}

/** Files and folders that were dropped on the composer. */
export async function attachmentsFromUris(uris: readonly string[]): Promise<readonly Attachment[]> {
  const out: Attachment[] = [];
  for (const text of uris) {
    const uri = vscode.Uri.parse(text);
    const path = uri.scheme === 'vscode-remote' ? vscode.Uri.file(uri.path).fsPath : pathOf(uri);
    if (!path) continue;
    const stat = await vscode.workspace.fs.stat(uriOf(path));
    out.push(stat.type & vscode.FileType.Directory ? { kind: 'folder', path } : { kind: 'file', path });
  }
  return out;
}
