/** Path arithmetic on text alone: no file system, so it says where a path points only as far as its spelling goes. */

/** Forward slashes, no `.` and `..` segments, no trailing slash. A Windows drive or share prefix is kept. */
export function normalize(path: string): string {
  const slashed = isWindows(path) ? path.replaceAll('\\', '/') : path;
  const prefix = /^(?:[A-Za-z]:|\/\/[^/]+\/[^/]+)/.exec(slashed)?.[0] ?? '';
  const rest = slashed.slice(prefix.length);
  const absolute = rest.startsWith('/');
  const kept: string[] = [];
  for (const segment of rest.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  return `${prefix}${absolute ? '/' : ''}${kept.join('/')}` || '.';
}

/** `path` seen from `base`: absolute ones stay, relative ones are joined. */
export function absolute(path: string, base: string): string {
  return isAbsolute(path) ? normalize(path) : normalize(`${base}/${path}`);
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:[\\/]/.test(path);
}

/** The part of `path` below `root`, `''` for the root itself, undefined when it lies elsewhere. By segments, never by prefix. */
export function below(path: string, root: string): string | undefined {
  const inner = normalize(path);
  const outer = normalize(root);
  if (inner === outer) return '';
  const start = outer.endsWith('/') ? outer : `${outer}/`;
  return inner.startsWith(start) ? inner.slice(start.length) : undefined;
}

/** Device and network spellings (`\\host\share`, `\\?\`, `//host`): they can leak credentials by being looked at. */
export function isDeviceOrNetwork(path: string): boolean {
  return /^(?:[\\/]{2}|\\\?\?\\)/.test(path);
}

function isWindows(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\');
}
