import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createEditorDocuments } from '../../src/editor/documents';
import { createLandings } from '../../src/editor/documents/landings';
import type { Reviewed } from '../../src/editor/review/decisions';
import { hunksOf } from '../../src/editor/review/pending';
import { createReviewCore } from '../../src/editor/review/review';
import { sha256 } from '../../src/node/hash';
import { locate } from '../../src/node/paths';
import { eventually, workspaceRoot } from './support';

const signal = () => new AbortController().signal;

describe('review in the editor', function () {
  this.timeout(60_000);
  const folder = join(workspaceRoot(), 'review');
  const storage = vscode.Uri.file(join(workspaceRoot(), '.review-storage'));
  const at = (name: string) => join(folder, name);
  const put = (name: string, text: string) => writeFileSync(at(name), text);
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const show = (name: string) => vscode.window.showTextDocument(vscode.Uri.file(at(name)), { preview: false });

  let asked: string[];
  let answer: boolean;
  let told: string[];
  let reviewed: Reviewed[];
  const problems: string[] = [];
  const start = () => {
    const landings = createLandings();
    const core = createReviewCore({
      storage,
      landings,
      hash: sha256,
      log: { error: (message) => problems.push(message) },
      prompts: {
        confirm: async (message) => {
          asked.push(message);
          return answer;
        },
        reason: async () => 'because',
        tell: (message) => told.push(message),
      },
    });
    core.review.onReviewed((r) => reviewed.push(r));
    const documents = createEditorDocuments({ locate, writable: async () => true, setMode: async () => {}, hash: sha256, landings });
    return { ...core, documents };
  };
  let core: ReturnType<typeof start>;
  const edit = async (name: string, transform: (text: string) => string) => {
    const change = await core.documents.edit(at(name), transform, signal());
    core.review.track(change, { path: change.path, kind: 'edit', added: 0, removed: 0, hunks: [] }, 'call');
    return change;
  };
  const hunks = (name: string) => {
    const pending = core.parts.queue.get(at(name));
    return pending ? hunksOf(pending) : [];
  };

  beforeEach(() => {
    mkdirSync(folder, { recursive: true });
    asked = [];
    answer = false;
    told = [];
    reviewed = [];
    core = start();
  });
  afterEach(async () => {
    await core.review.flush();
    core.review.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(storage.fsPath, { recursive: true, force: true });
    assert.deepEqual(problems, []);
  });

  it('undoes one hunk exactly and keeps another, with no file shown', async () => {
    put('two.txt', '1\n2\n3\n4\n5\n');
    await edit('two.txt', (t) => t.replace('1', 'one').replace('5', 'five'));
    const [first, second] = hunks('two.txt');
    assert.ok(first && second);
    await core.parts.decisions.undo(at('two.txt'), [first], 'not that');
    assert.equal(read('two.txt'), '1\n2\n3\n4\nfive\n');
    assert.deepEqual(reviewed, [
      { path: at('two.txt'), decision: 'undone', hunks: 1, left: 1, detail: '@@ line 1 @@\n-1\n+one', feedback: 'not that' },
    ]);
    core.parts.decisions.keep(at('two.txt'), [second]);
    assert.deepEqual(core.review.pending(), []);
    assert.deepEqual([reviewed[1]?.decision, reviewed[1]?.left], ['kept', 0]);
  });

  it('goes on while the user types, takes the typing for the user and never undoes it', async () => {
    put('typed.txt', `${Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')}\n`);
    const editor = await show('typed.txt');
    editor.selection = new vscode.Selection(20, 0, 20, 0);
    let typing = true;
    let typed = 0;
    const user = (async () => {
      while (typing) {
        await vscode.commands.executeCommand('type', { text: 'q' });
        typed++;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    })();
    try {
      for (let i = 0; i < 6; i++) await edit('typed.txt', (t) => t.replace(/^line 3.*$/m, `line 3 edit ${i}`));
      await eventually(() =>
        assert.deepEqual(
          hunks('typed.txt').map((h) => [h.removed.join(''), h.added.join('')]),
          [['line 3\n', 'line 3 edit 5\n']],
        ),
      );
      await core.review.undo(at('typed.txt'));
    } finally {
      typing = false;
      await user;
    }
    const expected = Array.from({ length: 30 }, (_, i) => (i === 20 ? `${'q'.repeat(typed)}line 20` : `line ${i}`));
    assert.equal(editor.document.getText(), `${expected.join('\n')}\n`);
    assert.deepEqual(core.review.pending(), []);
    assert.deepEqual(asked, []);
  });

  it('asks before it would undo lines that the user rewrote, and leaves them when the answer is no', async () => {
    put('own.txt', 'a\nb\nc\n');
    await edit('own.txt', (t) => t.replace('b', 'agent'));
    const editor = await show('own.txt');
    await editor.edit((e) => e.insert(new vscode.Position(1, 5), ' and me'));
    await core.review.undo(at('own.txt'));
    assert.equal(asked.length, 1);
    assert.equal(editor.document.getText(), 'a\nagent and me\nc\n');
    assert.deepEqual(reviewed, []);
    answer = true;
    await core.review.undo(at('own.txt'));
    assert.equal(editor.document.getText(), 'a\nb\nc\n');
  });

  it("follows the editor's own undo and redo", async () => {
    put('steps.txt', 'a\nb\nc\nd\n');
    const editor = await show('steps.txt');
    await edit('steps.txt', (t) => t.replace('b\n', ''));
    assert.equal(hunks('steps.txt').length, 1);
    await vscode.commands.executeCommand('undo');
    await eventually(() => assert.equal(hunks('steps.txt').length, 0));
    await vscode.commands.executeCommand('redo');
    await eventually(() => assert.equal(hunks('steps.txt').length, 1));
    await core.review.undo(at('steps.txt'));
    assert.equal(editor.document.getText(), 'a\nb\nc\nd\n');
    assert.deepEqual(core.review.pending(), []);
    await vscode.commands.executeCommand('undo');
    await eventually(() => assert.equal(hunks('steps.txt').length, 1));
  });

  it('restores exactly, though save participants would make more of it', async () => {
    const config = vscode.workspace.getConfiguration('files', vscode.Uri.file(folder));
    put('exact.txt', 'spaces   \nb\n');
    await config.update('trimTrailingWhitespace', true, vscode.ConfigurationTarget.Workspace);
    try {
      await edit('exact.txt', (t) => t.replace('b', 'B'));
      assert.equal(read('exact.txt'), 'spaces\nB\n');
      await core.review.undo(at('exact.txt'));
      assert.equal(read('exact.txt'), 'spaces   \nb\n');
      assert.deepEqual(core.review.pending(), []);
    } finally {
      await config.update('trimTrailingWhitespace', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('restores a file with mixed line endings byte for byte', async () => {
    put('mixed.txt', 'a\r\nb\nc\r\nd\r\n');
    await edit('mixed.txt', (t) => t.replace('c', 'C'));
    assert.equal(hunks('mixed.txt').length, 1);
    await core.review.undo(at('mixed.txt'));
    assert.equal(read('mixed.txt'), 'a\r\nb\nc\r\nd\r\n');
  });

  it('takes new, deleted and renamed files back', async () => {
    put('gone.bin', 'a\r\nb\nc');
    put('moved.txt', 'x\ny\n');
    await core.documents.create(at('new.txt'), 'new\n', signal());
    await core.documents.remove(at('gone.bin'), signal());
    await core.documents.rename(at('moved.txt'), at('sub/moved.txt'), signal());
    await edit('sub/moved.txt', (t) => t.replace('y', 'Y'));
    assert.deepEqual(
      core.review.pending().map((p) => [p.path.slice(folder.length + 1), p.diff.kind]),
      [
        ['new.txt', 'create'],
        ['gone.bin', 'delete'],
        ['sub/moved.txt', 'rename'],
      ],
    );
    await core.review.undo();
    assert.equal(existsSync(at('new.txt')), false);
    assert.equal(read('gone.bin'), 'a\r\nb\nc');
    assert.equal(read('moved.txt'), 'x\ny\n');
    assert.equal(existsSync(at('sub/moved.txt')), false);
    assert.deepEqual(core.review.pending(), []);
    assert.deepEqual(
      reviewed.map((r) => [r.decision, r.left]),
      [
        ['undone', 0],
        ['undone', 0],
        ['undone', 0],
      ],
    );
  });

  it('asks before it deletes a new file that the user edited', async () => {
    await core.documents.create(at('mine.txt'), 'agent\n', signal());
    const editor = await show('mine.txt');
    await editor.edit((e) => e.insert(new vscode.Position(1, 0), 'me\n'));
    await core.review.undo(at('mine.txt'));
    assert.equal(asked.length, 1);
    assert.equal(existsSync(at('mine.txt')), true);
    answer = true;
    await core.review.undo(at('mine.txt'));
    await eventually(() => assert.equal(existsSync(at('mine.txt')), false));
  });

  it('tells when a deleted file cannot come back because its name is taken', async () => {
    put('taken.txt', 'old\n');
    await core.documents.remove(at('taken.txt'), signal());
    put('taken.txt', 'of the user\n');
    await core.review.undo(at('taken.txt'));
    assert.match(told[0] ?? '', /exists already/);
    assert.equal(read('taken.txt'), 'of the user\n');
    unlinkSync(at('taken.txt'));
  });

  it('is still pending after a reload, with what happened to the file meanwhile', async () => {
    put('reload.txt', 'a\nb\nc\n');
    await edit('reload.txt', (t) => t.replace('b', 'B'));
    await core.review.flush();
    core.review.dispose();
    put('reload.txt', 'a\nB\nc changed outside\n');
    core = start();
    await core.review.ready;
    assert.deepEqual(
      hunks('reload.txt').map((h) => h.added),
      [['B\n']],
    );
    await core.review.undo(at('reload.txt'));
    assert.equal(read('reload.txt'), 'a\nb\nc changed outside\n');
    await core.review.flush();
    core.review.dispose();
    core = start();
    await core.review.ready;
    assert.deepEqual(core.review.pending(), []);
  });

  it('sees a file that a command changed while it was not open', async () => {
    put('command.txt', 'a\nb\nc\n');
    await edit('command.txt', (t) => t.replace('b', 'B'));
    put('command.txt', 'first\na\nB\nc\n');
    await eventually(() => assert.equal(hunks('command.txt')[0]?.newAt, 2));
    assert.equal(hunks('command.txt').length, 1);
  });
});
