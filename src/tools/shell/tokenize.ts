/**
 * A tokenizer for the part of bash, zsh and sh that means the same in all of them. Anything outside it (variables,
 * substitutions, here-documents, brace lists, escapes of letters) is not an error but a reason to ask [B2].
 */

export type Word = {
  readonly kind: 'word';
  /** As the program receives it, wildcards unexpanded. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Holds an unquoted wildcard. */
  readonly glob: boolean;
  /** Begins with an unquoted `~` or `~/`. */
  readonly tilde: boolean;
  readonly quoted: boolean;
  /** How many characters of the value stand before the first quote. */
  readonly bare: number;
  /** Holds `$?`, a number known only when it runs. */
  readonly status: boolean;
  /** Holds a variable that every shell sets by itself, such as `$HOME`: `status` is set as well. */
  readonly variable?: true;
};

export type Operator = '&&' | '||' | ';' | '|' | '|&' | '&' | '\n' | '(' | ')';
export type Token =
  | Word
  | { readonly kind: 'operator'; readonly op: Operator; readonly start: number; readonly end: number }
  | { readonly kind: 'redirect'; readonly op: '<' | '>' | '>>'; readonly fd: string; readonly start: number; readonly end: number }
  /** `2>&1` and the like: a copy of a stream, no file. */
  | {
      readonly kind: 'copy';
      readonly start: number;
      readonly end: number;
      readonly target: { readonly start: number; readonly end: number };
    };

export type Tokens =
  /** `blanks` are comments and continued line ends: they mean a space. */
  | { readonly ok: true; readonly tokens: readonly Token[]; readonly blanks: readonly (readonly [number, number])[] }
  | { readonly ok: false; readonly why: string };

/** Thrown inside this file only: the line leaves the subset, for this reason. */
class Outside extends Error {}

export function tokenize(source: string): Tokens {
  const tokens: Token[] = [];
  const blanks: [number, number][] = [];
  try {
    for (let at = 0; at < source.length; ) at = next(source, at, tokens, blanks);
  } catch (error) {
    if (error instanceof Outside) return { ok: false, why: error.message };
    throw error;
  }
  return { ok: true, tokens, blanks };
}

const OPERATORS: readonly Operator[] = ['&&', '||', '|&', '|', ';', '&', '\n', '(', ')'];

function next(source: string, at: number, tokens: Token[], blanks: [number, number][]): number {
  const char = source[at] ?? '';
  if (char === ' ' || char === '\t') return at + 1;
  const blank = source.startsWith('\\\n', at) ? at + 2 : char === '#' ? endOfLine(source, at) : undefined;
  if (blank !== undefined) {
    blanks.push([at, blank]);
    return blank;
  }
  const redirected = redirect(source, at, tokens);
  if (redirected !== undefined) return redirected;
  if (source.startsWith(';;', at)) throw new Outside('It uses `;;`, which belongs to a case.');
  const op = OPERATORS.find((o) => source.startsWith(o, at));
  if (op) {
    tokens.push({ kind: 'operator', op, start: at, end: at + op.length });
    return at + op.length;
  }
  const word = readWord(source, at);
  tokens.push(word);
  const after = source[word.end] ?? '';
  if (after === '(') throw new Outside('It has a bracket right after a word: a function, a pattern or a list.');
  if (after === '<' || after === '>') throw new Outside('A redirection follows a word without a space.');
  return word.end;
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

/** `<`, `>`, `>>`, `2>`, `&>`, `2>&1`, `>&2`; every other form leaves the subset. */
function redirect(source: string, at: number, tokens: Token[]): number | undefined {
  const head = /^(?:&|[0-2])?[<>]+[|&!(]?/.exec(source.slice(at, at + 8))?.[0];
  if (head === undefined) return undefined;
  const copy = /^(?:[0-2])?>&[12](?=[\s;&|)]|$)/.exec(source.slice(at, at + 8))?.[0];
  if (copy) {
    const end = at + copy.length;
    tokens.push({ kind: 'copy', start: at, end, target: { start: end - 1, end } });
    return end;
  }
  const plain = /^(&|[0-2])?(<|>>?)$/.exec(head);
  if (!plain) {
    if (head.includes('<<')) throw new Outside('It has a here-document or here-string.');
    if (head.endsWith('(')) throw new Outside('It has a process substitution.');
    throw new Outside(`It uses the redirection \`${head}\`.`);
  }
  const op = plain[2] === '<' ? '<' : plain[2] === '>>' ? '>>' : '>';
  if (op === '<' && plain[1] === '&') throw new Outside('It uses the redirection `&<`.');
  tokens.push({ kind: 'redirect', op, fd: plain[1] ?? '', start: at, end: at + head.length });
  return at + head.length;
}

const PLAIN = /[A-Za-z0-9_./,:@%+^-]/;
const ESCAPABLE = /[()[\]{};!*?.$|&<>"'#~^+`\\]/;

function readWord(source: string, start: number): Word {
  let value = '';
  let glob = false;
  let quoted = false;
  let bare: number | undefined;
  let status = false;
  let variable = false;
  let at = start;
  const tilde = source[start] === '~';
  if (tilde) {
    if (!/^~(?:\/|[\s;&|)]|$)/.test(source.slice(start, start + 2))) throw new Outside("It uses `~` for another person's folder.");
    value = '~';
    at++;
  }
  for (; at < source.length; ) {
    const char = source[at] ?? '';
    if (/[\s;&|<>()]/.test(char)) break;
    if (char === "'" || char === '"' || char === '\\') {
      bare ??= value.length;
      quoted = true;
    }
    if (PLAIN.test(char)) value += char;
    else if (char === "'") {
      const end = source.indexOf("'", at + 1);
      if (end < 0) throw new Outside('A quote is not closed.');
      value += source.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const inner = doubleQuoted(source, at + 1);
      value += inner.value;
      status ||= inner.status;
      variable ||= inner.variable;
      at = inner.end;
    } else if (char === '\\') {
      const escaped = source[at + 1] ?? '';
      if (/\s/.test(escaped)) throw new Outside('It has an escaped blank.');
      if (!ESCAPABLE.test(escaped)) throw new Outside('It has a backslash outside quotes.');
      value += escaped;
      at++;
    } else if (char === '*' || char === '?' || char === '[' || char === ']') {
      value += char;
      glob = true;
    } else if (char === '$') {
      const known = ownVariable(source, at);
      if (known === undefined && source[at + 1] !== '?') throw new Outside(dollar(source, at));
      variable ||= known !== undefined;
      value += known ?? '$?';
      status = true;
      at += (known ?? '$?').length - 1;
    } else value += special(source, start, at, char);
    at++;
  }
  const bracket = source.slice(start, at) === '[' || source.slice(start, at) === ']';
  return {
    kind: 'word',
    value,
    start,
    end: at,
    glob: glob && !bracket,
    tilde,
    quoted,
    bare: bare ?? value.length,
    status,
    ...(variable ? { variable } : {}),
  };
}

/** Characters that are plain in some places only. Returns what they add to the word. */
function special(source: string, start: number, at: number, char: string): string {
  const rest = source.slice(at);
  const atStart = at === start;
  if (char === '=') {
    if (!atStart || /^={1,2}(?:\s|$)/.test(rest)) return char;
    throw new Outside('A word begins with `=`, which zsh replaces by a path.');
  }
  if (char === '!') {
    if (atStart && /^!=?(?:\s|$)/.test(rest)) return char;
    throw new Outside('It uses `!` inside a word.');
  }
  if (char === '~') {
    if (/[A-Za-z0-9_^@}]/.test(source[at - 1] ?? '')) return char;
    throw new Outside('It uses `~` inside a word.');
  }
  if (char === '{') {
    // `{}` and `@{1}` are plain; a comma or two dots would make a list.
    if (/^\{[A-Za-z0-9]*\}/.test(rest) && (source[at - 1] === '@' || (atStart && /^\{\}(?:\s|$)/.test(rest)))) return char;
    throw new Outside('It has a brace list.');
  }
  if (char === '}') {
    if (/(?:@\{[A-Za-z0-9]*|^\{)$/.test(source.slice(start, at))) return char;
    throw new Outside('It has a brace.');
  }
  if (char === '`') throw new Outside('It has a command substitution.');
  if (char === '#') throw new Outside('It has a `#` inside a word.');
  throw new Outside(`It has the character ${JSON.stringify(char)} outside quotes.`);
}

function doubleQuoted(source: string, from: number): { value: string; end: number; status: boolean; variable: boolean } {
  let value = '';
  let status = false;
  let variable = false;
  for (let at = from; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '"') return { value, end: at, status, variable };
    if (char === '`') throw new Outside('It has a command substitution.');
    if (char === '\\') {
      const escaped = source[at + 1] ?? '';
      if (escaped === '\n') throw new Outside('A quoted text continues over a line end.');
      // Inside double quotes a backslash is dropped before these only.
      value += '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
      at++;
    } else if (char === '$' && source[at + 1] === '?') {
      value += '$?';
      status = true;
      at++;
    } else if (char === '$' && ownVariable(source, at) !== undefined) {
      const known = ownVariable(source, at) ?? '';
      value += known;
      status = true;
      variable = true;
      at += known.length - 1;
    } else if (char === '$' && !/["| ]/.test(source[at + 1] ?? '')) throw new Outside(dollar(source, at));
    else value += char;
  }
  throw new Outside('A quote is not closed.');
}

/** A variable of the system's own, whose value is no secret and is set before the line begins. */
function ownVariable(source: string, at: number): string | undefined {
  return /^\$(?:(?:HOME|PWD|OLDPWD|USER|LOGNAME|SHELL|PATH|LANG|HOSTNAME|TERM|EDITOR|TMPDIR|BASH_VERSION|ZSH_VERSION|OSTYPE)(?![A-Za-z0-9_[])|\{(?:HOME|PWD|USER|SHELL|PATH|LANG|HOSTNAME)\})/.exec(
    source.slice(at, at + 20),
  )?.[0];
}

function dollar(source: string, at: number): string {
  const rest = source.slice(at, at + 3);
  if (rest.startsWith('$((')) return 'It has an arithmetic expansion.';
  if (rest.startsWith('$(')) return 'It has a command substitution.';
  if (rest.startsWith("$'") || rest.startsWith('$"')) return 'It has a quoted text with escapes.';
  return 'It uses a variable, whose value is known only when it runs.';
}
