import { mkdir, rmdir, stat } from 'node:fs/promises';
import { errnoOf, unless } from './errno';

/** Who holds it longer has died with it. */
const STALE_MS = 10_000;

/**
 * Does the work while no other process does its own under the same lock, a folder that only one of them can make. Gives
 * false, with nothing done, when another one has it.
 */
export async function underLock(path: string, work: () => Promise<void>): Promise<boolean> {
  if (!(await taken(path))) return false;
  try {
    await work();
  } finally {
    await unless(rmdir(path), 'ENOENT');
  }
  return true;
}

async function taken(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const since = (await unless(stat(path), 'ENOENT'))?.mtimeMs ?? 0;
  // Left behind by a crash: it is freed now, and taken the next time, so that two who find it do not both have it.
  if (since > 0 && Date.now() - since > STALE_MS) await unless(rmdir(path), 'ENOENT');
  return false;
}
