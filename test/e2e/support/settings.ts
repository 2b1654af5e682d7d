import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plumb } from './plumb';

/** What the user's own settings file holds now, or that of the machine. */
export async function userSettings(plumb: Plumb, place: 'User' | 'Machine' = 'User'): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(plumb.dataFolder, 'user', place, 'settings.json'), 'utf8'));
}

/** Changes settings as a person does who edits the files: of the user and, unless told, of the machine, since some are read there only. */
export async function changeSettings(
  plumb: Plumb,
  change: Readonly<Record<string, unknown>>,
  places: readonly ('User' | 'Machine')[] = ['User', 'Machine'],
): Promise<void> {
  for (const place of places) {
    const path = join(plumb.dataFolder, 'user', place, 'settings.json');
    const settings = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...settings, ...change }, null, 2));
  }
}
