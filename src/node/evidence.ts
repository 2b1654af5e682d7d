import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Evidence } from '../core/identity/verify';
import { unless } from './errno';
import { PROOF } from './proof-file';
import { storeError } from './store-errors';

const EVENTS = 'events.jsonl';

/** The two files of a session in its folder. @throws StoreError when neither is there */
export async function evidenceIn(folder: string): Promise<Evidence> {
  return evidenceFrom(join(folder, EVENTS), join(folder, PROOF));
}

/**
 * A session by a path of the user's: its folder, its log, or its chain. The other file lies beside it under its own name,
 * or under `proof`. @throws StoreError
 */
export async function evidenceAt(path: string, proof: string | undefined): Promise<Evidence> {
  if ((await unless(stat(path), 'ENOENT'))?.isDirectory()) return evidenceFrom(join(path, EVENTS), proof ?? join(path, PROOF));
  const isChain = basename(path) === PROOF || (await firstOf(path)).includes('"by":"did:key:');
  return isChain ? evidenceFrom(join(dirname(path), EVENTS), path) : evidenceFrom(path, proof ?? join(dirname(path), PROOF));
}

async function firstOf(path: string): Promise<string> {
  return ((await textOf(path)) ?? '').split('\n', 1)[0] ?? '';
}

async function evidenceFrom(events: string, proof: string): Promise<Evidence> {
  const found = { events: await textOf(events), proof: await textOf(proof) };
  if (found.events === null && found.proof === null) throw storeError(Object.assign(new Error('no such file'), { code: 'ENOENT' }), events);
  return found;
}

/** A line with bytes that are no UTF-8 is no line that was signed, whatever they would be read as. */
async function textOf(path: string): Promise<string | null> {
  let bytes: Buffer | undefined;
  try {
    bytes = await unless(readFile(path), 'ENOENT');
  } catch (error) {
    throw storeError(error, path);
  }
  if (!bytes || isUtf8(bytes)) return bytes?.toString('utf8') ?? null;
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line) => Buffer.from(line, 'latin1'))
    .map((line) => (isUtf8(line) ? line.toString('utf8') : 'not UTF-8'))
    .join('\n');
}
