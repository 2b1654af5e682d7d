import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findPanel } from '../../e2e/support/find-panel';
import { launchBrowser } from '../editor-host/browser';
import type { EditorHost } from '../editor-host/install';
import { repository } from '../editor-host/paths';

/** Opens the address as a user would and waits for Plumb's panel. Leaves a picture either way; says where. */
export async function checkPanel(host: EditorHost, address: string, say: (line: string) => void): Promise<string> {
  const browser = await launchBrowser(host, say);
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const picture = join(repository, 'test-results/start.png');
    await mkdir(join(repository, 'test-results'), { recursive: true });
    try {
      await page.goto(address);
      await findPanel(page);
    } finally {
      await page.screenshot({ path: picture });
    }
    return `seen (${picture})`;
  } finally {
    await browser.close();
  }
}
