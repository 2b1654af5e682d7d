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

/** Bytes that are no UTF-8 become U+FFFD, and so no line that holds them is as it was signed. */
async function textOf(path: string): Promise<string | null> {
  try {
    return (await unless(readFile(path, 'utf8'), 'ENOENT')) ?? null;
  } catch (error) {
    throw storeError(error, path);
  }
}
