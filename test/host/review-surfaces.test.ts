import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Documents } from '../../src/core/ports';
import { createEditorDocuments } from '../../src/editor/documents';
import { createLandings } from '../../src/editor/documents/landings';
import { createReview, type EditorReview } from '../../src/editor/review/review';
import { sha256 } from '../../src/node/hash';
import { locate } from '../../src/node/paths';
import { eventually, workspaceRoot } from './support';

type Api = { readonly documents: Documents; readonly review: EditorReview };

/** The extension under test, since a window has one review: it owns commands and a file system scheme. */
async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension('plumb.plumb');
  if (!extension) {
    const landings = createLandings();
    const documents = createEditorDocuments({ locate, writable: async () => true, setMode: async () => {}, hash: sha256, landings });
    return { documents, review: createReview({ storage: undefined, landings, hash: sha256, log: console }) };
  }
  const exports: unknown = await extension.activate();
  assert.ok(
    typeof exports === 'object' && exports && 'review' in exports && 'documents' in exports,
    'activate() returns documents and review',
  );
  return exports as Api;
}

describe('review surfaces', function () {
  this.timeout(60_000);
  const folder = join(workspaceRoot(), 'surfaces');
  const at = (name: string) => join(folder, name);
  const uri = (name: string) => vscode.Uri.file(at(name));
  const signal = () => new AbortController().signal;
  let documents: Documents;
  let review: EditorReview;

  before(async () => {
    ({ documents, review } = await api());
    mkdirSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await review.keep();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const pendingFile = async (name: string, text: string, transform: (text: string) => string) => {
    writeFileSync(at(name), text);
    await documents.edit(at(name), transform, signal());
  };
  const lenses = async (name: string) => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri(name));
    return found
      .filter((l) => l.command?.command.startsWith('plumb.review.'))
      .map((l) => [l.range.start.line, l.command?.command.slice(13)]);
  };
  const tabs = () => vscode.window.tabGroups.all.flatMap((g) => g.tabs);

  it('puts keep and undo at each hunk, and takes them away when it is decided', async () => {
    await pendingFile('a.ts', 'let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;\n', (t) =>
      t.replace('a = 1', 'a = 10').replace('let c = 3;\n', ''),
    );
    await vscode.window.showTextDocument(uri('a.ts'));
    await eventually(async () =>
      assert.deepEqual(await lenses('a.ts'), [
        [0, 'keepHunk'],
        [0, 'undoHunk'],
        [0, 'undoHunkWithReason'],
        [0, 'openFile'],
        [2, 'keepHunk'],
        [2, 'undoHunk'],
        [2, 'undoHunkWithReason'],
        [2, 'openFile'],
      ]),
    );
    await vscode.commands.executeCommand('plumb.review.undoHunk', at('a.ts'), 2);
    assert.equal(readFileSync(at('a.ts'), 'utf8'), 'let a = 10;\nlet b = 2;\nlet c = 3;\nlet d = 4;\n');
    await vscode.commands.executeCommand('plumb.review.keepHunk', at('a.ts'), 0);
    await eventually(async () => assert.deepEqual(await lenses('a.ts'), []));
  });

  it('never opens a tab or moves the caret by itself', async () => {
    writeFileSync(at('mine.txt'), 'mine\nmine\n');
    const editor = await vscode.window.showTextDocument(uri('mine.txt'), { preview: false });
    editor.selection = new vscode.Selection(1, 2, 1, 2);
    await pendingFile('other.txt', 'a\n', (t) => `${t}b\n`);
    await review.undo(at('other.txt'));
    assert.deepEqual(
      tabs().map((t) => t.label),
      ['mine.txt'],
    );
    assert.equal(vscode.window.activeTextEditor, editor);
    assert.equal(editor.selection.active.character, 2);
  });

  it('acts on the hunk at the caret, and only there', async () => {
    await pendingFile('caret.txt', '1\n2\n3\n4\n5\n', (t) => t.replace('2', 'two'));
    const editor = await vscode.window.showTextDocument(uri('caret.txt'));
    editor.selection = new vscode.Selection(4, 0, 4, 0);
    await vscode.commands.executeCommand('plumb.review.undoHunk');
    assert.equal(editor.document.getText(), '1\ntwo\n3\n4\n5\n');
    await vscode.commands.executeCommand('plumb.review.nextHunk');
    assert.equal(editor.selection.active.line, 1);
    await vscode.commands.executeCommand('plumb.review.undoHunk');
    assert.equal(editor.document.getText(), '1\n2\n3\n4\n5\n');
  });

  it('goes through the hunks of all files, when asked to', async () => {
    await pendingFile('first.txt', 'a\nb\nc\n', (t) => t.replace('a', 'A').replace('c', 'C'));
    await pendingFile('second.txt', 'x\ny\n', (t) => t.replace('y', 'Y'));
    const at = () => [
      vscode.window.activeTextEditor?.document.uri.path.split('/').pop(),
      vscode.window.activeTextEditor?.selection.active.line,
    ];
    await vscode.commands.executeCommand('plumb.review.nextHunk');
    assert.deepEqual(at(), ['first.txt', 0]);
    await vscode.commands.executeCommand('plumb.review.nextHunk');
    assert.deepEqual(at(), ['first.txt', 2]);
    await vscode.commands.executeCommand('plumb.review.nextHunk');
    assert.deepEqual(at(), ['second.txt', 1]);
    await vscode.commands.executeCommand('plumb.review.previousHunk');
    assert.deepEqual(at(), ['first.txt', 2]);
  });

  it('compares a file with its baseline, which follows what was kept', async () => {
    await pendingFile('diff.ts', 'let a = 1;\nlet b = 2;\nlet c = 3;\n', (t) => t.replace('a = 1', 'a = 10').replace('c = 3', 'c = 30'));
    await vscode.commands.executeCommand('plumb.review.openFile', at('diff.ts'));
    const input = tabs()[0]?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.modified.path, uri('diff.ts').path);
    const baseline = await vscode.workspace.openTextDocument(input.original);
    assert.equal(baseline.getText(), 'let a = 1;\nlet b = 2;\nlet c = 3;\n');
    assert.equal(baseline.languageId, 'typescript');
    await vscode.commands.executeCommand('plumb.review.keepHunk', at('diff.ts'), 0);
    await eventually(() => assert.equal(baseline.getText(), 'let a = 10;\nlet b = 2;\nlet c = 3;\n'));
  });

  it('shows every kind of change in one editor', async () => {
    await pendingFile('edited.txt', 'a\n', () => 'b\n');
    await documents.create(at('created.txt'), 'new\n', signal());
    writeFileSync(at('removed.txt'), 'old\n');
    await documents.remove(at('removed.txt'), signal());
    await vscode.commands.executeCommand('plumb.review.openAll');
    await eventually(() =>
      assert.deepEqual(
        tabs().map((t) => t.label),
        ['Changes to review (3 files)'],
      ),
    );
    await review.undo();
    assert.equal(readFileSync(at('removed.txt'), 'utf8'), 'old\n');
  });

  it('tells the panel, file by file', async () => {
    let told = 0;
    const listening = review.onPending(() => told++);
    await pendingFile('panel.txt', 'a\nb\n', (t) => t.replace('b', 'B'));
    await eventually(() => assert.ok(told > 0));
    const [file] = review.pending();
    assert.equal(file?.path, at('panel.txt'));
    assert.deepEqual([file?.diff.added, file?.diff.removed], [1, 1]);
    told = 0;
    await review.keep(at('panel.txt'));
    await eventually(() => assert.ok(told > 0));
    assert.deepEqual(review.pending(), []);
    listening.dispose();
  });
});
