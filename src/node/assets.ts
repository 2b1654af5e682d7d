import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ToolError } from '../core/errors';
import { errnoOf } from './errno';

/** Reads files shipped with the product from the first of `folders` that has them, each once. */
export function createAssets(folders: readonly string[]): (name: string) => Promise<Uint8Array> {
  const loaded = new Map<string, Promise<Uint8Array>>();
  return (name) => {
    const known = loaded.get(name);
    if (known) return known;
    const loading = load(name, folders);
    loaded.set(name, loading);
    // A failed load is tried again at the next call.
    loading.catch(() => loaded.delete(name));
    return loading;
  };
}

async function load(name: string, folders: readonly string[]): Promise<Uint8Array> {
  if (isAbsolute(name) || name.split(/[\\/]/).includes('..')) throw new Error(`not the name of an asset: ${name}`);
  for (const folder of folders) {
    try {
      return new Uint8Array(await readFile(join(folder, name)));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    }
  }
  throw new ToolError(`The file ${name}, which ships with Plumb, is missing.`, 'The installation is incomplete: install Plumb again.');
}
