import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../core/errors';
import { errnoOf, unless } from './errno';

/** The next step where sessions cannot be kept in a place. */
export const ELSEWHERE = 'Choose another storage folder: with --storage, or in the setting plumb.storagePath.';

/**
 * Makes a folder of the store with what is missing above it, each for its owner only. Node's own recursive `mkdir` never
 * returns where no folder can be made (/proc), and takes a read-only disk for a missing one. @throws StoreError
 */
export async function makeFolder(path: string): Promise<void> {
  const there = await unless(stat(path), 'ENOENT', 'ENOTDIR');
  if (there?.isDirectory()) return;
  if (there) throw new StoreError('io', `${path} is a file, so no folder can be made there.`, ELSEWHERE);
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await unless(mkdir(path, { mode: 0o700 }), 'EEXIST');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new StoreError('io', `The folder ${path} cannot be made.`, ELSEWHERE);
  }
}
