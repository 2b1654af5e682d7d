import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { z } from 'zod';
import { eventually } from '../../e2e/support/eventually';
import { bootEditor, workbenchQuery } from '../../support/editor-host/boot';
import { launchBrowser } from '../../support/editor-host/browser';
import { installEditorHost } from '../../support/editor-host/install';
import { now } from '../server';
import { memoryOf, windowMemory } from './processes';

export type EditorWindow = {
  readonly page: Page;
  /** Clicks where the view is shown from; gives its frame and the milliseconds until it could be typed into. */
  openPanel(): Promise<{ readonly frame: Frame; readonly ms: number }>;
  /** Runs a command of the editor inside the extension host. */
  run(command: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Milliseconds from loading the extension's code to the end of its activation. */
  activation(): Promise<number>;
  /** Megabytes; undefined where the system does not tell. */
  hostMemory(): Promise<number | undefined>;
  windowMemory(): Promise<number | undefined>;
  /** What is to be taken from the page's times to have ours. */
  readonly clockSkew: number;
  close(): Promise<void>;
};

export type WindowOptions = {
  readonly extension: { readonly folder: string; readonly id: string; readonly view: string };
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
};

const PATIENCE = 60_000;
const zAnswer = z.object({ value: z.unknown().optional(), error: z.string().optional() });

/** The real editor with one extension and the probe in it, the side bar closed. */
export async function openWindow({ extension, folder, settings, env }: WindowOptions): Promise<EditorWindow> {
  const host = await installEditorHost();
  const dataFolder = await mkdtemp(join(tmpdir(), 'plumb-bench-window-'));
  const portFile = join(dataFolder, 'port');
  const closers = [() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    // Installed, since a page loads only one extension from where it is developed.
    await cp(join(import.meta.dirname, 'probe'), join(dataFolder, 'extensions', 'bench.probe-0.0.1'), { recursive: true });
    const editor = await bootEditor({
      host,
      dataFolder,
      settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden', ...settings },
      env: { ...env, BENCH_TARGET: extension.id, BENCH_VIEW: extension.view, BENCH_PORT_FILE: portFile },
    });
    closers.push(editor.close);
    const browser = await launchBrowser(host);
    closers.push(() => browser.close());
    const page = await openPage(browser);
    await page.goto(editor.url + workbenchQuery({ folder, extension: extension.folder }));
    const button = page.locator('.statusbar-item', { hasText: /^Bench$/ });
    await button.waitFor({ timeout: PATIENCE });
    await eventually('the probe answers', async () => (await readFile(portFile, 'utf8').catch(() => '')).endsWith('\n'), PATIENCE);
    const [port, pid] = (await readFile(portFile, 'utf8')).trim().split(' ').map(Number);
    const run = async (command: string, ...args: readonly unknown[]) => {
      const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify({ command, args }) });
      const { value, error } = zAnswer.parse(await response.json());
      if (error !== undefined) throw new Error(`${command}: ${error}`);
      return value;
    };
    return {
      page,
      run,
      async openPanel() {
        await button.click();
        const { frame, inputAt } = await frameWithInput(page);
        return { frame, ms: inputAt - z.number().parse(await page.evaluate('bench.clickedAt')) };
      },
      activation: async () => z.number().parse(await run('bench.activation')),
      hostMemory: async () => (pid === undefined ? undefined : memoryOf(pid)),
      windowMemory: async () => {
        await collectGarbage(page);
        return windowMemory(browser);
      },
      clockSkew: await clockSkew(page),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  // The editor's server alone has no half of the key that the page encrypts its secret storage with.
  await context.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 7) }));
  await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
  return context.newPage();
}

/** The frame of the webview, once its text area can be typed into, and when that was. */
async function frameWithInput(page: Page): Promise<{ readonly frame: Frame; readonly inputAt: number }> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    for (const outer of page.frames()) {
      // A frame may go away while it is asked.
      const inputAt = z
        .number()
        .catch(0)
        .parse(await outer.evaluate('bench.inputAt').catch(() => 0));
      const frame = outer.childFrames()[0];
      if (inputAt > 0 && frame) return { frame, inputAt };
    }
    await page.waitForTimeout(100);
  }
  const frames = page.frames().map((frame) => frame.url());
  throw new Error(`No panel within ${PATIENCE / 1000} s; frames:\n${frames.join('\n')}`);
}

async function collectGarbage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
}

/** The page's clock against ours, by the question that was answered fastest. */
async function clockSkew(page: Page): Promise<number> {
  let best = { trip: Number.POSITIVE_INFINITY, skew: 0 };
  for (let i = 0; i < 20; i++) {
    const asked = now();
    const theirs = z.number().parse(await page.evaluate('bench.now()'));
    const trip = now() - asked;
    if (trip < best.trip) best = { trip, skew: theirs - asked - trip / 2 };
  }
  return best.skew;
}
