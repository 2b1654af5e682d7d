import type { StreamEvent } from '../../../src/demo/wire/sse';
import { frame } from '../../../src/demo/wire/sse';
import type { Chunks } from './reply';

/** The bytes of one event, as the writes in which a mode sends them. */
export function writesOf(event: StreamEvent, mode: Chunks): readonly Buffer[] {
  const bytes = Buffer.from(frame(event, mode === 'crlf' ? '\r\n' : '\n'));
  switch (mode) {
    case 'bytes':
      return [...bytes].map((byte) => Buffer.from([byte]));
    case 'utf8-split':
      return splitInsideCharacters(bytes);
    case 'events':
    case 'json-split':
    case 'escape-split':
    case 'one-write':
    case 'crlf':
    case 'gzip':
      return [bytes];
    default:
      return mode satisfies never;
  }
}

/** Cuts after the first byte of every character that has several. */
function splitInsideCharacters(bytes: Buffer): readonly Buffer[] {
  const cuts = [...bytes.keys()].filter((index) => ((bytes[index] ?? 0) & 0xc0) === 0xc0).map((index) => index + 1);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

/** JSON in ASCII alone: every other character as a `\uXXXX` escape. */
export function escapeJson(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
