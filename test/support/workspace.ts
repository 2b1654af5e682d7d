import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './editor-host/paths';

/** A folder for one run, with a copy of the sample project and a place for sessions; `remove` when done. */
export async function scratchWorkspace(): Promise<{ folder: string; storage: string; remove: () => Promise<void> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-run-')));
  const folder = join(root, 'sample');
  const storage = join(root, 'storage');
  await mkdir(folder);
  await mkdir(storage);
  const sample = join(repository, 'media/sample');
  if (existsSync(sample)) await cp(sample, folder, { recursive: true });
  return { folder, storage, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}
