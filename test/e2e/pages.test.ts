import * as assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { findPanel } from './support/find-panel';
import { take } from './support/menus';
import { type Plumb, useCommonPlumb } from './support/plumb';

/** As a person does it, from the explorer's menu. */
async function addFile({ page }: Plumb, name: string): Promise<void> {
  await page.locator('.explorer-folders-view').getByText(name).click({ button: 'right' });
  await take(page.getByRole('menuitem', { name: 'Add file to chat' }));
}

describe('the draft of a message', () => {
  const plumb = useCommonPlumb();
  before(() => plumb().model.push(reply.text('The first answer.'), reply.text('The second answer.')));
  const field = async () => (await plumb().panel()).locator('textarea').first();
  const chips = async () => (await plumb().panel()).locator('.composer .chip-label');
  const press = async (name: string) => (await plumb().panel()).getByRole('button', { name, exact: true }).click();
  const drafted = async (text: string) => eventually(`the draft is "${text}"`, async () => (await (await field()).inputValue()) === text);

  /** A person cannot reload before the last letter is seen. */
  const drawn = () => plumb().page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

  async function choose(label: string): Promise<void> {
    await plumb().page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  }

  async function open(title: string): Promise<void> {
    await press('Sessions');
    await (await plumb().panel()).locator('.session-name', { hasText: title }).click();
    await (await plumb().panel()).locator('.session-title', { hasText: title }).waitFor();
  }

  it('typed right after New session outlives a reload at once', async () => {
    await plumb().send('First question');
    await (await plumb().panel()).locator('.item-text', { hasText: 'The first answer.' }).waitFor();
    const composer = await field();
    await composer.pressSequentially('for the first');
    await press('New session');
    await composer.pressSequentially('for a new one');
    await drawn();
    await plumb().reload();
    await drafted('for a new one');
  });

  it('stays with its session, back and forth, with what is attached', async () => {
    await open('First question');
    await drafted('for the first');
    await addFile(plumb(), 'package.json');
    await (await chips()).filter({ hasText: 'package.json' }).waitFor();
    await press('New session');
    await drafted('for a new one');
    assert.equal(await (await chips()).count(), 0);
    await open('First question');
    await drafted('for the first');
    assert.deepEqual(await (await chips()).allTextContents(), ['package.json']);
  });

  it('stands in a page that came whole: nothing was asked for before it could be drawn', async () => {
    const asked = await (await plumb().panel()).evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.deepEqual(asked, []);
  });

  it('survives that the view is hidden and shown, and that it is moved', async () => {
    await (await field()).pressSequentially(', more');
    const shown = await (await field()).inputValue();
    await plumb().command('View: Toggle Secondary Side Bar Visibility');
    await plumb().command('Plumb: Focus chat');
    await (await plumb().panel()).locator('textarea:focus').waitFor();
    await drafted(shown);
    await plumb().command('View: Move View');
    await choose('Chat');
    await choose('New Panel Entry');
    await plumb().page.locator('.part.panel .action-item', { hasText: 'Plumb' }).waitFor();
    await drafted(shown);
    await plumb().command('View: Reset View Locations');
    await plumb().command('Plumb: Focus chat');
    await drafted(shown);
  });

  it('is emptied by sending, and no other is', async () => {
    await press('New session');
    await drafted('for a new one');
    const composer = await field();
    await composer.fill('');
    await composer.pressSequentially('Second question');
    await composer.press('Enter');
    await composer.pressSequentially('what I think of next');
    await (await plumb().panel()).locator('.item-text', { hasText: 'The second answer.' }).waitFor();
    await plumb().reload();
    await drafted('what I think of next');
    await press('New session');
    await drafted('');
    await open('First question');
    await eventually('its own is there', async () => (await (await field()).inputValue()).startsWith('for the first'));
    assert.deepEqual(await (await chips()).allTextContents(), ['package.json'], 'with what is attached');
  });
});

describe('Plumb in the side bar and in a tab at once', () => {
  const plumb = useCommonPlumb();
  const draftOf = (frame: Frame) => frame.locator('textarea').first();
  const transcript = (frame: Frame) => frame.locator('.transcript .item').allTextContents();
  const same = (a: Frame, b: Frame) =>
    eventually('both show the same', async () => {
      const [one, other] = [await transcript(a), await transcript(b)];
      return one.length > 0 && JSON.stringify(one) === JSON.stringify(other);
    });
  let side: Frame;
  let tab: Frame;

  it('shows the same session, its transcript so far and its draft', async () => {
    plumb().model.push(reply.text('One two three four five six seven eight nine ten.').pieces(4).hold({ afterDeltas: 6 }, 'mid'));
    await plumb().send('Count to ten');
    await plumb().model.held('mid');
    side = await plumb().panel();
    await side.locator('.item-text', { hasText: 'One two' }).waitFor();
    await draftOf(side).pressSequentially('and then');
    await plumb().command('Plumb: Open chat in an editor tab');
    tab = await findPanel(plumb().page, { besides: side });
    await same(side, tab);
    await tab.locator('.item-text', { hasText: 'One two' }).waitFor();
    assert.equal(await draftOf(tab).inputValue(), 'and then');
  });

  it('follows what is typed in the other, and takes neither focus nor caret from it', async () => {
    await draftOf(tab).evaluate((box) => box instanceof HTMLTextAreaElement && box.setSelectionRange(3, 3));
    await draftOf(side).click();
    await draftOf(side).press('End');
    await draftOf(side).pressSequentially(' on to twenty', { delay: 15 });
    await eventually('the tab has it', async () => (await draftOf(tab).inputValue()) === 'and then on to twenty');
    assert.equal(await draftOf(side).inputValue(), 'and then on to twenty');
    assert.equal(await draftOf(side).evaluate((box) => box === document.activeElement && document.hasFocus()), true);
    assert.equal(await draftOf(tab).evaluate((box) => box instanceof HTMLTextAreaElement && box.selectionStart), 3);
  });

  it('goes on in the other when one is closed in mid-stream, with nothing lost or doubled', async () => {
    await plumb().command('View: Close Editor');
    await plumb().page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
    plumb().model.release('mid');
    await side.locator('.item-text', { hasText: 'One two three four five six seven eight nine ten.' }).waitFor();
    assert.equal(await side.locator('.item-text', { hasText: 'nine ten' }).count(), 1);
    assert.equal(await draftOf(side).inputValue(), 'and then on to twenty');

    plumb().model.push(reply.text('Eleven twelve thirteen fourteen fifteen.').pieces(4).hold({ afterDeltas: 4 }, 'again'));
    await plumb().command('Plumb: Open chat in an editor tab');
    tab = await findPanel(plumb().page, { besides: side });
    await draftOf(tab).press('Enter');
    await plumb().model.held('again');
    await plumb().command('View: Toggle Secondary Side Bar Visibility');
    plumb().model.release('again');
    await tab.locator('.item-text', { hasText: 'Eleven twelve thirteen fourteen fifteen.' }).waitFor();
    assert.equal(await tab.locator('.item-text', { hasText: 'fourteen' }).count(), 1);
    assert.equal(await draftOf(tab).inputValue(), '');
    await plumb().command('View: Toggle Secondary Side Bar Visibility');
    await same(side, tab);
    assert.equal(await draftOf(side).inputValue(), '');
    plumb().model.assertDone();
  });

  it('puts what a menu adds into one of them only, from where both have it once', async () => {
    await draftOf(tab).pressSequentially('look');
    await addFile(plumb(), 'package.json');
    for (const frame of [side, tab]) {
      await eventually('the chip is there once', async () => (await frame.locator('.composer .chip').count()) === 1);
      assert.equal(await draftOf(frame).inputValue(), 'look');
    }
    assert.equal(await draftOf(tab).evaluate(() => document.hasFocus()), true, 'and the tab, last used, keeps the focus');
  });
});
