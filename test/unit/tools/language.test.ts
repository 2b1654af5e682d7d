import assert from 'node:assert/strict';
import type { Diagnostics, SymbolInfo, Symbols } from '../../../src/core/ports/language';
import type { Place, Problem } from '../../../src/protocol/display';
import { diagnostics } from '../../../src/tools/diagnostics';
import { readFile } from '../../../src/tools/read-file';
import { symbols } from '../../../src/tools/symbols';
import { fakeDocuments } from '../../support/fakes/documents';
import { fakePorts, unused } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

const problem = (path: string, line: number, severity: Problem['severity'], more: Partial<Problem> = {}): Problem => ({
  path,
  line,
  column: 7,
  severity,
  message: 'Bad\n  thing',
  ...more,
});

describe('diagnostics', () => {
  const reported = [
    problem('/w/b.ts', 9, 'warning', { source: 'eslint', code: 'no-x' }),
    problem('/w/src/a.ts', 3, 'error', { source: 'ts', code: '2304', fix: 'Import it' }),
  ];
  const session = (problems: readonly Problem[]) => {
    const port: Diagnostics = {
      ...unused<Diagnostics>('diagnostics'),
      current: async (paths) => problems.filter((p) => !paths || paths.includes(p.path)),
    };
    const documents = fakeDocuments({ '/w/b.ts': '', '/w/src/a.ts': '' });
    return toolSession(fakePorts({ documents, diagnostics: port }));
  };

  it('lists problems, worst first, on one line each', async () => {
    const output = await session(reported).run(diagnostics, {});
    const rows = ['src/a.ts:3:7 error [ts 2304] Bad thing (quick fix: Import it)', 'b.ts:9:7 warning [eslint no-x] Bad thing'];
    assert.equal(output.content, rows.join('\n'));
    assert.equal(output.summary, '1 error, 1 warning');
    assert.equal(output.display?.kind, 'problems');
  });

  it('narrows to a file or a folder', async () => {
    const { run } = session(reported);
    assert.equal((await run(diagnostics, { path: 'b.ts' })).summary, '1 warning');
    assert.equal((await run(diagnostics, { path: 'src' })).summary, '1 error');
  });

  it('never calls silence clean', async () => {
    assert.match(textOf(await session([]).run(diagnostics, {})), /No problems are reported\. Language servers report only on what/);
  });

  it('refuses a missing path, and is absent without language servers', async () => {
    assert.match(await session([]).fail(diagnostics, { path: 'none' }), /does not exist/);
    const ports = fakePorts();
    assert.match(String(diagnostics.available(ports, toolSession(ports).context.facts)), /no language servers/);
  });
});

describe('symbols', () => {
  const files = {
    '/w/a.ts': 'const total = subtotal + 1;\nexport function total2() {\n  return total;\n}\n',
    '/w/b.ts': "import { total2 } from './a';\n",
  };

  function session(own: Partial<Symbols>) {
    const documents = fakeDocuments(files);
    const port: Symbols = { ...unused<Symbols>('symbols'), inFile: async () => [], ...own };
    return { documents, ...toolSession(fakePorts({ documents, symbols: port })) };
  }

  it('finds the column of a name by itself, as a whole word', async () => {
    const asked: Place[] = [];
    const { run } = session({
      async definition(at) {
        asked.push(at);
        return [{ path: '/w/a.ts', line: 1 }];
      },
    });
    const output = await run(symbols, { action: 'definition', path: 'a.ts', line: 3, symbol: 'total' });
    assert.deepEqual([asked[0]?.line, asked[0]?.column], [3, 10]);
    assert.equal(output.content, 'a.ts:1: const total = subtotal + 1;');
    await run(symbols, { action: 'definition', path: 'a.ts', symbol: 'subtotal' });
    assert.deepEqual([asked[1]?.line, asked[1]?.column], [1, 15]);
  });

  it('prefers the declaration when no line is given', async () => {
    const asked: Place[] = [];
    const info: SymbolInfo = { name: 'total', kind: 'constant', path: '/w/a.ts', line: 3, column: 10 };
    const { run } = session({
      inFile: async () => [info],
      async hover(at) {
        asked.push(at);
        return 'const total: number';
      },
    });
    assert.equal((await run(symbols, { action: 'hover', path: 'a.ts', symbol: 'total' })).content, 'const total: number');
    assert.equal(asked[0]?.line, 3);
  });

  it('says where the name is when it is not on that line', async () => {
    const { fail } = session({});
    const ask = (more: object) => fail(symbols, { action: 'references', path: 'a.ts', ...more });
    assert.match(await ask({ line: 2, symbol: 'total' }), /total is not on line 2 of a\.ts[\s\S]*on lines 1 and 3/);
    assert.match(await ask({ line: 2, symbol: 'absent' }), /nowhere in this file/);
    assert.match(await ask({ symbol: 'absent' }), /nowhere in a\.ts/);
    assert.match(await ask({ line: 99, symbol: 'total' }), /has only 4 lines/);
    assert.match(await ask({ line: 1 }), /needs path and symbol/);
  });

  it('lists references, outlines and declarations', async () => {
    const at: SymbolInfo = { name: 'total2', kind: 'function', path: '/w/a.ts', line: 2, column: 17, container: 'a' };
    const { run } = session({
      references: async () => [
        { path: '/w/a.ts', line: 2 },
        { path: '/w/b.ts', line: 1, column: 10 },
      ],
      inFile: async () => [at],
      inWorkspace: async () => [at],
    });
    const found = await run(symbols, { action: 'references', path: 'a.ts', line: 2, symbol: 'total2' });
    assert.equal(found.content, "a.ts:2: export function total2() {\nb.ts:1: import { total2 } from './a';");
    assert.equal(found.summary, '2 references');
    assert.equal((await run(symbols, { action: 'document', path: 'a.ts' })).content, '2: function total2 in a');
    assert.equal((await run(symbols, { action: 'workspace', query: 'tot' })).content, 'a.ts:2: function total2 in a');
  });

  it('says what else to do when nothing is known', async () => {
    const { run, fail } = session({ references: async () => [], inWorkspace: async () => [] });
    assert.match(textOf(await run(symbols, { action: 'references', path: 'a.ts', symbol: 'total' })), /grep/);
    assert.match(textOf(await run(symbols, { action: 'document', path: 'a.ts' })), /read_file/);
    assert.match(textOf(await run(symbols, { action: 'workspace', query: 'x' })), /grep/);
    assert.match(await fail(symbols, { action: 'workspace' }), /needs query/);
    assert.match(await fail(symbols, { action: 'document' }), /needs path/);
  });

  const renamed = [
    { path: '/w/a.ts', text: files['/w/a.ts'].replace('total2', 'sum') },
    { path: '/w/b.ts', text: files['/w/b.ts'].replace('total2', 'sum') },
  ];
  const rename = { action: 'rename', path: 'a.ts', line: 2, symbol: 'total2', new_name: 'sum' };

  it('renames in every file, as changes for review', async () => {
    const { run, documents } = session({ rename: async () => renamed });
    const output = await run(symbols, rename);
    assert.equal(documents.text('/w/b.ts'), "import { sum } from './a';\n");
    assert.equal(output.content, 'Renamed total2 to sum in 2 files:\na.ts: line 2\nb.ts: line 1');
    assert.deepEqual(
      output.changes?.map((c) => [c.path, c.kind]),
      [
        ['/w/a.ts', 'edit'],
        ['/w/b.ts', 'edit'],
      ],
    );
  });

  it('is mutating only when it renames, with every file named and shown first', async () => {
    const { assess, preview, documents } = session({ rename: async () => renamed });
    const judged = await assess(symbols, rename);
    assert.deepEqual([judged.class, judged.safety.readOnly, judged.subjects.map((s) => s.text)], ['mutating', false, ['a.ts', 'b.ts']]);
    const read = await assess(symbols, { action: 'hover', path: 'a.ts', symbol: 'total' });
    assert.deepEqual([read.class, read.safety.readOnly, read.safety.concurrencySafe], ['read_only', true, true]);
    const shown = await preview(symbols, rename);
    assert.equal(shown?.kind === 'diff' && shown.files.length, 2);
    assert.equal(documents.text('/w/a.ts'), files['/w/a.ts']);
    assert.equal((await assess(symbols, { ...rename, line: 1 })).class, 'mutating');
  });

  it('keeps what the model knows of a renamed file', async () => {
    const { run, context } = session({ rename: async () => renamed });
    await run(readFile, { path: 'a.ts' });
    const output = await run(symbols, rename);
    assert.deepEqual(Object.keys(output.files ?? {}), ['/w/a.ts']);
    assert.equal(context.seen('/w/b.ts'), undefined);
  });

  it('stops where a file moved meanwhile and says how far it came', async () => {
    const { fail, documents } = session({ rename: async () => renamed });
    let edits = 0;
    const edit = documents.edit;
    documents.edit = async (path, transform, signal) => {
      if (++edits === 2) documents.buffers.set('/w/b.ts', 'typed');
      return edit(path, transform, signal);
    };
    const text = await fail(symbols, rename);
    assert.match(text, /in 1 file:\na\.ts: line 2\nIt stopped there: b\.ts was changed by somebody else[\s\S]*Not renamed yet: b\.ts/);
    assert.equal(documents.text('/w/b.ts'), 'typed');
  });

  it('never renames outside of the workspace, and says when there is nothing to rename', async () => {
    const outside = session({ rename: async () => [...renamed, { path: '/lib/x.ts', text: 'x' }] });
    assert.match(await outside.fail(symbols, rename), /\/lib\/x\.ts, which lies outside/);
    assert.equal(outside.documents.text('/w/a.ts'), files['/w/a.ts']);
    const none = session({ rename: async () => [] });
    assert.match(await none.fail(symbols, rename), /offers no rename/);
    assert.match(await none.fail(symbols, { ...rename, new_name: undefined }), /needs new_name/);
    assert.match(await none.fail(symbols, { ...rename, new_name: 'total2' }), /the name that it has/);
  });
});
