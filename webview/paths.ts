/** Shortens every path inside a workspace root within `text`: events carry absolute paths, people read relative ones. */
export function shorten(text: string, roots: readonly string[]): string {
  let short = text;
  for (const root of roots) {
    const bare = root.replace(/[\\/]+$/, '');
    if (bare === '') continue;
    // With several roots the folder's name stays, so that equal paths in two roots can be told apart.
    const keep = roots.length > 1 ? `${baseName(bare)}/` : '';
    short = short.split(`${bare}/`).join(keep).split(`${bare}\\`).join(keep);
    if (short === bare) short = baseName(bare);
  }
  return short;
}

/** The absolute path that a person or the model means by a path written short: the other way of `shorten`. */
export function lengthen(path: string, roots: readonly string[]): string {
  if (/^([\\/]|[A-Za-z]:[\\/])/.test(path)) return path;
  const short = path.replace(/^\.[\\/]/, '');
  const named = roots.length > 1 ? roots.find((root) => short.startsWith(`${baseName(root)}/`)) : undefined;
  const root = named ?? roots[0];
  if (root === undefined) return path;
  const rest = named ? short.slice(baseName(named).length + 1) : short;
  return `${root.replace(/[\\/]+$/, '')}/${rest}`;
}

export function baseName(path: string): string {
  return path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '') || path;
}

export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut <= 0 ? '' : path.slice(0, cut);
}
