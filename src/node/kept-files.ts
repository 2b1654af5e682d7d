import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from './errno';
import { makeFolder } from './folders';

const SUFFIX = '.json';

/**
 * Small values in a folder, a file for each key. Plain files and no help of the editor: what is written while its
 * window goes away gets to the disk all the same.
 */
export function createKeptFiles(folder: string): {
  /** All of them; what cannot be read is told to `onError` and left out. */
  load(onError: (error: unknown) => void): Promise<Map<string, unknown>>;
  /** Resolves when the value is on disk, whole; `undefined` removes it. */
  write(key: string, value: unknown): Promise<void>;
} {
  const fileOf = (key: string) => join(folder, encodeURIComponent(key));
  return {
    async load(onError) {
      const values = new Map<string, unknown>();
      const names = (await unless(readdir(folder), 'ENOENT')) ?? [];
      for (const name of names.filter((n) => n.endsWith(SUFFIX))) {
        try {
          values.set(decodeURIComponent(name.slice(0, -SUFFIX.length)), JSON.parse(await readFile(join(folder, name), 'utf8')));
        } catch (error) {
          onError(error);
        }
      }
      return values;
    },
    async write(key, value) {
      const file = fileOf(key) + SUFFIX;
      if (value === undefined) return rm(file, { force: true });
      await makeFolder(folder);
      const draft = `${fileOf(key)}.draft`;
      await writeFile(draft, JSON.stringify(value), { mode: 0o600 });
      await rename(draft, file);
    },
  };
}
