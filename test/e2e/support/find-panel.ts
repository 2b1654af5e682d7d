import type { Frame, Page } from 'playwright-core';

/** An element that only the chat panel has. */
const COMPOSER = 'textarea';

type Options = {
  readonly patience?: number;
  /** One that is known already. */
  readonly besides?: Frame;
  /** What the page has that no other has. */
  readonly holding?: string;
};

/**
 * Plumb's panel, once its composer is there. A webview is an extension's document inside two frames of VS Code's; it
 * is told from others by what it holds, since addresses say nothing.
 */
export async function findPanel(page: Page, { patience = 60_000, besides, holding = COMPOSER }: Options = {}): Promise<Frame> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      if (frame === besides || !frame.url().includes('fake.html')) continue;
      const found = await frame
        .locator(holding)
        .count()
        // A frame may go away while it is asked: the next look finds its successor.
        .catch(() => 0);
      if (found > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  const frames = page.frames().map((frame) => frame.url());
  throw new Error(`Plumb's page with ${holding} did not show within ${patience / 1000} s. Frames of the page:\n${frames.join('\n')}`);
}
