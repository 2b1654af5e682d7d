import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/editor-host/browser';
import { installEditorHost } from '../support/editor-host/install';
import { serveLogPreview } from '../support/log-preview/server';
import { THEMES } from '../support/panel-preview/page';

const MANY = 100_000;

describe('the log view in a browser', () => {
  let browser: Browser;
  let page: Page;
  let preview: Awaited<ReturnType<typeof serveLogPreview>>;
  before(async () => {
    preview = await serveLogPreview();
    browser = await launchBrowser(await installEditorHost());
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await preview?.close();
  });

  const open = async (rows: number) => {
    await page.setViewportSize({ width: 900, height: 600 });
    await page.goto(preview.address('dark', rows));
    await page.locator('.log-text').first().waitFor();
  };
  const list = () => page.getByRole('listbox', { name: 'Rows of the log' });
  const count = (text: string) => page.locator('.log-count', { hasText: text }).waitFor();
  const lastShown = (n: number) => page.locator(`#row-${n} .log-text`).waitFor();

  it('shows a hundred thousand rows by a few elements, at the newest, and goes through them by keys', async () => {
    await open(MANY);
    await count('100,000 rows');
    await lastShown(MANY - 1);
    assert.ok((await page.locator('.log-row').count()) < 150);
    await list().focus();
    await page.keyboard.press('Home');
    await lastShown(0);
    assert.equal(await list().getAttribute('aria-activedescendant'), 'row-0');
    assert.equal(await page.getByRole('button', { name: 'Follow new rows' }).getAttribute('aria-pressed'), 'false');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Details of the row' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Details of the row' }).waitFor({ state: 'detached' });
  });

  it('keeps the chosen row in sight when its details open below', async () => {
    await open(500);
    await list().focus();
    await page.keyboard.press('End');
    await lastShown(499);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Details of the row' }).waitFor();
    await page.waitForFunction(() => {
      const row = document.querySelector('[aria-selected="true"]')?.getBoundingClientRect();
      const pane = document.querySelector('.log-details')?.getBoundingClientRect();
      return row !== undefined && pane !== undefined && row.bottom <= pane.top + 1;
    });
  });

  it('never stands still for long while it filters and scrolls', async () => {
    await open(MANY);
    await page.evaluate(() => {
      const long: number[] = [];
      Object.assign(window, { long });
      new PerformanceObserver((found) => long.push(...found.getEntries().map((e) => e.duration))).observe({ entryTypes: ['longtask'] });
    });
    await list().focus();
    for (const key of ['Home', 'End', 'PageUp', 'PageUp', 'Home']) await page.keyboard.press(key);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('cache 17900');
    await count(`11,111 of 100,000 rows`);
    await page.getByLabel('Level').selectOption('error');
    await page.getByText('No row matches these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await count('100,000 rows');
    const longest = await page.evaluate(() => Math.max(0, ...(Reflect.get(window, 'long') as number[])));
    assert.ok(longest < 400, `${longest} ms`);
  });

  it('follows what is added, stays where a person went back to, and follows again', async () => {
    await open(500);
    await page.evaluate(() => window.more());
    await lastShown(500);
    await list().focus();
    await page.keyboard.press('Home');
    await lastShown(0);
    await page.evaluate(() => window.more());
    await count('502 rows');
    await lastShown(0);
    await page.getByRole('button', { name: 'Follow new rows' }).click();
    await lastShown(501);
  });

  it('narrows to a call from its row, and asks the host to export and to open the session', async () => {
    await open(90);
    await page.locator('.log-row', { hasText: 'edit_file (mutating)' }).last().click();
    await page.getByRole('button', { name: 'Only this call' }).click();
    await count('3 of 90 rows');
    await page.getByRole('button', { name: 'Export the rows that match' }).click();
    await page.locator('.log-row').first().click();
    await page.getByRole('button', { name: 'Open session' }).click();
    const posted = await page.evaluate(() => window.posted.map((message) => message.type));
    assert.deepEqual(posted.slice(-2), ['export', 'open_session']);
  });

  it('keeps within its width in every theme', async () => {
    for (const theme of THEMES) {
      await page.goto(preview.address(theme, 200));
      await page.locator('.log-text').first().waitFor();
      for (const width of [300, 400, 700]) {
        await page.setViewportSize({ width, height: 600 });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${theme} at ${width}`);
      }
    }
  });
});
