/**
 * What programs print is shown as plain text: escape sequences are dropped, and a carriage return starts its line
 * over, as in a terminal.
 */

const ESC = '\u001b';
/** `ESC [ … letter`: colours, cursor moves. */
const CSI = `(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]`;
/** `ESC ] … BEL` and its kin: titles, links, whatever a terminal would swallow whole. */
const STRINGS = `(?:${ESC}[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|${ESC}\\\\|\u009c|$)`;
const SHORT = `${ESC}[ -/]*[0-~]`;
const ESCAPES = new RegExp([CSI, STRINGS, SHORT].join('|'), 'g');
const CONTROLS = /\p{Cc}/gu;

export function plainText(text: string): string {
  const bare = text.replace(ESCAPES, '').replace(/\r+\n/g, '\n');
  const lines = bare.includes('\r') ? bare.split('\n').map(overwrite).join('\n') : bare;
  return lines.replace(CONTROLS, (c) => (c === '\n' || c === '\t' ? c : ''));
}

function overwrite(line: string): string {
  if (!line.includes('\r')) return line;
  return line.split('\r').reduce((shown, next) => next + shown.slice(next.length), '');
}

/** The last `count` lines, and how many came before them. */
export function tail(text: string, count: number): { readonly text: string; readonly hidden: number } {
  let at = text.length;
  if (text.endsWith('\n')) at -= 1;
  for (let n = 0; n < count; n++) {
    at = text.lastIndexOf('\n', at - 1);
    if (at <= 0) return { text, hidden: 0 };
  }
  return { text: text.slice(at + 1), hidden: text.slice(0, at).split('\n').length };
}
