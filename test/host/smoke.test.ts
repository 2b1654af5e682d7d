import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the in-host suite', () => {
  it('runs with the sample project open, in the extension host', () => {
    assert.ok(vscode.workspace.workspaceFolders?.[0]);
  });
});
