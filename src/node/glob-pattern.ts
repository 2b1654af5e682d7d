/**
 * Globs as in .gitignore: `*` and `?` stop at a slash, `**` does not, `{a,b}` chooses, and a pattern without a slash
 * fits a name at any depth. Paths are relative with forward slashes.
 */

/** @throws SyntaxError when a bracket or brace is not closed. */
export function globMatcher(
  pattern: string,
  options: { readonly braces: boolean; readonly ignoreCase?: boolean },
): (path: string) => boolean {
  const plain = pattern.replace(/^\.\//, '');
  const anywhere = !plain.replace(/\/$/, '').includes('/');
  const body = translate(plain.replace(/^\//, ''), options.braces);
  const regex = new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${body}$`, `us${options.ignoreCase ? 'i' : ''}`);
  return (path) => regex.test(path);
}

/** True when the glob speaks of a file's name alone, whatever folder it lies in. */
export function isNameGlob(pattern: string): boolean {
  return !pattern.replace(/^\*\*\//, '').includes('/');
}

function translate(pattern: string, braces: boolean): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '*') {
      const [text, used] = stars(pattern, i);
      out += text;
      i += used - 1;
    } else if (char === '?') out += '[^/]';
    else if (char === '[') {
      const [text, used] = bracket(pattern, i);
      out += text;
      i += used - 1;
    } else if (char === '\\' && i + 1 < pattern.length) out += literal(pattern.charAt(++i));
    else if (braces && char === '{') {
      depth++;
      out += '(?:';
    } else if (braces && char === '}' && depth > 0) {
      depth--;
      out += ')';
    } else if (braces && char === ',' && depth > 0) out += '|';
    else out += literal(char);
  }
  if (depth > 0) throw new SyntaxError('a brace is not closed');
  return out;
}

/** `**` between slashes stands for any folders, none included; stars elsewhere for characters of one name. */
function stars(pattern: string, at: number): [text: string, used: number] {
  let end = at;
  while (pattern[end] === '*') end++;
  const double = end - at === 2;
  const opens = at === 0 || pattern[at - 1] === '/';
  if (double && opens && pattern[end] === '/') return ['(?:.*/)?', 3];
  if (double && opens && end === pattern.length) return ['.+', 2];
  return ['[^/]*', end - at];
}

function bracket(pattern: string, at: number): [text: string, used: number] {
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const first = at + (negated ? 2 : 1);
  // A closing bracket right after the opening one is an ordinary member.
  const close = pattern.indexOf(']', first + 1);
  if (close === -1) throw new SyntaxError('a bracket is not closed');
  const members = pattern
    .slice(first, close)
    .replace(/[\\[\]^&~]/g, '\\$&')
    .replace(/--/g, '\\-\\-');
  return [`(?!/)[${negated ? '^' : ''}${members}]`, close + 1 - at];
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
