import { globMatcher } from './glob-pattern';

/** The rules of one ignore file; its patterns count from the folder that it lies in. */
export type IgnoreRules = readonly IgnoreRule[];
type IgnoreRule = { readonly keeps: boolean; readonly foldersOnly: boolean; fits(path: string): boolean };

/** Reads a .gitignore (or .ignore) file. A line that is no valid pattern is skipped, as git does. */
export function parseIgnore(text: string): IgnoreRules {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const rule = parseLine(line);
      return rule ? [rule] : [];
    });
}

function parseLine(line: string): IgnoreRule | undefined {
  if (line.startsWith('#')) return undefined;
  // Blanks at the end do not count unless escaped.
  let pattern = line.replace(/(?<!\\)\s+$/, '');
  const keeps = pattern.startsWith('!');
  if (keeps) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return undefined;
  try {
    return { keeps, foldersOnly, fits: globMatcher(pattern, { braces: false }) };
  } catch {
    return undefined;
  }
}

/** What the rules say of a path relative to their folder; undefined when none fits. The last that fits wins. */
export function judge(rules: IgnoreRules, path: string, isFolder: boolean): 'ignore' | 'keep' | undefined {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (!rule || (rule.foldersOnly && !isFolder) || !rule.fits(path)) continue;
    return rule.keeps ? 'keep' : 'ignore';
  }
  return undefined;
}
