import { posix } from 'node:path';

/** Reads JavaScript and TypeScript by shape, well enough to find functions, imports and what stands above them. */

export type Import = {
  readonly names: readonly { readonly imported: string; readonly local: string }[];
  readonly from: string;
  readonly line: number;
};
/** Lines are 1-based and inclusive. */
export type Definition = {
  readonly name: string;
  readonly kind: 'function' | 'constant' | 'class';
  readonly exported: boolean;
  readonly from: number;
  readonly to: number;
  /** The comment above, as one line of prose. */
  readonly doc: string;
};

/** The text with comments and strings blanked out, every character in its place. */
export function mask(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, (part) =>
    /^['"`]/.test(part) ? part.slice(0, 1) + blank(part.slice(1, -1)) + part.slice(-1) : blank(part),
  );
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

export function importsIn(text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (clause: string, from: string, index: number) => {
    const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
    const names = braces
      .split(',')
      .map((part) => /^\s*(?:type\s+)?([\w$]+)(?:\s*(?:as|:)\s*([\w$]+))?\s*$/.exec(part))
      .flatMap((match) => (match ? [{ imported: match[1] ?? '', local: match[2] ?? match[1] ?? '' }] : []));
    const whole = /^\s*(?:\*\s+as\s+)?([\w$]+)/.exec(clause.replace(/\{[^}]*\}/, ''))?.[1];
    found.push({ names: whole ? [...names, { imported: 'default', local: whole }] : names, from, line: lineAt(text, index) });
  };
  for (const match of text.matchAll(/^\s*(?:import|export)\s+([^'";]+?)\s+from\s+['"]([^'"]+)['"]/gm)) {
    add((match[1] ?? '').replace(/^type\s+/, ''), match[2] ?? '', match.index + (match[0].length - match[0].trimStart().length));
  }
  for (const match of text.matchAll(/^\s*(?:const|let|var)\s+([^=;]+?)\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)/gm)) {
    add(match[1] ?? '', match[2] ?? '', match.index + (match[0].length - match[0].trimStart().length));
  }
  return found;
}

/** Where a relative import leads, or undefined for a package. */
export function importTarget(importer: string, from: string): string | undefined {
  return from.startsWith('.') ? posix.join(posix.dirname(importer), from) : undefined;
}

/** How `importer` has to write an import of `target`. */
export function importSpecifier(importer: string, target: string): string {
  const relative = posix.relative(posix.dirname(importer), target);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** What a file defines at its top level, in order. */
export function definitionsIn(text: string): readonly Definition[] {
  const masked = mask(text);
  const pattern = /^(export\s+)?(?:default\s+)?(?:(?:async\s+)?(function)\b\s*\*?\s*|(class)\s+|(?:const|let|var)\s+)([\w$]+)/gm;
  return [...masked.matchAll(pattern)].map((match) => {
    const from = lineAt(masked, match.index);
    const end = endOf(masked, match.index);
    const body = masked.slice(match.index, end);
    const isFunction = match[2] !== undefined || /^[^;{]*=\s*(?:async\s*)?(?:\([^)]*\)|[\w$]+)\s*=>/.test(body);
    return {
      name: match[4] ?? '',
      kind: match[3] ? 'class' : isFunction ? 'function' : 'constant',
      exported: match[1] !== undefined,
      from,
      to: lineAt(masked, Math.max(match.index, end - 1)),
      doc: docAbove(text, from),
    };
  });
}

/** Names called or used in a stretch of code. */
export function namesIn(code: string): ReadonlySet<string> {
  return new Set(mask(code).match(/[A-Za-z_$][\w$]*/g) ?? []);
}

export function linesOf(text: string, from: number, to: number): string {
  return text
    .split('\n')
    .slice(from - 1, to)
    .join('\n');
}

/** From a call such as `it(...)` that begins on this line to its closing bracket. */
export function callAt(text: string, line: number): string {
  const start =
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  const masked = mask(text);
  const open = masked.indexOf('(', start);
  return open < 0 ? text.slice(start) : text.slice(start, closing(masked, open) + 1);
}

/** The first sentence of a comment. */
export function firstSentence(text: string): string {
  return (/^.*?[.!?:](?=\s|$)/.exec(text)?.[0] ?? text).trim();
}

function docAbove(text: string, line: number): string {
  const above = text
    .split('\n')
    .slice(0, line - 1)
    .join('\n');
  const block = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(above)?.[1] ?? /((?:^[ \t]*\/\/[^\n]*\n?)+)$/m.exec(above)?.[1] ?? '';
  return block
    .split('\n')
    .map((row) => row.replace(/^\s*(?:\*|\/\/)?\s?/, '').trim())
    .filter((row) => row !== '' && !row.startsWith('@'))
    .join(' ');
}

/** The end of a statement: its closing brace where it has a body, else its semicolon. */
function endOf(masked: string, start: number): number {
  for (let at = start; at < masked.length; at += 1) {
    const char = masked[at];
    if (char === ';') return at + 1;
    if (char === '{') {
      const end = closing(masked, at) + 1;
      // A body of a function or class ends it; the braces of an object or of parameters do not.
      if (/^\s*(?:$|\n|[A-Za-z/}])/.test(masked.slice(end)) || masked[end] === ';') return end;
      at = end - 1;
    } else if (char === '(' || char === '[') at = closing(masked, at);
    else if (char === '\n' && /^\n\s*\n/.test(masked.slice(at, at + 200)) && !/[=,(+\-*/&|?:]\s*$/.test(masked.slice(start, at))) return at;
  }
  return masked.length;
}

function closing(masked: string, open: number): number {
  let depth = 0;
  for (let at = open; at < masked.length; at += 1) {
    if ('([{'.includes(masked[at] ?? ' ')) depth += 1;
    else if (')]}'.includes(masked[at] ?? ' ')) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return masked.length - 1;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
