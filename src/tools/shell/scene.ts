import { absolute, isAbsolute } from '../../core/permission/paths';
import { guardRead } from '../../core/permission/protected';
import type { Documents } from '../../core/ports';
import type { ShellKind } from '../../core/ports/shell';
import type { Touch } from '../../core/tool';
import type { SimpleCommand } from './split';
import type { Word } from './tokenize';

/** Where a command of a line stands: what judging it may depend on besides its words. */
export type Scene = {
  /** The folders it may run in: more than one when a `cd` before it could have failed. */
  readonly cwds: readonly string[];
  readonly home: string;
  readonly roots: readonly string[];
  readonly documents: Documents;
  /** The commands before it in its pipeline. */
  readonly pipe: readonly SimpleCommand[];
  /** The shell writes folders with backslashes. */
  readonly backslashes: boolean;
  readonly shell?: ShellKind;
  /** How deep inside `sh -c` and the like. */
  readonly depth: number;
};

/** Stands for the home folder where it is not known: a place that is surely outside every workspace. */
export const UNKNOWN_HOME = '/~';

/** Every path that a word may mean, one for each folder that the command may run in. */
export function pathsOf(value: string, tilde: boolean, scene: Scene): readonly string[] {
  if (tilde || value === '~' || value.startsWith('~/')) return [absolute(`.${value.slice(1)}`, scene.home)];
  if (isAbsolute(value)) return [absolute(value, '/')];
  return [...new Set(scene.cwds.map((cwd) => absolute(value, cwd)))];
}

const MOST_EXPANDED = 150;

/** The paths that a word touches, wildcards expanded as far as that is cheap; else the folder that they lie in. */
export async function touchesOf(word: Word, access: Touch['access'], scene: Scene): Promise<readonly Touch[]> {
  const paths = await physicalPaths(word.value, word.tilde, scene);
  const expanded = word.glob ? (await Promise.all(paths.map((path) => expand(path, scene.documents)))).flat() : paths;
  return expanded.map((path) => ({ path, access }));
}

/**
 * As `pathsOf`, but climbing as the kernel does: in `link/../x` the `..` leaves the folder that the link leads to, not the
 * one that it lies in.
 */
async function physicalPaths(value: string, tilde: boolean, scene: Scene): Promise<readonly string[]> {
  const climb = /[^\\/]+[\\/]+\.\.(?=[\\/]|$)/.exec(value.replace(/^(?:\.{1,2}[\\/]+)+/, (head) => '_'.repeat(head.length)));
  if (!climb) return pathsOf(value, tilde, scene);
  const head = value.slice(0, climb.index + climb[0].length - 2);
  const bases = await Promise.all(pathsOf(head, tilde, scene).map((path) => realOf(path, scene)));
  const tail = value.slice(climb.index + climb[0].length - 2);
  return (await Promise.all(bases.map((base) => physicalPaths(tail, false, { ...scene, cwds: [base] })))).flat();
}

/** The real folder behind a path; the path itself where it cannot be resolved, which is judged later. */
export async function realOf(path: string, scene: Scene): Promise<string> {
  try {
    return (await scene.documents.resolve(path)).real;
  } catch {
    // Devices and network paths do not resolve; whoever judges the path asks for that reason.
    return path;
  }
}

async function expand(pattern: string, documents: Documents): Promise<readonly string[]> {
  const segments = pattern.split('/');
  const first = segments.findIndex((segment) => /[*?[]/.test(segment));
  const folder = segments.slice(0, first).join('/') || '/';
  let found: string[] = [folder];
  for (const segment of segments.slice(first)) {
    if (segment.includes('**')) return [folder, `${folder}/${segments.at(-1)}`];
    const next = await Promise.all(found.map((base) => matches(base, segment, documents)));
    found = next.flat();
    // Too many to judge one by one: those that hold secrets are kept.
    if (found.length > MOST_EXPANDED) return [folder, ...found.filter((path) => guardRead(path) !== undefined)];
  }
  return found.length > 0 ? found : [folder];
}

async function matches(base: string, segment: string, documents: Documents): Promise<string[]> {
  const inside = (name: string): string => (base === '/' ? `/${name}` : `${base}/${name}`);
  if (!/[*?[]/.test(segment)) return [inside(segment)];
  const shape = shapeOf(segment);
  let names: readonly string[];
  try {
    names = (await documents.list(base)).map((entry) => entry.name);
  } catch {
    // Nothing to list there: the pattern stays a word, and the folder itself is judged.
    return [base];
  }
  return names.filter((name) => shape.test(name) && (!name.startsWith('.') || /^[.[]/.test(segment))).map(inside);
}

/** A set of characters that is more than a plain list is taken for any character: too many names rather than too few. */
export function shapeOf(segment: string): RegExp {
  const bits = segment.match(/\[[A-Za-z0-9.]+\]|\[[^\]]*\]|[\s\S]/g) ?? [];
  const source = bits.map((bit) => {
    if (bit === '*') return '[^/]*';
    if (bit === '?' || bit.length > 1) return /^\[[A-Za-z0-9.]+\]$/.test(bit) ? bit : '[^/]';
    return bit.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 's');
}
