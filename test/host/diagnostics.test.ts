import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createEditorDiagnostics } from '../../src/editor/diagnostics';
import { createEditorDocuments } from '../../src/editor/documents';
import { createLandings } from '../../src/editor/documents/landings';
import { sha256 } from '../../src/node/hash';
import { locate } from '../../src/node/paths';
import { workspaceRoot } from './support';

const signal = () => new AbortController().signal;

describe('diagnostics in the editor', function () {
  this.timeout(60_000);
  const folder = join(workspaceRoot(), 'diagnostics-project');
  const documents = createEditorDocuments({
    locate,
    writable: async () => true,
    setMode: async () => {},
    hash: sha256,
    landings: createLandings(),
  });
  const diagnostics = createEditorDiagnostics();
  const at = (name: string) => join(folder, name);
  const put = (name: string, text: string) => writeFileSync(at(name), text);

  before(() => {
    mkdirSync(folder, { recursive: true });
    put('tsconfig.json', '{ "compilerOptions": { "strict": true, "module": "esnext", "target": "es2022", "types": [] } }');
    put('shop.ts', 'export function price(n: number): number {\n  return n * 2;\n}\n');
    put('till.ts', "import { price } from './shop';\nexport const total: number = price(3);\nconst old: string = 7;\nexport { old };\n");
    put('notes.txt', 'nothing checks this\n');
  });
  after(() => diagnostics.dispose());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const editAndSettle = async (name: string, transform: (text: string) => string, ms = 8_000) => {
    const baseline = await diagnostics.baseline([at(name)]);
    await documents.edit(at(name), transform, signal());
    return diagnostics.settled(baseline, [at(name)], ms, signal());
  };
  const said = (problems: readonly { path: string; code?: string; line: number }[]) =>
    problems.map((p) => `${p.path.slice(folder.length + 1)}:${p.line} ${p.code}`);

  it('tells a new error in a file that no tab shows, and not the old one that moved', async () => {
    const result = await editAndSettle('till.ts', (t) => `// a line above\n${t}export const wrong: number = 'text';\n`);
    assert.equal(result.fresh, true);
    assert.deepEqual(said(result.added), ['till.ts:6 2322']);
    assert.equal(result.added[0]?.source, 'ts');
    assert.equal(result.added[0]?.severity, 'error');
    assert.equal(result.fixed, 0);
  });

  it('tells which problems went', async () => {
    const result = await editAndSettle('till.ts', (t) => t.replace(/export const wrong.*\n/, ''));
    assert.deepEqual([result.fresh, result.added, result.fixed], [true, [], 1]);
  });

  it('finds what an edit broke in a closed file that depends on it', async () => {
    const result = await editAndSettle('shop.ts', (t) => t.replace('n: number)', 'n: string)').replace('n * 2', 'n.length'));
    assert.equal(result.fresh, true);
    assert.deepEqual(said(result.added), ['till.ts:3 2345']);
    await editAndSettle('shop.ts', (t) => t.replace('n: string)', 'n: number)').replace('n.length', 'n * 2'));
  });

  it('works the same for a file that is shown, and adds the title of a quick fix', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(at('till.ts')), { preview: false });
    const result = await editAndSettle('till.ts', (t) => `${t}export const sum = pric(1);\n`);
    assert.equal(result.fresh, true);
    assert.deepEqual(said(result.added), ['till.ts:6 2552']);
    assert.match(result.added[0]?.fix ?? '', /price/);
    const clean = await editAndSettle('till.ts', (t) => t.replace(/export const sum.*\n/, ''));
    assert.deepEqual([clean.fresh, clean.added, clean.fixed], [true, [], 1]);
  });

  it('says that nothing checked a file for which there is no server, and says so at once', async () => {
    const started = performance.now();
    const result = await editAndSettle('notes.txt', (t) => `${t}more\n`);
    assert.deepEqual([result.fresh, result.added, result.unchecked], [false, [], [at('notes.txt')]]);
    assert.ok(performance.now() - started < 5_000);
  });

  it('listens to the events of servers that cannot be asked', async () => {
    put('data.json', '{ "a": 1 }\n');
    await vscode.window.showTextDocument(vscode.Uri.file(at('data.json')), { preview: false });
    const result = await editAndSettle('data.json', (t) => t.replace('1', '1,, '));
    assert.equal(result.fresh, true);
    assert.ok(result.added.length > 0);
    const clean = await editAndSettle('data.json', (t) => t.replace('1,, ', '1'));
    assert.equal(clean.fresh, true);
    assert.deepEqual(clean.added, []);
    assert.ok(clean.fixed > 0);
  });

  it('is not fresh when the time is up, and stops with the signal', async () => {
    const late = await editAndSettle('till.ts', (t) => `${t}// end\n`, 0);
    assert.equal(late.fresh, false);
    const baseline = await diagnostics.baseline([at('till.ts')]);
    await assert.rejects(diagnostics.settled(baseline, [at('till.ts')], 8_000, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('lists what is known, for a file or all', async () => {
    const known = await diagnostics.current([at('till.ts')]);
    assert.deepEqual(said(known), ['till.ts:4 2322']);
  });
});
