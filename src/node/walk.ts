import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { throwIfAborted } from './abort';
import { unless } from './errno';
import { type IgnoreRules, judge, parseIgnore } from './ignore-rules';

/** A file of the first kind wins over all of the second; within a kind the deeper folder wins. */
const IGNORE_FILES = ['.ignore', '.gitignore'];

type Layer = { readonly folder: string; readonly file: string; readonly rules: IgnoreRules };

/** Files below `folder`, in path order, ignored ones left out; links are not followed. What may not be read is left out. */
export async function* walk(folder: string, signal: AbortSignal): AsyncGenerator<string> {
  yield* walkFolder(folder, await layersAbove(folder), signal);
}

async function* walkFolder(folder: string, above: readonly Layer[], signal: AbortSignal): AsyncGenerator<string> {
  throwIfAborted(signal);
  const entries = await unless(readdir(folder, { withFileTypes: true }), 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR');
  if (!entries) return;
  const layers = [...above, ...(await layersOf(folder, entries))];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name === '.git' || isIgnored(path, entry.isDirectory(), layers)) continue;
    if (entry.isDirectory()) yield* walkFolder(path, layers, signal);
    else if (entry.isFile()) yield path;
  }
}

/** The ignore files between the repository's top and `folder`; those above count only inside a repository. */
async function layersAbove(folder: string): Promise<readonly Layer[]> {
  const top = await repositoryOf(folder);
  if (top === undefined || top === folder) return [];
  const layers: Layer[] = [];
  for (let at = dirname(folder); ; at = dirname(at)) {
    layers.unshift(...(await layersOf(at, undefined)));
    if (at === top) return layers;
  }
}

/** The nearest folder above that holds `.git`, itself included. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await unless(lstat(join(at, '.git')), 'ENOENT', 'ENOTDIR', 'EACCES')) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function layersOf(folder: string, entries: readonly Dirent[] | undefined): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  for (const name of IGNORE_FILES) {
    if (entries && !entries.some((entry) => entry.name === name)) continue;
    const text = await unless(readFile(join(folder, name), 'utf8'), 'ENOENT', 'EISDIR', 'EACCES', 'EPERM');
    if (text !== undefined) layers.push({ folder, file: name, rules: parseIgnore(text) });
  }
  return layers;
}

function isIgnored(path: string, isFolder: boolean, layers: readonly Layer[]): boolean {
  for (const file of IGNORE_FILES) {
    for (const layer of layers.filter((l) => l.file === file).reverse()) {
      const verdict = judge(layer.rules, relative(layer.folder, path).split(sep).join('/'), isFolder);
      if (verdict) return verdict === 'ignore';
    }
  }
  return false;
}
