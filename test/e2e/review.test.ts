import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { usePlumb } from './support/plumb';

const DISCOUNT = 'src/discount.js';
const MONEY = 'src/money.js';

describe('the review of changes in the editor', () => {
  const plumb = usePlumb({ script: [], settings: { 'plumb.mode': 'edit', 'plumb.allow': ['delete_file(**)', 'move_file(**)'] } });
  const page = () => plumb().page;
  const text = (path: string) => readFile(join(plumb().folder, path), 'utf8');
  const lenses = (title: string) => page().locator('.codelens-decoration a', { hasText: title });
  const rows = async () => (await plumb().panel()).locator('.changed-row');
  const row = async (name: string) => (await rows()).filter({ hasText: name });
  const tabs = () => page().locator('.tabs-container .tab').allTextContents();

  async function edits(...changes: readonly (readonly [path: string, before: string, after: string])[]): Promise<void> {
    const calls = changes.map(([path, old_text, new_text]) => ({ name: 'edit_file', input: { path, edits: [{ old_text, new_text }] } }));
    await runs(calls);
  }

  async function runs(calls: readonly { readonly name: string; readonly input: Record<string, unknown> }[]): Promise<void> {
    const words = `Done, ${plumb().model.requests.length}.`;
    plumb().model.push(reply.tools(calls), reply.text(words));
    await plumb().send('Go on.');
    await (await plumb().panel()).locator('.item-text', { hasText: words }).waitFor();
  }

  async function goToLine(line: number): Promise<void> {
    await page().keyboard.press('Control+G');
    const input = page().locator('.quick-input-widget input[type=text]').first();
    await input.fill(`:${line}`);
    await input.press('Enter');
    await page()
      .getByRole('button', { name: new RegExp(`Ln ${line}, Col`) })
      .waitFor();
  }

  async function focusEditor(): Promise<void> {
    await plumb().command('View: Focus Active Editor Group');
    await page().locator('.monaco-editor.focused').waitFor();
  }

  it('shows edits while the agent works, and moves neither the focus nor a tab', async () => {
    await plumb().open(MONEY);
    const before = await tabs();
    plumb().model.push(
      reply.tools([
        { name: 'edit_file', input: { path: DISCOUNT, edits: [{ old_text: 'DISCOUNT_PERCENT = 10', new_text: 'DISCOUNT_PERCENT = 20' }] } },
        { name: 'edit_file', input: { path: MONEY, edits: [{ old_text: '2, ', new_text: '3, ' }] } },
      ]),
      reply.text('Both are changed.').hold('before-headers', 'mid-run'),
    );
    await plumb().send('Change two files.');
    await plumb().model.held('mid-run');
    await (await row('discount.js')).waitFor();
    await lenses('Keep').first().waitFor();
    assert.deepEqual(await tabs(), before);
    assert.equal(await page().evaluate(() => document.activeElement?.tagName), 'IFRAME', 'the composer has kept the focus');

    // Review goes on while the model has the floor.
    await lenses('Undo').first().click();
    await (await row('money.js')).waitFor({ state: 'detached' });
    assert.match(await text(MONEY), /padStart\(2, /);
    plumb().model.release('mid-run');
    await (await plumb().panel()).locator('.item-text', { hasText: 'Both are changed.' }).waitFor();
  });

  it('tells the model what was undone, and why', async () => {
    await plumb().open(DISCOUNT);
    await lenses('Undo and say why').first().click();
    const input = page().locator('.quick-input-widget input[type=text]').first();
    await input.fill('ten is the law');
    await input.press('Enter');
    await (await row('discount.js')).waitFor({ state: 'detached' });
    await edits([MONEY, "'-' : ''", "'−' : ''"]);
    const told = JSON.stringify(plumb().model.requests.at(-2)?.json);
    assert.match(told, /undid 1 of your changes in [^"]*discount\.js and said: ten is the law/);
    assert.match(told, /\+const DISCOUNT_PERCENT = 20/);
  });

  it('lets the keys act inside a pending change only', async () => {
    await plumb().open(MONEY);
    await lenses('Keep').first().waitFor();
    await focusEditor();
    await goToLine(1);
    await page().keyboard.press('Control+Alt+Y');
    await page().keyboard.press('Alt+]');
    await page()
      .getByRole('button', { name: /Ln 15, Col/ })
      .waitFor();
    assert.ok(await (await row('money.js')).isVisible(), 'the key did nothing outside');
    await page().keyboard.press('Control+Alt+Y');
    await (await row('money.js')).waitFor({ state: 'detached' });
    assert.match(await text(MONEY), /'−' : ''/);
  });

  it('merges an undo with what the user typed meanwhile', async () => {
    await plumb().open(DISCOUNT);
    await edits([DISCOUNT, 'amount > DISCOUNT_FROM', 'amount >= DISCOUNT_FROM']);
    await focusEditor();
    await goToLine(2);
    await page().keyboard.type('const mine = 1;');
    await (await row('discount.js')).getByRole('button', { name: 'Undo discount.js' }).click();
    await (await row('discount.js')).waitFor({ state: 'detached' });
    await focusEditor();
    await plumb().command('File: Save');
    await eventually('the typed line and the old one are in the file', async () => {
      const now = await text(DISCOUNT);
      return /^const mine = 1;$/m.test(now) && /amount > DISCOUNT_FROM/.test(now);
    });
  });

  it('takes an edit back with the editor’s own undo', async () => {
    await plumb().open(DISCOUNT);
    await edits([DISCOUNT, 'return 0;', 'return 1;']);
    await (await row('discount.js')).waitFor();
    await focusEditor();
    await page().keyboard.press('Control+Z');
    await (await row('discount.js')).waitFor({ state: 'detached' });
    await plumb().command('File: Save');
    await eventually('the old line is in the file', async () => /return 0;/.test(await text(DISCOUNT)));
  });

  it('undoes files that came, went and moved', async () => {
    const kept = await text('src/main.js');
    await runs([
      { name: 'write_file', input: { path: 'src/new.js', content: 'export {};\n' } },
      { name: 'delete_file', input: { path: 'src/main.js' } },
      { name: 'move_file', input: { from: 'scripts/build.js', to: 'scripts/make.js' } },
    ]);
    await (await row('new.js')).waitFor();
    await (await row('make.js')).waitFor();
    assert.equal(await (await rows()).count(), 3);
    assert.ok(!existsSync(join(plumb().folder, 'src/main.js')));
    await plumb().command('Plumb: Undo all changes');
    await (await rows()).first().waitFor({ state: 'detached' });
    assert.equal(await text('src/main.js'), kept);
    assert.ok(existsSync(join(plumb().folder, 'scripts/build.js')));
    assert.ok(!existsSync(join(plumb().folder, 'src/new.js')) && !existsSync(join(plumb().folder, 'scripts/make.js')));
  });
});
