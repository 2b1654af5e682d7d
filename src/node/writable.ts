import { accessSync, constants } from 'node:fs';

/** Whether the platform would let us write this file; one that is not there yet counts as writable. */
export async function writable(path: string): Promise<boolean> {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
