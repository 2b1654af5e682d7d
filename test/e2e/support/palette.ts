import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from '../../support/editor-host/paths';
import type { Plumb } from './plumb';

const zManifest = z.object({ contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }) });

/** Ids of Plumb's commands and what the palette calls them, as the manifest has it. */
export async function titles(): Promise<ReadonlyMap<string, string>> {
  const { contributes } = zManifest.parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')));
  const texts = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(repository, 'package.nls.json'), 'utf8')));
  return new Map(contributes.commands.map(({ command }) => [command, `Plumb: ${texts[command]}`]));
}

/**
 * Runs a command from the palette, which takes the place of whatever the last one asked. What that one opened may take
 * the focus late and close the palette: then it is opened again.
 */
export async function run({ page }: Plumb, title: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const label = page.locator('.label-name').getByText(title, { exact: true });
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).first();
  for (let left = 5; ; left--) {
    await page.keyboard.press('F1');
    try {
      await widget.locator('input[type=text]').first().fill(`>${title}`, { timeout: 4000 });
      await row.click({ timeout: 4000 });
      break;
    } catch (error) {
      if (left === 0) throw new Error(`The palette does not offer "${title}".`, { cause: error });
    }
  }
  await row.waitFor({ state: 'hidden' });
}
