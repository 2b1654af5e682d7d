import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of sessions and logs; empty means the one that is always used. */
export function storageIn(path: string): string {
  return resolve(atHome(path || join(homedir(), '.plumb')));
}

/** A path of a person's, who may mean their home with `~`. */
export function atHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
