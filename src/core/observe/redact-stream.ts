import { heldBeginsAt, redact } from './redact';
import { SECRET_STARTS } from './secret-shapes';

/** Longest end of a stream that is held back. */
const MOST_HELD = 8_192;

/** Redacts a text that comes in pieces: what may be the beginning of a secret waits for the rest of it. */
export type StreamRedactor = {
  push(piece: string): string;
};

/** `lines`: output of a command, where the words before a secret tell of it too. */
export function createStreamRedactor(lines: boolean): StreamRedactor {
  let held = '';
  let insideKey = false;

  return {
    push(piece) {
      let text = held + piece;
      held = '';
      if (insideKey) {
        const end = /-----END [A-Z ]*PRIVATE KEY-----/.exec(text);
        if (!end) {
          held = text.slice(-64);
          return '';
        }
        insideKey = false;
        text = text.slice(end.index + end[0].length);
      }
      const cut = text.length > MOST_HELD ? text.length : Math.min(lines ? safeLine(text) : text.length, safeEnd(text), heldBeginsAt(text));
      const ready = text.slice(0, cut);
      const open = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?![\s\S]*-----END)/.exec(ready);
      if (open) {
        insideKey = true;
        held = text.slice(-64);
        return `${redact(ready.slice(0, open.index))}[redacted: private key]`;
      }
      held = text.slice(cut);
      return redact(ready);
    },
  };
}

/** A line is shown when it is whole: its beginning may tell that a secret follows. Dots of progress tell nothing. */
function safeLine(text: string): number {
  const line = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  return /[A-Za-z0-9_]/.test(text.slice(line)) ? line : text.length;
}

/** Up to where nothing can become part of a secret by what comes next. */
function safeEnd(text: string): number {
  const header = /-----BEGIN [A-Z ]*-{0,5}$/.exec(text);
  if (header) return header.index;
  const word = /(?:[^\s]|(?<==) )*$/.exec(text)?.index ?? text.length;
  const last = text.slice(word);
  if (/[=:@]|[A-Z_]{3}$/.test(last)) return word;
  for (let at = 0; at < last.length; at++) {
    if (at > 0 && /[A-Za-z0-9_]/.test(last[at - 1] ?? '')) continue;
    const rest = last.slice(at);
    if (SECRET_STARTS.some((start) => rest.startsWith(start) || start.startsWith(rest))) return word + at;
  }
  return text.length;
}
