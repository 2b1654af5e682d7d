import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { HOSTILE } from '../support/hostile';
import { reply } from '../support/model-server/reply';
import { useCommonPlumb } from './support/plumb';

/** Everything at once, each piece in a paragraph of its own; `alert` would be heard as a dialog. */
const ALL = Object.values(HOSTILE).join('\n\n');
/** Looks like a harmless name, is another: the override turns the letters around. */
const TURNED = 'gpj.\u202etxt.exe';

describe('what a model writes to do harm, in the real panel', () => {
  const plumb = useCommonPlumb();
  const panel = () => plumb().panel();

  it('runs nothing and fetches nothing, while it streams and afterwards', async () => {
    const { page, model, folder } = plumb();
    const went: string[] = [];
    const note = (request: Request) => {
      const { hostname } = new URL(request.url());
      if (hostname.endsWith('.example') || request.url().startsWith('data:text')) went.push(request.url());
    };
    const dialogs: string[] = [];
    page.on('request', note);
    page.once('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await writeFile(join(folder, 'hostile.md'), `${ALL}\n${TURNED}\n`);
    model.push(
      reply.thinking(ALL).text(ALL).pieces(9).tool('read_file', { path: 'hostile.md' }),
      reply.tool('shell', { command: `echo ${TURNED}` }),
      reply.text('That was all of it.'),
    );
    await plumb().send('Read what is in hostile.md');
    const ask = (await panel()).locator('.ask');
    await ask.waitFor();
    assert.ok(!((await ask.textContent()) ?? '').includes('\u202e'), 'what turns letters around is shown, not done');
    assert.match((await ask.textContent()) ?? '', /U\+202E/);
    await plumb().command('Plumb: Deny the call that waits');
    await (await panel()).locator('.item-text', { hasText: 'That was all of it.' }).waitFor();
    const folded = (await panel()).locator('button.fold-head[aria-expanded=false]');
    while ((await folded.count()) > 0) await folded.first().click();
    await (await panel()).getByText('<script>fetch("https://evil.example")</script>').first().waitFor();
    const inside = await (await panel()).evaluate(() => ({
      live: document.querySelectorAll('script[src*=evil], iframe, object, embed, form, base, meta[http-equiv=refresh], img[src*=evil]')
        .length,
      handlers: [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on'))).length,
      links: [...document.querySelectorAll('a')].filter(({ href }) => /^(javascript|data|command|vscode):/i.test(href)).length,
    }));
    assert.deepEqual(inside, { live: 0, handlers: 0, links: 0 });
    page.off('request', note);
    assert.deepEqual({ went, dialogs }, { went: [], dialogs: [] });
  });

  it('opens a link only after its address was shown, and none that would run something', async () => {
    const { page } = plumb();
    const links = (await panel()).locator('.item-text .link, .item-text button[title]');
    const titles = await links.evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
    assert.ok(titles.some((title) => title.startsWith('https://evil.example')));
    assert.deepEqual(
      // A number after the colon is the line of a file.
      titles.filter((title) => /^(javascript|data|command|vscode):(?!\d+$)/i.test(title)),
      [],
    );
    await (await panel()).locator('.item-text button[title^="https://evil.example/x.png"]').first().click();
    const box = page.locator('.monaco-dialog-box', { hasText: 'https://evil.example/x.png' });
    await box.waitFor();
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
  });
});
