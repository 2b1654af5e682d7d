import type { Word } from './tokenize';

/** Words of a command, commands of a pipeline, pipelines of a line: all that is read of PowerShell and cmd. */
export type WindowsLine =
  | { readonly ok: true; readonly pipelines: readonly (readonly (readonly WindowsWord[])[])[] }
  | { readonly ok: false; readonly why: string };
/** `block` is what stands in braces, `nested` what stands in brackets. */
export type WindowsWord = Word & { readonly block?: string; readonly nested?: string };

type Rules = {
  readonly quotes: string;
  /** What means something even inside double quotes. */
  readonly special: RegExp;
  /** A run of characters that stand for themselves. */
  readonly bare: RegExp;
  readonly separators: readonly string[];
  /** What is dropped: output that goes nowhere. */
  readonly silent: RegExp;
  readonly blocks: boolean;
};

export const POWERSHELL_RULES: Rules = {
  quotes: `'"`,
  special: /[$`"]/,
  bare: /(?:~(?=[\\/ ]|$))?(?:[A-Za-z0-9_./\\:=,*?+%-]+[~^]?)*(?:\$(?:true|false|null)(?![\w.:[(]))?/y,
  separators: ['&&', '||', ';'],
  silent: /(?:[12*]?>\s*\$null|2>&1)(?=[\s|;]|$)/iy,
  blocks: true,
};

export const CMD_RULES: Rules = {
  quotes: '"',
  special: /[%&|<>!"]/,
  bare: /[A-Za-z0-9_./\\:=,*?+@~#$-]+/y,
  separators: ['&&', '||', '&'],
  silent: /(?:[12]?>{1,2}\s*nul|2>&1)(?=[\s|&]|$)/iy,
  blocks: false,
};

/** Splits a line into pipelines of literal words. Whatever else it holds makes it unread. */
export function windowsLine(source: string, rules: Rules): WindowsLine {
  const text = source.trim();
  if (!/^[\x20-\x7e]+$/.test(text)) return { ok: false, why: 'It has more than one line or characters outside plain ASCII.' };
  const pipelines: WindowsWord[][][] = [[[]]];
  const last = (): WindowsWord[] | undefined => pipelines.at(-1)?.at(-1);
  for (let at = 0; at < text.length; ) {
    const separator = rules.separators.find((one) => text.startsWith(one, at));
    rules.silent.lastIndex = at;
    const silent = /\s/.test(text[at - 1] ?? ' ') ? rules.silent.exec(text) : null;
    if (text[at] === ' ') at++;
    else if (silent) at += silent[0].length;
    else if (separator) {
      if (last()?.length === 0) return { ok: false, why: 'A command is missing.' };
      pipelines.push([[]]);
      at += separator.length;
    } else if (text[at] === '|') {
      if (last()?.length === 0) return { ok: false, why: 'A command is missing.' };
      pipelines.at(-1)?.push([]);
      at++;
    } else {
      const word = read(text, at, rules);
      if (typeof word === 'string') return { ok: false, why: word };
      last()?.push(word);
      at = word.end;
    }
  }
  if (last()?.length === 0) {
    // A last `;` ends the line; an operator does not.
    if (!text.endsWith(';') || pipelines.length < 2) return { ok: false, why: 'A command is missing.' };
    pipelines.pop();
  }
  return { ok: true, pipelines };
}

function read(text: string, start: number, rules: Rules): WindowsWord | string {
  const mark = text[start] ?? '';
  if (rules.blocks && (mark === '{' || mark === '(')) return bracketed(text, start, mark);
  let value = '';
  let quoted = false;
  let at = start;
  for (;;) {
    const char = text[at] ?? '';
    if (rules.quotes.includes(char) && char !== '') {
      // PowerShell takes what follows a quote for a word of its own.
      if (rules.blocks && at > start) return 'A quote stands inside a word.';
      const end = text.indexOf(char, at + 1);
      if (end < 0) return 'A quote is not closed.';
      const inner = text.slice(at + 1, end);
      if (char === '"' && rules.special.test(inner)) return 'A quoted text holds characters that the shell replaces.';
      value += inner;
      quoted ||= at === start;
      at = end + 1;
      if (rules.blocks) break;
      continue;
    }
    rules.bare.lastIndex = at;
    const run = rules.bare.exec(text)?.[0] ?? '';
    if (run === '') break;
    value += run;
    at += run.length;
  }
  if (at === start || !/^[ |;&]?$/.test(text[at] ?? '')) return `It has the character ${text[at] ?? ''} outside quotes.`;
  return { ...PLAIN, value, start, end: at, quoted, bare: quoted ? 0 : value.length };
}

const PLAIN = { kind: 'word', glob: false, tilde: false, status: false } as const;

/** What stands in braces or brackets, none of either inside. */
function bracketed(text: string, start: number, open: '{' | '('): WindowsWord | string {
  const end = text.indexOf(open === '{' ? '}' : ')', start);
  const inner = end < 0 ? '' : text.slice(start + 1, end);
  if (end < 0 || /[{}()@;&`]/.test(inner)) return 'It has brackets that are not judged.';
  const member = open === '(' ? (/^(?:\.[A-Za-z]\w*)*/.exec(text.slice(end + 1))?.[0] ?? '') : '';
  const after = end + 1 + member.length;
  if (!/^[ |;]?$/.test(text[after] ?? '')) return 'Something follows a bracket.';
  const word = { ...PLAIN, value: text.slice(start, after), start, end: after, quoted: true, bare: 0 };
  return open === '{' ? { ...word, block: inner } : { ...word, nested: inner };
}
