import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseRecord } from '../core/identity/recorder';
import type { ProofFile, ProofFiles } from '../core/ports/proof';
import { LOG_VERSION, type LogHeader } from '../protocol/log';
import { unless } from './errno';
import { parseHeader } from './session-file';
import { storeError } from './store-errors';

export const PROOF = 'proof.jsonl';
const AGENT = '"kind":"agent"';

/** The chains of the sessions under this storage folder, each beside its log. Written, never waited for but at the end. */
export function createProofFiles(storage: string): ProofFiles {
  return {
    async open(session) {
      const folder = join(storage, 'sessions', session);
      const path = join(folder, PROOF);
      try {
        return await openProof(folder, path);
      } catch (error) {
        throw storeError(error, path);
      }
    },
  };
}

async function openProof(folder: string, path: string): Promise<ProofFile> {
  // A session whose header was damaged goes on all the same; whoever verifies it is told of the header.
  const header = parseHeader(await firstLine(join(folder, 'events.jsonl'))) ?? { ...NO_HEADER, session: basename(folder) };
  const bytes = (await unless(readFile(path), 'ENOENT')) ?? Buffer.alloc(0);
  let size = bytes.lastIndexOf('\n') + 1;
  /** What follows the last whole line is torn, or of a write that failed. */
  let torn = bytes.length > size;
  const lines = bytes.subarray(0, size).toString('utf8').split('\n').slice(0, -1);
  const work = async <T>(job: () => Promise<T>): Promise<T> => {
    try {
      return await job();
    } catch (error) {
      throw storeError(error, path);
    }
  };
  const handle = async () => (await unless(open(path, 'r+'), 'ENOENT')) ?? open(path, 'wx+', 0o600);
  return {
    header,
    last: lines.at(-1) ?? null,
    lastAgent: lines.findLast((line) => line.includes(AGENT)) ?? null,
    append: (more) =>
      work(async () => {
        const text = Buffer.from(more.map((line) => `${line}\n`).join(''), 'utf8');
        const file = await handle();
        try {
          if (torn) await file.truncate(size);
          torn = true;
          for (let done = 0; done < text.length; ) done += (await file.write(text, done, text.length - done, size + done)).bytesWritten;
          torn = false;
          size += text.length;
        } finally {
          await file.close();
        }
      }),
    close: () =>
      work(async () => {
        const file = await unless(open(path, 'r+'), 'ENOENT');
        try {
          await file?.sync();
        } finally {
          await file?.close();
        }
      }),
  };
}

const NO_HEADER: Omit<LogHeader, 'session'> = { plumb: 'session', version: LOG_VERSION, createdAt: 0 };

/** The DIDs of the newest agent that a session's chain introduces, and of its operator. */
export async function agentIn(folder: string): Promise<{ readonly agent: string; readonly operator: string } | null> {
  const text = (await unless(readFile(join(folder, PROOF), 'utf8'), 'ENOENT', 'ENOTDIR')) ?? '';
  const line = text.split('\n').findLast((one) => one.includes(AGENT));
  const record = line === undefined ? null : parseRecord(line);
  return record?.kind === 'agent' ? { agent: record.by, operator: record.credential.issuer.id } : null;
}

/** Longer than any header that was ever written. */
const HEAD_BYTES = 4096;

async function firstLine(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString('utf8').split('\n', 1)[0] ?? '';
  } finally {
    await file.close();
  }
}
