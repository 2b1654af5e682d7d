import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { THEMES } from './page';
import { SCENES } from './scenes';
import { servePreview } from './server';

/**
 * Takes a picture of every scene in every theme and width, for a person to look at:
 * `npx tsx test/support/panel-preview/main.ts FOLDER [part of a name]`.
 */
const WIDTHS = [300, 400, 700];
const HEIGHT = 820;

const [folder, wanted = ''] = process.argv.slice(2);
if (!folder) throw new Error('Say where the pictures go: main.ts FOLDER [part of a name]');
mkdirSync(folder, { recursive: true });
const preview = await servePreview();
const browser = await chromium.launch({ executablePath: process.env.PLUMB_BROWSER ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
page.on('console', (message) => console.log(message.type(), message.text()));
page.on('pageerror', (error) => console.log('page error', error.message));
try {
  for (const scene of Object.keys(SCENES)) {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        const name = `${scene}-${theme}-${width}`;
        if (!name.includes(wanted)) continue;
        await page.setViewportSize({ width, height: HEIGHT });
        await page.goto(`${preview.address}/${theme}/${scene}/`);
        await page.locator('.session-bar').waitFor();
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: join(folder, `${name}.png`) });
      }
    }
  }
} finally {
  await browser.close();
  await preview.close();
}
