/** Wildcards of permission rules. Commands and paths need different ones: a command has no folders. */

/** `*` stands for any run of characters, `\*` for a star; a trailing ` *` also matches nothing at all. Linear, no backtracking. */
export function matchText(pattern: string, text: string): boolean {
  if (pattern.endsWith(' *') && !pattern.endsWith('\\ *') && wildcard(pattern.slice(0, -2), text)) return true;
  return wildcard(pattern, text);
}

function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** True when the pattern has no wildcard and says this very text. */
export function isExactly(pattern: string, text: string): boolean {
  return !/(?<!\\)\*/.test(pattern) && pattern.replaceAll('\\*', '*') === text;
}

/** A path glob as a regular expression: `**` crosses folders, `*` and `?` do not, `{a,b}` chooses. */
export function pathGlob(pattern: string, fold: boolean): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i);
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?';
      i += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      i += 1;
    } else if (rest[0] === '*') source += '[^/]*';
    else if (rest[0] === '?') source += '[^/]';
    else if (rest[0] === '{' && rest.includes('}')) {
      source += '(?:';
      depth++;
    } else if (rest[0] === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (rest[0] === ',' && depth > 0) source += '|';
    else source += (rest[0] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`, fold ? 'isu' : 'su');
}
