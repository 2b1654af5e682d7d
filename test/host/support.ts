import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The folder that the suite runs in: a scratch copy, made for the run. */
export function workspaceRoot(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suite runs with a folder open');
  return folder.uri.fsPath;
}

/** Waits until `check` stops throwing; the last failure is the one that is told. */
export async function eventually(check: () => unknown, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
