import * as vscode from 'vscode';
import type { ShellKind } from '../core/ports/shell';

/** What holds of this window's workspace. Folders and trust are looked up at each use: both change without a reload. */
export function createWorkspaceFacts(platform: string, shell: ShellKind) {
  return {
    get roots(): readonly string[] {
      return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    },
    get trusted(): boolean {
      return vscode.workspace.isTrusted;
    },
    platform,
    shell,
  };
}
