import { isUtf8 } from 'node:buffer';
import { ToolError } from '../core/errors';
import { withEnding } from '../core/text/lines';

export const MAX_FILE_BYTES = 10 * 1024 * 1024;

export type Encoding = 'utf8' | 'utf8bom' | 'utf16le' | 'utf16be';
/** `encoding` is null for text whose bytes are not what they should be: it can be read, with marks, but not written back. */
export type DecodedText = { readonly text: string; readonly encoding: Encoding | null };

const BOMS: readonly (readonly [Encoding, Uint8Array])[] = [
  ['utf8bom', Uint8Array.of(0xef, 0xbb, 0xbf)],
  ['utf16le', Uint8Array.of(0xff, 0xfe)],
  ['utf16be', Uint8Array.of(0xfe, 0xff)],
];
const LABELS: Readonly<Record<Encoding, string>> = { utf8: 'utf-8', utf8bom: 'utf-8', utf16le: 'utf-16le', utf16be: 'utf-16be' };

/** The text of a file without its BOM, or undefined when the bytes are no text. Line endings stay as they are. */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const [encoding, bom] = BOMS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte)) ?? (['utf8', new Uint8Array()] as const);
  const body = bytes.subarray(bom.length);
  if (encoding === 'utf8' && body.includes(0)) return undefined;
  if (encoding.startsWith('utf8') && isUtf8(body)) {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    return text.includes('\0') ? undefined : { text, encoding };
  }
  try {
    const text = new TextDecoder(LABELS[encoding], { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\0') ? undefined : { text, encoding };
  } catch {
    if (encoding === 'utf8' && looksBinary(body)) return undefined;
    return { text: new TextDecoder(LABELS[encoding], { ignoreBOM: true }).decode(body), encoding: null };
  }
}

/** @throws ToolError when the text holds half a character, which no encoding can keep. */
export function encodeText(text: string, encoding: Encoding, path: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) {
    throw new ToolError(`The new text of ${path} holds half of a character (a lone surrogate).`, 'Send the text again without it.');
  }
  const bom = BOMS.find(([name]) => name === encoding)?.[1] ?? new Uint8Array();
  const utf16 = encoding === 'utf16le' || encoding === 'utf16be';
  const body = Buffer.from(text, utf16 ? 'utf16le' : 'utf8');
  if (encoding === 'utf16be') body.swap16();
  return Buffer.concat([bom, body]);
}

/**
 * Gives what is new in `after` the line endings of a file that has only one kind, as the editor does. A mixed file gets
 * the text as it was written, so that the lines which nobody changed keep theirs.
 */
export function keepLineEndings(before: string, after: string): string {
  const ending = onlyEnding(before);
  return ending === undefined ? after : withEnding(after, ending);
}

function onlyEnding(text: string): '\n' | '\r\n' | undefined {
  const crlf = text.includes('\r\n');
  const bare = /(?:^|[^\r])\n/.test(text);
  const lone = /\r(?!\n)/.test(text);
  if (lone || crlf === bare) return undefined;
  return crlf ? '\r\n' : '\n';
}

/** For bytes that are no UTF-8: text in an old encoding has next to no control characters, data has many. */
function looksBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8_192);
  let odd = 0;
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) odd++;
  return odd * 100 > head.length;
}
