import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { THEMES } from '../panel-preview/page';
import { serveLogPreview } from './server';

/** Takes a picture of the log view in every theme and width: `npx tsx test/support/log-preview/main.ts FOLDER`. */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Say where the pictures go: main.ts FOLDER');
mkdirSync(folder, { recursive: true });
const preview = await serveLogPreview();
const browser = await chromium.launch({ executablePath: process.env.PLUMB_BROWSER ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
page.on('pageerror', (error) => console.log('page error', error.message));
try {
  for (const theme of THEMES) {
    for (const width of [300, 400, 700, 1100]) {
      await page.setViewportSize({ width, height: 640 });
      await page.goto(preview.address(theme, 2_000));
      await page.locator('.log-text').first().waitFor();
      await page.locator('.log-list').focus();
      for (const key of ['End', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
      await page.locator('.log-details').waitFor();
      await page.screenshot({ path: join(folder, `log-${theme}-${width}.png`) });
    }
  }
} finally {
  await browser.close();
  await preview.close();
}
