import { open, readFile } from 'node:fs/promises';
import { StoreError } from '../core/errors';
import type { AgentEvent } from '../protocol/events';
import { LOG_VERSION, type LogHeader, parseEventLine, zLogHeader } from '../protocol/log';
import { sealOf, unsealed } from './line-sum';
import { inOrder } from './log-order';
import { storeError } from './store-errors';

export type SessionFile = {
  readonly header: LogHeader | null;
  readonly events: readonly AgentEvent[];
  /** One sentence for each thing that is not as Plumb wrote it. */
  readonly damage: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly size: number;
  /** Bytes of a torn line follow. */
  readonly torn: boolean;
  /** The last whole line lacks its line end. */
  readonly openEnded: boolean;
};

const NEWLINE = 0x0a;
const SEALS = { changed: 'changed after it was written', missing: 'has no checksum, so it was not written by Plumb' } as const;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a whole log. @throws StoreError 'gone' when there is none, 'newer' when a later Plumb wrote it. */
export async function readSessionFile(path: string, id: string): Promise<SessionFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw storeError(error, path);
  }
  const damage: string[] = [];
  const events: AgentEvent[] = [];
  let header: LogHeader | null = null;
  let at = 0;
  let line = 0;
  let openEnded = false;
  let leftOut = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline === -1 ? bytes.length : newline;
    line++;
    const text = decode(bytes.subarray(at, end));
    const known = events.length;
    const problem = line === 1 ? takeHeader(text) : takeEvent(text);
    if (newline === -1) {
      // No line end: the write was cut. Only a line that lacks nothing but its end is kept.
      if (problem !== undefined) {
        events.length = known;
        break;
      }
      openEnded = true;
    } else if (problem !== undefined) {
      damage.push(`line ${line}: ${problem}`);
      if (line > 1 && events.length === known) leftOut++;
    }
    at = newline === -1 ? bytes.length : newline + 1;
  }
  if (line === 0) damage.push('the log is empty');
  const ordered = inOrder(events, leftOut);
  return { header, events: ordered.events, damage: firstOf([...damage, ...ordered.damage]), size: at, torn: at < bytes.length, openEnded };

  function takeHeader(text: string | null): string | undefined {
    header = text === null ? null : parseHeader(text);
    if (!header) return 'the header cannot be read';
    refuseNewer(header, id);
    return header.session === id ? undefined : `the header names another session, ${header.session}`;
  }

  function takeEvent(text: string | null): string | undefined {
    if (text === null) return 'not UTF-8; it is left out';
    const sealed = (header?.version ?? LOG_VERSION) >= 2;
    const seal = sealed ? sealOf(text) : 'whole';
    const parsed = parseEventLine(sealed && seal === 'whole' ? unsealed(text) : text);
    if (parsed.kind === 'damaged') return `${parsed.reason}; it is left out`;
    events.push(parsed.event);
    return seal === 'whole' ? undefined : `${SEALS[seal]}; it counts as it stands`;
  }
}

/** Enough to see what kind of damage it is. */
const TOLD = 20;

function firstOf(damage: readonly string[]): readonly string[] {
  return damage.length <= TOLD ? damage : [...damage.slice(0, TOLD), `and ${damage.length - TOLD} more like these`];
}

/** Longer than any header that was ever written. */
const HEAD_BYTES = 4096;

/** A look at the beginning alone. @throws StoreError as `readSessionFile` does */
export async function refuseUnreadable(path: string, id: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const [line = ''] = buffer.subarray(0, bytesRead).toString('utf8').split('\n', 1);
      const header = parseHeader(line);
      if (header) refuseNewer(header, id);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw storeError(error, path);
  }
}

/** The header of a log from its first line, or null when that line is none. */
export function parseHeader(line: string): LogHeader | null {
  try {
    return zLogHeader.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export function headerOf(session: string, createdAt: number): string {
  const header: LogHeader = { plumb: 'session', version: LOG_VERSION, session, createdAt };
  return `${JSON.stringify(header)}\n`;
}

function refuseNewer(header: LogHeader, id: string): void {
  if (header.version <= LOG_VERSION) return;
  throw new StoreError(
    'newer',
    `Session ${id} was written by a newer Plumb (log version ${header.version}; this one reads up to ${LOG_VERSION}).`,
    'Update Plumb to open it. The session was left as it is.',
  );
}

function decode(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}
