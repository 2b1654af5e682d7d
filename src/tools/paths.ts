import { ToolError } from '../core/errors';
import { below, normalize } from '../core/permission/paths';
import type { Documents, ResolvedPath } from '../core/ports';
import type { Assessment, Judging, Subject, ToolContext, Touch } from '../core/tool';
import type { EffectClass } from '../protocol/permission';

type Judged = Omit<Assessment, 'safety'>;
/** What looking at files takes of a context. */
export type Reach = Judging & Pick<ToolContext, 'signal'>;

/** `src/a.ts` for a path in a workspace folder, else the whole path; always with `/`. Rules are shown and saved with this. */
function relativePath(path: string, roots: readonly string[]): string {
  for (const root of roots) {
    const rest = below(path, root);
    if (rest !== undefined) return rest || '.';
  }
  return normalize(path);
}

/** How a path is called before the model: short, and unambiguous when the workspace has several folders. */
export function shownPath(path: string, roots: readonly string[]): string {
  for (const [i, root] of roots.entries()) {
    const rest = below(path, root);
    if (rest === undefined) continue;
    if (i === 0) return rest || '.';
    return [normalize(root).split('/').at(-1), rest].filter(Boolean).join('/');
  }
  return path;
}

/** One subject for each path that a call touches. */
export async function assessPaths(
  { ports, facts }: Judging,
  effect: EffectClass,
  why: string,
  touches: readonly { readonly path: string; readonly access: Touch['access'] }[],
): Promise<Judged> {
  const subjects: Subject[] = [];
  for (const { path, access } of touches) {
    const resolved = await ports.documents.resolve(path);
    subjects.push({
      text: relativePath(resolved.path, facts.roots),
      class: effect,
      why,
      touches: [{ path: resolved.path, access }],
    });
  }
  return { class: effect, subjects };
}

/** The path of a regular file. @throws ToolError that says what is there instead, and what may have been meant. */
export async function existingFile(path: string, context: Reach): Promise<ResolvedPath> {
  const { documents } = context.ports;
  const resolved = await documents.resolve(path);
  const stat = await documents.stat(resolved.path);
  if (!stat) throw new ToolError(`${path} does not exist.`, await whatElse(resolved.path, context));
  if (stat.kind === 'folder')
    throw new ToolError(`${path} is a folder.`, `List its files with glob {"pattern": "*", "path": ${JSON.stringify(path)}}.`);
  if (stat.kind === 'other') throw new ToolError(`${path} is a device, pipe or socket, not a file.`, 'Name a regular file.');
  return resolved;
}

/** The path of a folder; the session's own when none is given. */
export async function existingFolder(path: string | undefined, context: Reach): Promise<ResolvedPath> {
  const { documents } = context.ports;
  const resolved = await documents.resolve(path || context.facts.cwd);
  const stat = await documents.stat(resolved.path);
  if (!stat) throw new ToolError(`${resolved.path} does not exist.`, 'Give an existing folder, or leave path out to use the workspace.');
  if (stat.kind !== 'folder') throw new ToolError(`${path} is not a folder.`, 'Give the folder that holds it, or leave path out.');
  return resolved;
}

/** Files that may have been meant: of the same name elsewhere, or of a like name beside. */
async function whatElse(path: string, context: Reach): Promise<string> {
  const { documents, search } = context.ports;
  const roots = documents.roots();
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const name = path.slice(at + 1);
  const found: string[] = [];
  for (const root of roots.slice(0, 3)) {
    const { paths } = await search.glob(`**/${name.replace(/[[\]{}*?!\\]/g, '?')}`, root, 3, context.signal);
    found.push(...paths.filter((p) => p !== path));
  }
  if (found.length === 0) found.push(...(await likeNames(documents, path.slice(0, at), name)));
  if (found.length === 0) return 'Find the right path with glob, or create the file with write_file.';
  return `Did you mean ${found
    .slice(0, 3)
    .map((p) => shownPath(p, roots))
    .join(' or ')}? Otherwise find it with glob, or create it with write_file.`;
}

async function likeNames(documents: Documents, folder: string, name: string): Promise<string[]> {
  const stat = await documents.stat(folder || '/');
  if (stat?.kind !== 'folder') return [];
  const stem = (n: string) =>
    n
      .toLowerCase()
      .replace(/\.[^.]*$/, '')
      .replace(/[-_. ]/g, '');
  const entries = await documents.list(folder || '/');
  const wanted = stem(name);
  const near = entries.filter(
    ({ name: other }) =>
      other !== name && wanted.length > 2 && (stem(other).includes(wanted) || (stem(other).length > 2 && wanted.includes(stem(other)))),
  );
  return near.map(({ name: other }) => `${folder}/${other}`);
}
