import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/editor-host/browser';
import { installEditorHost } from '../support/editor-host/install';
import { THEMES } from '../support/panel-preview/page';
import { SCENES } from '../support/panel-preview/scenes';
import { servePreview } from '../support/panel-preview/server';

const WIDTHS = [300, 400, 700];

describe('the panel page in a browser', () => {
  let browser: Browser;
  let page: Page;
  let preview: Awaited<ReturnType<typeof servePreview>>;
  const complaints: string[] = [];
  before(async () => {
    preview = await servePreview();
    browser = await launchBrowser(await installEditorHost());
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  after(async () => {
    await browser?.close();
    await preview?.close();
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  async function open(theme: string, scene: string): Promise<void> {
    await page.goto(`${preview.address}/${theme}/${scene}/`);
    await page.locator('.session-bar').waitFor();
  }

  for (const scene of Object.keys(SCENES)) {
    it(`keeps to its policy and its width: ${scene}`, async () => {
      for (const theme of THEMES) {
        await open(theme, scene);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 820 });
          assert.deepEqual(await page.evaluate(overflowing), [], `${theme} at ${width}`);
        }
      }
      assert.deepEqual(complaints, []);
    });
  }

  it('shows the end of the conversation, and stays where the user scrolled to', async () => {
    await page.setViewportSize({ width: 300, height: 500 });
    await open('dark', 'finished');
    const log = page.getByRole('log');
    await page.waitForFunction(() => {
      const box = document.querySelector('.transcript');
      return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < 2 && box.scrollTop > 0;
    });
    await log.evaluate((box) => {
      box.scrollTop = 0;
    });
    await page.getByRole('button', { name: 'Go to the end' }).waitFor();
    await page.evaluate(() => {
      const event = { id: 'x', at: 0, session: 's1', agent: 'main', seq: 0, type: 'delta', of: 'text', of_id: '9.1.0', text: 'More. ' };
      Reflect.apply(Reflect.get(window, 'host'), null, [{ type: 'events', session: 's1', events: [event] }]);
    });
    await page.getByText('More.').waitFor({ state: 'attached' });
    assert.equal(await log.evaluate((box) => box.scrollTop), 0);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await page.getByText('More.').waitFor({ state: 'visible' });
  });

  it('lets nothing be allowed before a long command was scrolled to its end', async () => {
    await page.setViewportSize({ width: 400, height: 820 });
    await open('light', 'permission-long');
    const allow = page.locator('vscode-button', { hasText: 'Allow once' });
    assert.equal(await allow.getAttribute('disabled'), '');
    await page.getByRole('alertdialog').focus();
    await page.keyboard.press('Enter');
    assert.equal(await decisions(page), 0);
    await page.locator('.ask-subject').evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
    await page.waitForFunction(() => !document.querySelector('.ask vscode-button')?.hasAttribute('disabled'));
    await page.getByRole('alertdialog').focus();
    await page.keyboard.press('Enter');
    assert.equal(await decisions(page), 1);
  });

  it('is worked by keyboard alone', async () => {
    await page.setViewportSize({ width: 400, height: 820 });
    await open('dark', 'permission');
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      seen.add(
        await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''),
      );
    }
    for (const name of [
      'Sessions',
      'New session',
      'Conversation',
      'Allow once',
      'Deny',
      'Deny and say why…',
      'Message to the agent',
      'Stop',
      'Mode: Ask',
    ])
      assert.ok(seen.has(name), `${name} is not reached by Tab; reached: ${[...seen].join(', ')}`);
  });
});

async function decisions(page: Page): Promise<number> {
  return page.evaluate(() => (Reflect.get(window, 'posted') as { type: string }[]).filter((m) => m.type === 'decide').length);
}

/**
 * Elements that stick out of the page and lie in no box that scrolls or clips on its own. Runs in the page, so it
 * names no function of its own: the names that the loader keeps are not known there.
 */
function overflowing(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll('#root *')) {
    const { right, left, width } = element.getBoundingClientRect();
    if (width === 0 || (right <= innerWidth + 0.5 && left >= -0.5)) continue;
    let box = element.parentElement;
    while (box && box !== document.body && getComputedStyle(box).overflowX === 'visible') box = box.parentElement;
    if (!box || box === document.body) found.push(`${element.tagName} ${element.className}`);
  }
  return found;
}
