import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createEditorDocuments } from '../../src/editor/documents';
import { createLandings } from '../../src/editor/documents/landings';
import { createReviewCore } from '../../src/editor/review/review';
import { sha256 } from '../../src/node/hash';
import { locate } from '../../src/node/paths';
import { eventually, workspaceRoot } from './support';

const signal = () => new AbortController().signal;
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

describe('files put back in the editor', () => {
  const folder = join(workspaceRoot(), 'rewind');
  const storage = vscode.Uri.file(join(workspaceRoot(), '.rewind-storage'));
  const at = (name: string) => join(folder, name);
  const put = (name: string, text: string) => writeFileSync(at(name), text);
  const read = (name: string) => readFileSync(at(name), 'utf8');

  const start = () => {
    const landings = createLandings();
    const log = { error: (message: string) => assert.fail(message) };
    const { review, parts } = createReviewCore({ storage, landings, hash: sha256, log });
    const documents = createEditorDocuments({ locate, writable: async () => true, setMode: async () => {}, hash: sha256, landings });
    return { review, parts, documents };
  };
  let core: ReturnType<typeof start>;
  beforeEach(() => {
    mkdirSync(folder, { recursive: true });
    core = start();
  });
  afterEach(async () => {
    await core.review.flush();
    core.review.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const path of [folder, storage.fsPath]) rmSync(path, { recursive: true, force: true });
  });
  const pending = () => core.review.pending().map((file) => file.path);

  it('changes an open file through its document, unsaved text included, as a step of its undo', async () => {
    put('open.txt', 'one\ntwo\nthree\n');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(at('open.txt')));
    await editor.edit((e) => e.insert(new vscode.Position(2, 0), 'typed '));
    assert.equal(
      await core.documents.restore(at('open.txt'), bytes('x'), bytes('one\ntwo\nthree\n'), signal()),
      false,
      'not what was seen',
    );
    const seen = bytes('one\ntwo\ntyped three\n');
    assert.equal(await core.documents.restore(at('open.txt'), bytes('ONE\ntwo\ntyped three\n'), seen, signal()), true);
    assert.equal(read('open.txt'), 'ONE\ntwo\ntyped three\n');
    await eventually(() => assert.deepEqual([editor.document.getText(), editor.document.isDirty], ['ONE\ntwo\ntyped three\n', false]));
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'one\ntwo\ntyped three\n');
    await editor.document.save();
  });

  it('leaves nothing to review of what was taken back', async () => {
    put('edited.txt', 'one\ntwo\n');
    put('moved.txt', 'moves\n');
    put('deleted.txt', 'goes\n');
    await core.documents.edit(at('edited.txt'), (t) => t.replace('two', 'TWO'), signal());
    await core.documents.create(at('made.txt'), 'made\n', signal());
    await core.documents.rename(at('moved.txt'), at('new-name.txt'), signal());
    await core.documents.remove(at('deleted.txt'), signal());
    assert.equal(pending().length, 4);

    const { restore } = core.documents;
    assert.ok(await restore(at('edited.txt'), bytes('one\ntwo\n'), bytes('one\nTWO\n'), signal()));
    assert.ok(await restore(at('made.txt'), null, bytes('made\n'), signal()));
    assert.ok(await restore(at('new-name.txt'), null, bytes('moves\n'), signal()));
    assert.ok(await restore(at('moved.txt'), bytes('moves\n'), null, signal()));
    assert.ok(await restore(at('deleted.txt'), bytes('goes\n'), null, signal()));
    assert.deepEqual(pending(), []);
    assert.deepEqual([read('edited.txt'), read('moved.txt'), read('deleted.txt')], ['one\ntwo\n', 'moves\n', 'goes\n']);
    assert.deepEqual([existsSync(at('made.txt')), existsSync(at('new-name.txt'))], [false, false]);
  });

  it('makes nothing new to review of a file whose changes were kept, and goes back part of the way in one that waits', async () => {
    put('kept.txt', 'one\n');
    put('waits.txt', '1\n2\n3\n4\n5\n');
    await core.documents.edit(at('kept.txt'), () => 'ONE\n', signal());
    await core.review.keep(at('kept.txt'));
    assert.ok(await core.documents.restore(at('kept.txt'), bytes('one\n'), bytes('ONE\n'), signal()));
    assert.deepEqual(pending(), []);

    await core.documents.edit(at('waits.txt'), (t) => t.replace('1', 'first'), signal());
    await core.documents.edit(at('waits.txt'), (t) => t.replace('5', 'later'), signal());
    assert.ok(await core.documents.restore(at('waits.txt'), bytes('first\n2\n3\n4\n5\n'), bytes('first\n2\n3\n4\nlater\n'), signal()));
    const [left] = core.review.pending();
    assert.deepEqual([left?.diff.added, left?.diff.removed], [1, 1]);
  });
});
