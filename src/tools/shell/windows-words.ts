import type { Word } from './tokenize';

export type WindowsWords =
  | { readonly ok: true; readonly pipeline: readonly (readonly Word[])[] }
  | { readonly ok: false; readonly why: string };

/**
 * One command, or a pipeline of them, made of literal words: all that is read of PowerShell and cmd. `special` are the
 * characters that mean something even inside quotes in that shell.
 */
export function windowsWords(source: string, quotes: string, special: RegExp): WindowsWords {
  const pipeline: Word[][] = [[]];
  let at = 0;
  const text = source.trim();
  if (!/^[\x20-\x7e]+$/.test(text)) return { ok: false, why: 'It has more than one line or characters outside plain ASCII.' };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === ' ') at++;
    else if (char === '|') {
      if (pipeline.at(-1)?.length === 0 || text[at + 1] === '|')
        return { ok: false, why: 'It joins commands in a way that is not judged.' };
      pipeline.push([]);
      at++;
    } else {
      const word = read(text, at, quotes, special);
      if (typeof word === 'string') return { ok: false, why: word };
      pipeline.at(-1)?.push(word);
      at = word.end;
    }
  }
  if (pipeline.at(-1)?.length === 0) return { ok: false, why: 'A command is missing.' };
  return { ok: true, pipeline };
}

function read(text: string, start: number, quotes: string, special: RegExp): Word | string {
  const mark = text[start] ?? '';
  if (quotes.includes(mark)) {
    const end = text.indexOf(mark, start + 1);
    if (end < 0) return 'A quote is not closed.';
    const value = text.slice(start + 1, end);
    if ((mark === '"' && special.test(value)) || value.includes('"')) return 'A quoted text holds characters that the shell replaces.';
    if (!/^[ |]?$/.test(text[end + 1] ?? '')) return 'Something follows a quote without a blank.';
    return { kind: 'word', value, start, end: end + 1, glob: false, tilde: false, quoted: true, bare: 0, status: false };
  }
  const value = /^[A-Za-z0-9_./\\:=,*?+-]+/.exec(text.slice(start))?.[0] ?? '';
  const end = start + value.length;
  if (value === '' || !/^[ |]?$/.test(text[end] ?? '')) return `It has the character ${text[end] ?? ''} outside quotes.`;
  return { kind: 'word', value, start, end, glob: false, tilde: false, quoted: false, bare: value.length, status: false };
}
