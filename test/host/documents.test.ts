import * as assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createEditorDocuments } from '../../src/editor/documents';
import { createLandings } from '../../src/editor/documents/landings';
import { sha256 } from '../../src/node/hash';
import { locate } from '../../src/node/paths';
import { documentsContract, refuses } from '../contract/support/documents';
import { eventually, workspaceRoot } from './support';

const signal = () => new AbortController().signal;
/** By the mode, not by asking: the suite may run as a user whom no mode stops. */
const setMode = async (path: string, mode: number) => chmodSync(path, mode);
const writable = async (path: string) => (statSync(path).mode & 0o200) !== 0;
const make = () => createEditorDocuments({ locate, writable, setMode, hash: sha256, landings: createLandings() });

documentsContract('editor', async () => ({ root: workspaceRoot(), documents: make() }));

describe('documents in the editor', () => {
  const documents = make();
  const folder = join(workspaceRoot(), 'documents-in-the-editor');
  const put = (name: string, data: string | Uint8Array) => {
    writeFileSync(join(folder, name), data);
    return join(folder, name);
  };
  before(() => mkdirSync(folder, { recursive: true }));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const show = (path: string) => vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });

  it('reads and edits what the user has not saved, and saves it', async () => {
    const path = put('unsaved.txt', 'one\ntwo\n');
    const editor = await show(path);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), 'typed '));
    const read = await documents.readText(path, signal());
    assert.deepEqual([read.text, read.dirty], ['typed one\ntwo\n', true]);
    const change = await documents.edit(path, (t) => t.replace('two', 'TWO'), signal());
    assert.deepEqual([change.before, change.after], ['typed one\ntwo\n', 'typed one\nTWO\n']);
    assert.equal(readFileSync(path, 'utf8'), 'typed one\nTWO\n');
    assert.equal(editor.document.isDirty, false);
  });

  it('opens no tab and takes no focus', async () => {
    const shown = put('shown.txt', 'shown\n');
    await show(shown);
    const hidden = put('hidden.txt', 'a\n');
    await documents.edit(hidden, () => 'b\n', signal());
    await documents.create(join(folder, 'made.txt'), 'made\n', signal());
    const tabs = vscode.window.tabGroups.all.flatMap((g) => g.tabs.map((t) => t.label));
    assert.deepEqual(tabs, ['shown.txt']);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, shown);
  });

  it('is one undo step per edit and leaves the caret where it was', async () => {
    const path = put('caret.txt', 'a\nb\nc\nd\n');
    const editor = await show(path);
    editor.selection = new vscode.Selection(2, 1, 2, 1);
    await documents.edit(path, (t) => t.replace('a\n', 'a1\na2\n').replace('d', 'D'), signal());
    await eventually(() => assert.deepEqual([editor.selection.active.line, editor.selection.active.character], [3, 1]));
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'a\nb\nc\nd\n');
  });

  it('lands while the user types in the same file, and loses neither', async function () {
    this.timeout(60_000);
    const path = put('typing.txt', `${Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n')}\n`);
    const editor = await show(path);
    editor.selection = new vscode.Selection(30, 0, 30, 0);
    let typed = 0;
    let typing = true;
    const user = (async () => {
      while (typing) {
        await vscode.commands.executeCommand('type', { text: 'q' });
        typed++;
        await new Promise((r) => setTimeout(r, 25));
      }
    })();
    const changes = [];
    try {
      for (let i = 0; i < 15; i++) {
        changes.push(await documents.edit(path, (t) => t.replace(/^line 5.*$/m, `line 5 edit ${i}`), signal()));
      }
    } finally {
      typing = false;
      await user;
    }
    const text = editor.document.getText();
    assert.match(text, /^line 5 edit 14$/m);
    assert.match(text, new RegExp(`^q{${typed}}line 30$`, 'm'));
    // Each change tells our own difference only, whatever the user typed between its two texts.
    for (const [i, change] of changes.entries()) {
      const lines = (change.before ?? '').split('\n');
      const differing = (change.after ?? '').split('\n').filter((line, n) => line !== lines[n]);
      assert.deepEqual(differing, [`line 5 edit ${i}`]);
    }
  });

  it('keeps the rest of a file with mixed line endings byte for byte, and follows a file that a command changed', async () => {
    const path = put('mixed.txt', 'a\r\nb\nc\r\nd\n');
    assert.equal((await documents.readText(path, signal())).text, 'a\r\nb\nc\r\nd\n');
    await documents.edit(path, (t) => t.replace('c', 'C'), signal());
    assert.equal(readFileSync(path, 'utf8'), 'a\r\nb\nC\r\nd\n');

    const open = put('outside.txt', 'old\n');
    const { document } = await show(open);
    writeFileSync(open, 'changed by a command\n');
    assert.equal((await documents.readText(open, signal())).text, 'changed by a command\n');
    await documents.edit(open, (t) => t.replace('command', 'shell'), signal());
    assert.equal(readFileSync(open, 'utf8'), 'changed by a shell\n');
    assert.equal(document.getText(), 'changed by a shell\n');
  });

  it('keeps the encoding that the settings give a file, and refuses characters that it has none for', async () => {
    const config = vscode.workspace.getConfiguration('files', vscode.Uri.file(folder));
    await config.update('encoding', 'iso88591', vscode.ConfigurationTarget.Workspace);
    try {
      const path = put('latin.txt', Buffer.from('caf\xe9\n', 'latin1'));
      const mixed = put('latin-mixed.txt', Buffer.from('caf\xe9\r\nb\n', 'latin1'));
      await documents.edit(path, (t) => `${t}à la crème\n`, signal());
      assert.equal(readFileSync(path, 'latin1'), 'café\nà la crème\n');
      for (const each of [path, mixed]) {
        const bytes = readFileSync(each, 'latin1');
        await refuses(
          documents.edit(each, (t) => t.replace('café', 'café 日本'), signal()),
          /latin.*encoded in iso88591/,
        );
        assert.equal(readFileSync(each, 'latin1'), bytes);
      }
    } finally {
      await config.update('encoding', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('tells what save participants made of an edit', async () => {
    const config = vscode.workspace.getConfiguration('files', vscode.Uri.file(folder));
    await config.update('trimTrailingWhitespace', true, vscode.ConfigurationTarget.Workspace);
    try {
      const path = put('participants.txt', 'a\n');
      const change = await documents.edit(path, () => 'a\nb   \n', signal());
      assert.equal(change.after, 'a\nb\n');
      assert.equal(change.hash, sha256('a\nb\n'));
      assert.equal(readFileSync(path, 'utf8'), 'a\nb\n');
    } finally {
      await config.update('trimTrailingWhitespace', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('takes the tab of a file along when it is renamed, without a question', async () => {
    const other = put('other.ts', 'export const other = 1;\n');
    const from = put('before.ts', 'export const a = 1;\n');
    await show(from);
    await show(other);
    await documents.rename(from, join(folder, 'after.ts'), signal());
    await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((g) => g.tabs.map((t) => t.label));
      assert.deepEqual(tabs, ['after.ts', 'other.ts']);
    });
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, other);
  });

  it('refuses notebooks and write-protected files with a next step', async () => {
    await refuses(
      documents.edit(put('n.ipynb', '{"cells":[]}'), (t) => `${t} `, signal()),
      /notebook/,
    );
    const locked = put('locked.txt', 'x');
    chmodSync(locked, 0o444);
    await refuses(
      documents.edit(locked, (t) => `${t}y`, signal()),
      /read-only/,
    );
    assert.equal(readFileSync(locked, 'utf8'), 'x');
  });
});
