import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEditorSymbols } from '../../src/editor/symbols';
import { refuses } from '../contract/support/documents';
import { workspaceRoot } from './support';

const signal = () => new AbortController().signal;

describe('symbols in the editor', function () {
  this.timeout(60_000);
  const folder = join(workspaceRoot(), 'symbols-project');
  const shop = join(folder, 'shop.ts');
  const till = join(folder, 'till.ts');
  const symbols = createEditorSymbols();

  before(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "types": [] } }');
    writeFileSync(
      shop,
      '/** What it costs. */\nexport function price(n: number): number {\n  return n;\n}\nexport class Shelf {\n  size = 1;\n}\n',
    );
    writeFileSync(till, "import { price } from './shop';\nexport const total = price(1) + price(2);\n");
  });

  it('answers right the first time, before anything was opened', async () => {
    const found = await symbols.references({ path: shop, line: 2, column: 17 }, signal());
    assert.deepEqual(
      found.filter((p) => p.path === till).map((p) => [p.line, p.text]),
      [
        [1, "import { price } from './shop';"],
        [2, 'export const total = price(1) + price(2);'],
        [2, 'export const total = price(1) + price(2);'],
      ],
    );
  });

  it('goes to the definition across files', async () => {
    const [place] = await symbols.definition({ path: till, line: 2, column: 22 }, signal());
    assert.deepEqual([place?.path, place?.line, place?.column], [shop, 2, 17]);
  });

  it('shows types and documentation', async () => {
    assert.match(await symbols.hover({ path: till, line: 2, column: 22 }, signal()), /price\(n: number\): number[\s\S]*What it costs/);
  });

  it('lists a file and searches the workspace', async () => {
    const listed = await symbols.inFile(shop, signal());
    assert.deepEqual(
      listed.map((s) => [s.name, s.kind, s.line, s.container]),
      [
        ['price', 'function', 2, undefined],
        ['Shelf', 'class', 5, undefined],
        ['size', 'property', 6, 'Shelf'],
      ],
    );
    const found = await symbols.inWorkspace('Shelf', signal());
    assert.ok(found.some((s) => s.path === shop && s.line === 5));
  });

  it('works out a rename in every file and applies nothing', async () => {
    const before = [readFileSync(shop, 'utf8'), readFileSync(till, 'utf8')];
    const texts = new Map((await symbols.rename({ path: shop, line: 2, column: 17 }, 'cost', signal())).map((f) => [f.path, f.text]));
    assert.equal(texts.get(till), "import { cost } from './shop';\nexport const total = cost(1) + cost(2);\n");
    assert.match(texts.get(shop) ?? '', /function cost\(/);
    assert.deepEqual([readFileSync(shop, 'utf8'), readFileSync(till, 'utf8')], before);
  });

  it('refuses what cannot be renamed and files that are not there', async () => {
    await refuses(symbols.rename({ path: shop, line: 3, column: 3 }, 'x', signal()), /cannot be renamed/);
    await refuses(symbols.inFile(join(folder, 'none.ts'), signal()), /does not exist/);
    await assert.rejects(symbols.hover({ path: shop, line: 1, column: 1 }, AbortSignal.abort()), { name: 'AbortError' });
  });
});
