import type { Locator } from 'playwright-core';
import { eventually } from './eventually';

/** Takes a row of a menu. For a moment after it has opened a menu ignores the mouse, so that the click which opened it chooses nothing. */
export async function take(row: Locator): Promise<void> {
  await row.waitFor();
  await eventually('the row of the menu is taken', async () => {
    const clicked = await row.click({ timeout: 1000 }).then(
      () => true,
      // Gone meanwhile, or not to be clicked yet: the next look tells.
      () => false,
    );
    if (!clicked) return (await row.count()) === 0;
    return row.waitFor({ state: 'detached', timeout: 500 }).then(
      () => true,
      () => false,
    );
  });
}
