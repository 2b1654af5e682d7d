import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { below, isDeviceOrNetwork, normalize } from '../core/permission/paths';
import type { Documents } from '../core/ports';
import { createDocuments } from '../node/documents';
import { atHome } from './storage';

/** Where a judged line stands: its folder, the workspace around it, and the files seen from there. */
export type Standpoint = { readonly cwd: string; readonly roots: readonly string[]; readonly documents: Documents };

const MOST_KEPT = 64;

/** Standpoints of the lines of one input, each made once. */
export function createStandpoints(): (cwd: string | undefined, roots: readonly string[] | undefined, windows: boolean) => Standpoint {
  const kept = new Map<string, Standpoint>();
  return (cwd, roots, windows) => {
    const key = JSON.stringify([cwd, roots, windows]);
    const known = kept.get(key);
    if (known) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const made = windows && process.platform !== 'win32' ? foreign(cwd, roots) : standpoint(cwd, roots);
    kept.set(key, made);
    return made;
  };
}

function standpoint(cwd: string | undefined, roots: readonly string[] | undefined): Standpoint {
  const folders = (roots ?? []).map((root) => resolve(atHome(root)));
  const at = cwd === undefined ? (folders[0] ?? process.cwd()) : resolve(atHome(cwd));
  const all = folders.length > 0 ? folders : [at];
  const documents = createDocuments({ roots: all });
  if (at === all[0]) return { cwd: at, roots: all, documents };
  // Relative paths are meant from the folder that the line names.
  const seen = (path: string): string => (isAbsolute(path) || /^~|^\\|^[A-Za-z]:[\\/]/.test(path) ? path : join(at, path));
  return { cwd: at, roots: all, documents: { ...documents, resolve: (path) => documents.resolve(seen(path)) } };
}

/**
 * A Windows folder on a system that has none such: paths are compared by their text alone. A folder of this system stays
 * one, and its links are followed.
 */
function foreign(cwd: string | undefined, roots: readonly string[] | undefined): Standpoint {
  const given = roots ?? (cwd === undefined ? [] : [cwd]);
  if (given.every((root) => root.startsWith('/') && existsSync(root))) return standpoint(cwd, roots);
  const all = given.map(normalize);
  const at = normalize(cwd ?? all[0] ?? 'C:/');
  const base = createDocuments({ roots: [] });
  const resolved = (path: string) => {
    if (isDeviceOrNetwork(path)) throw new Error(`${path} is a network or device path.`);
    const full = normalize(path === '~' || path.startsWith('~/') ? `C:/Users/~${path.slice(1)}` : path);
    const inside = all.some((root) => below(full.toLowerCase(), root.toLowerCase()) !== undefined);
    return { path: full, real: full, exists: false, inside };
  };
  return {
    cwd: at,
    roots: all,
    documents: { ...base, roots: () => all, resolve: async (path) => resolved(path), stat: async () => undefined, list: async () => [] },
  };
}
