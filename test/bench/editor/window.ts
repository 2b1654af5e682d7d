import { randomUUID } from 'node:crypto';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { bootEditor, workbenchQuery } from '../../support/editor-host/boot';
import { launchBrowser } from '../../support/editor-host/browser';
import { installEditorHost } from '../../support/editor-host/install';
import { now } from '../server';
import { extensionHost, memoryOf } from './processes';

export type EditorWindow = {
  readonly page: Page;
  readonly browser: Browser;
  /** Opens the side bar; gives the panel's frame and the milliseconds until its text area could be typed into. */
  openPanel(): Promise<{ readonly frame: Frame; readonly ms: number }>;
  /** Milliseconds that the editor itself says the extension took to activate. */
  activation(name: string): Promise<number | undefined>;
  hostMemory(): Promise<number | undefined>;
  close(): Promise<void>;
};

export type WindowOptions = {
  readonly extension: string;
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
};

const PATIENCE = 60_000;

/** The real editor with one extension in it and the side bar closed. */
export async function openWindow({ extension, folder, settings, env }: WindowOptions): Promise<EditorWindow> {
  const host = await installEditorHost();
  const mark = `BENCH_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const editor = await bootEditor({
    host,
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden', ...settings },
    env: { ...env, [name]: value },
  });
  const browser = await launchBrowser(host);
  const close = async () => {
    await browser.close();
    await editor.close();
  };
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(editor.url + workbenchQuery({ folder, extension }));
    await page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: PATIENCE });
    return {
      page,
      browser,
      async openPanel() {
        const row = await paletteRow(page, 'View: Toggle Secondary Side Bar Visibility');
        const startedAt = now();
        await row.click();
        const frame = await frameWithInput(page);
        return { frame, ms: now() - startedAt };
      },
      async activation(extensionName) {
        await (await paletteRow(page, 'Developer: Show Running Extensions')).click();
        const row = page.locator('.runtime-extensions-editor .extension', { hasText: extensionName }).first();
        await row.waitFor({ timeout: PATIENCE });
        const text = await row.locator('.activation-time').textContent();
        const ms = /([\d.]+)\s*ms/.exec(text ?? '')?.[1];
        await (await paletteRow(page, 'View: Close All Editors')).click();
        return ms === undefined ? undefined : Number(ms);
      },
      async hostMemory() {
        const pid = await extensionHost(mark);
        return pid === undefined ? undefined : memoryOf(pid);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The row of a command in the palette, ready to be clicked. */
async function paletteRow(page: Page, title: string): Promise<Locator> {
  const input = page.locator('.quick-input-widget input[type=text]').first();
  // A key that meets a palette which is just closing is lost.
  for (const end = Date.now() + PATIENCE; !(await input.isVisible()) && Date.now() < end; await page.waitForTimeout(200))
    await page.keyboard.press('F1');
  await input.waitFor();
  await input.fill(`>${title}`);
  const label = page.locator('.label-name').getByText(title, { exact: true });
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).first();
  await row.waitFor({ timeout: PATIENCE });
  return row;
}

/** The innermost frame with a text area that can be typed into. */
async function frameWithInput(page: Page): Promise<Frame> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      if (!frame.url().includes('fake.html')) continue;
      const usable = await frame
        .evaluate(() => {
          const area = document.querySelector('textarea');
          return area !== null && !area.disabled && area.getBoundingClientRect().width > 0;
        })
        // A frame may go away while it is asked.
        .catch(() => false);
      if (usable) return frame;
    }
    await page.waitForTimeout(5);
  }
  throw new Error(
    `No panel within ${PATIENCE / 1000} s; frames: ${page
      .frames()
      .map((frame) => frame.url())
      .join(', ')}`,
  );
}
