import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { useCommonPlumb } from './support/plumb';

/** One red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

describe('the composer in the editor', () => {
  const plumb = useCommonPlumb();
  const panel = () => plumb().panel();
  const field = async () => (await panel()).locator('.composer-text');
  const chips = async () => (await panel()).locator('.composer .chip-label').allTextContents();
  const request = () => JSON.stringify(plumb().model.requests.at(-1)?.json);

  /** Sends what is in the composer, and waits for the end of the run. */
  async function sent(answer: string): Promise<void> {
    const runs = await (await panel()).locator('.run-done').count();
    plumb().model.push(reply.text(answer));
    await (await field()).press('Enter');
    await (await panel()).locator('.item-text', { hasText: answer }).waitFor();
    await (await panel()).locator('.run-done').nth(runs).waitFor();
  }

  /** Types a mention and takes the row that reads so. */
  async function mention(query: string, row: RegExp): Promise<void> {
    await (await field()).pressSequentially(`@${query}`);
    await (await panel()).locator('.mention-row').filter({ hasText: row }).first().click();
    await (await panel()).locator('.mention-row').first().waitFor({ state: 'detached' });
  }

  it('sends a request, and shows the reply as rendered Markdown', async () => {
    plumb().model.push(reply.text('The till adds up **three** prices.'));
    await plumb().send('What does this project do?');
    await (await panel()).locator('strong', { hasText: 'three' }).waitFor();
    await (await panel()).locator('.item-user', { hasText: 'What does this project do?' }).waitFor();
    assert.match(request(), /What does this project do\?/);
    await plumb().command('Plumb: Start new session');
    await (await panel()).locator('strong').waitFor({ state: 'detached' });
  });

  it('sends the next request with the mode and the model that were picked, before there is a session', async () => {
    const frame = await panel();
    await frame.getByRole('button', { name: /^Mode: / }).click();
    await frame.getByRole('option', { name: /^Plan/ }).click();
    await frame.getByRole('button', { name: 'Mode: Plan' }).waitFor();
    await frame.getByRole('button', { name: /^Model: / }).click();
    await frame.getByRole('option', { name: /Haiku/ }).first().click();
    await frame.getByRole('button', { name: /^Model: .*Haiku/ }).waitFor();
    await (await field()).fill('Only a plan');
    await sent('Planned.');
    assert.match(String(plumb().model.requests.at(-1)?.json.model), /haiku/);
    assert.match(request(), /Mode: plan/);
    await frame.getByRole('button', { name: /^Mode: / }).click();
    await frame.getByRole('option', { name: /^Ask/ }).click();
    await frame.getByRole('button', { name: 'Mode: Ask' }).waitFor();
  });

  it('mentions files, folders, symbols, problems and the selection, and sends what they hold', async () => {
    await writeFile(join(plumb().folder, 'broken.json'), '{ "a": }');
    await plumb().open('broken.json');
    await plumb().page.locator('.squiggly-error').first().waitFor();
    await plumb().open('money.js');
    await plumb().page.locator('.monaco-editor.focused').waitFor();
    await plumb().page.keyboard.press('ControlOrMeta+A');
    await (await field()).click();
    await mention('catal', /^catalog\.jssrc\/catalog\.js$/);
    await mention('src', /^srcsrc$/);
    await mention('formatMon', /^formatMoney.*money\.js:\d+$/);
    await mention('prob', /^problems/);
    await mention('sel', /^selectionsrc\/money\.js:1-20$/);
    assert.deepEqual(await chips(), ['catalog.js', 'src', 'formatMoney', 'Problems', 'money.js:1-20']);
    await sent('All seen.');
    const text = request();
    for (const part of [/<attached file [^>]*catalog\.js>/, /<attached folder [^>]*src>/, /<attached symbol formatMoney/])
      assert.match(text, part);
    assert.match(text, /<attached problems>\\n[^<]*broken\.json:1:8 Error/);
    assert.match(text, /<attached selection [^>]*money\.js:1-20>\\n[^<]*percentOf/);
    assert.deepEqual(await chips(), [], 'and they are gone from the composer');
  });

  it('takes a pasted picture, and sends it', async () => {
    await (await field()).evaluate(async (box, data) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'pixel.png', { type: 'image/png' }));
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, PNG);
    await (await panel()).locator('.composer .chip-picture').waitFor();
    await (await field()).fill('What is this?');
    await sent('A red pixel.');
    assert.ok(request().includes(PNG));
    await (await panel()).locator('.item-user img').waitFor();
  });

  it('fetches earlier prompts with Up, and gives the own text back with Down', async () => {
    const box = await field();
    await box.fill('half');
    await box.press('Home');
    await box.press('ArrowUp');
    assert.equal(await box.inputValue(), 'What is this?');
    await box.press('ArrowUp');
    assert.match(await box.inputValue(), /^@catalog\.js/);
    await box.press('ArrowDown');
    await box.press('End');
    await box.press('ArrowDown');
    assert.equal(await box.inputValue(), 'half');
    await box.fill('');
  });

  it('delivers what is typed during a run at its next step, and stops a run', async () => {
    const { model } = plumb();
    model.push(
      reply.tool('read_file', { path: 'package.json' }).hold('before-message-stop', 'mid'),
      reply.text('Still going.').hold('mid-delta', 'stopped'),
    );
    await plumb().send('Begin');
    await model.held('mid');
    await plumb().send('And this too');
    await (await panel()).locator('.queue', { hasText: 'And this too' }).waitFor();
    model.release('mid');
    await model.held('stopped');
    assert.match(request(), /And this too/);
    await (await panel()).locator('.queue').waitFor({ state: 'detached' });
    await (await panel()).getByRole('button', { name: 'Stop', exact: true }).click();
    await (await panel()).getByRole('button', { name: 'Send', exact: true }).waitFor();
    await (await panel()).locator('.item-ended', { hasText: /stopped/i }).waitFor();
  });

  it('shows in the meter how full the context is, what came from the cache and what it cost', async () => {
    const figures = (await panel()).locator('.figures');
    await eventually('the meter is filled', async () => /\d+\s*%.*cache\s*[1-9]\d*\s*%.*\$\d/s.test((await figures.textContent()) ?? ''));
    const titles = await figures.locator('.figure').evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
    assert.match(titles.join('\n'), /Context: [\d.]+\w* of [\d.]+\w* tokens[^\n]*\nCache: [^\n]*\nWhat this session has cost so far/);
    plumb().model.assertDone();
  });
});
