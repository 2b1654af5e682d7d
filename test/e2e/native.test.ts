import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { take } from './support/menus';
import { openPlumb, useCommonPlumb } from './support/plumb';

describe('Plumb in the menus of the editor', () => {
  const plumb = useCommonPlumb();
  const panel = () => plumb().panel();
  const item = (name: string | RegExp) => plumb().page.getByRole('menuitem', { name });
  const lastRequest = () => JSON.stringify(plumb().model.requests.at(-1)?.json);

  it('asks for a fix from the lightbulb of a problem', async () => {
    const { page, model, folder } = plumb();
    model.push(reply.text('Looked at it.'));
    await writeFile(join(folder, 'broken.json'), '{ "a": }');
    await plumb().open('broken.json');
    await page.locator('.squiggly-error').first().waitFor();
    await page.locator('.squiggly-error').first().click({ force: true });
    await plumb().command('Quick Fix...');
    await page.locator('.action-widget').getByText('Fix with Plumb').first().click();
    await (await panel()).locator('.item-text', { hasText: 'Looked at it.' }).waitFor();
    assert.match(lastRequest(), /broken\.json:1:\d+ .*Value expected/);
  });

  it('adds the selection of an editor, and a file of the explorer', async () => {
    const { page } = plumb();
    await plumb().open('money.js');
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.locator('.monaco-editor .view-line').first().click({ button: 'right' });
    await item(/^Plumb/).hover();
    await take(item('Add selection to chat'));
    const chips = async () => (await panel()).locator('.composer .chip-label').allTextContents();
    await eventually('the selection is attached', async () => /money\.js/.test((await chips()).join(' ')));
    await page.keyboard.press('ControlOrMeta+Shift+E');
    await page.locator('.explorer-folders-view').getByText('package.json').click({ button: 'right' });
    await take(item('Add file to chat'));
    await eventually('the file is attached', async () => /package\.json/.test((await chips()).join(' ')));
  });
});

describe('Plumb without a folder', () => {
  it('answers in an empty window, and says that no folder is open', async function () {
    this.timeout(120_000);
    const plumb = await openPlumb({
      script: [reply.tool('read_file', { path: 'a.txt' }), reply.text('There is no folder.')],
      noFolder: true,
    });
    try {
      await plumb.send('Read a.txt');
      await (await plumb.panel()).locator('.item-text', { hasText: 'There is no folder.' }).waitFor();
      assert.match(JSON.stringify(plumb.model.requests.at(-1)?.json), /a\.txt is relative, and no folder is open/);
    } finally {
      await plumb.close();
    }
  });
});
