import { accessSync, constants } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { unless } from './errno';

/** Whether the platform would let us write this file; one that is not there yet counts as writable. */
export async function writable(path: string): Promise<boolean> {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** Gives a file that was made anew the permission bits that it had. A file system without them is told nothing. */
export async function setMode(path: string, mode: number): Promise<void> {
  if (process.platform !== 'win32') await unless(chmod(path, mode & 0o777), 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS');
}
