import { below } from '../../core/permission/paths';
import { guardRead } from '../../core/permission/protected';
import type { Touch } from '../../core/tool';
import { type Scene, shapeOf } from './scene';
import { hasFlag, type ParsedArgs } from './table';

/** Which names a program that goes through folders opens. */
export type Descent = { readonly only: readonly RegExp[]; readonly not: readonly RegExp[] };

const MOST_FOLDERS = 300;
/** Nobody keeps secrets of their own there, and they hold most of the folders. */
const SKIPPED = new Set(['.git', 'node_modules']);

/** What `grep -r` and its like open: all below a folder, but for what its options leave out. */
export function grepDescent(args: ParsedArgs): Descent | undefined {
  const into = args.flags.some(
    ({ name, values }) => name === '-r' || name === '--recursive' || (/^(?:-d|--directories)$/.test(name) && values.includes('recurse')),
  );
  return into && !onlyNames(args) ? { only: shapes(args, '--include'), not: shapes(args, '--exclude') } : undefined;
}

/** ripgrep leaves out hidden and ignored files unless it is told not to. */
export function ripgrepDescent(args: ParsedArgs): Descent | undefined {
  if (!hasFlag(args, '--hidden', '-u', '--unrestricted', '--no-ignore') || onlyNames(args)) return undefined;
  if (hasFlag(args, '-t', '--type', '--files')) return undefined;
  const globs = args.flags.filter(({ name }) => /^(?:-g|--glob|--iglob)$/.test(name)).flatMap(({ values }) => values);
  const names = (negative: boolean) =>
    globs.filter((glob) => glob.startsWith('!') === negative).map((glob) => shapeOf(glob.replace(/^!?(?:.*\/)?/, '')));
  return { only: names(false), not: names(true) };
}

export function diffDescent(args: ParsedArgs): Descent | undefined {
  if (!hasFlag(args, '-r', '--recursive') || hasFlag(args, '-q', '--brief')) return undefined;
  return { only: [], not: [...shapes(args, '-x'), ...shapes(args, '--exclude')] };
}

/** Prints which files match and nothing of what they hold. */
function onlyNames(args: ParsedArgs): boolean {
  return hasFlag(args, '-l', '-L', '-c', '-q', '--files-with-matches', '--files-without-match', '--count', '--quiet', '--silent');
}

function shapes(args: ParsedArgs, flag: string): readonly RegExp[] {
  return args.flags.filter(({ name }) => name === flag).flatMap(({ values }) => values.map(shapeOf));
}

/**
 * The files of secrets that a walk through these folders would open, nearest first. Bounded: past some hundred folders
 * the rest is not looked at.
 */
export async function secretsBelow(folders: readonly string[], descent: Descent, scene: Scene): Promise<readonly Touch[]> {
  const left = folders.filter((folder) => scene.roots.some((root) => below(folder, root) !== undefined));
  const found: Touch[] = [];
  for (let seen = 0; seen < MOST_FOLDERS; seen++) {
    const folder = left.shift();
    if (folder === undefined) break;
    for (const { name, kind } of await entries(folder, scene)) {
      const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
      if (kind === 'folder' && !SKIPPED.has(name)) left.push(path);
      if (kind === 'file' && guardRead(path) !== undefined && opens(name, descent)) found.push({ path, access: 'read' });
    }
  }
  return found;
}

function opens(name: string, { only, not }: Descent): boolean {
  return (only.length === 0 || only.some((shape) => shape.test(name))) && !not.some((shape) => shape.test(name));
}

async function entries(folder: string, scene: Scene): ReturnType<Scene['documents']['list']> {
  try {
    return await scene.documents.list(folder);
  } catch {
    // A file, or nothing that can be listed: it is judged by its own path.
    return [];
  }
}
