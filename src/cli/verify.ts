import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { PROVES, PROVES_NOT } from '../core/identity/report';
import type { Evidence } from '../core/identity/verify';
import { systemClock } from '../node/clock';
import { unless } from '../node/errno';
import { evidenceAt, evidenceIn } from '../node/evidence';
import { verify as verified } from '../node/identity/verifier';
import { createStore } from '../node/store';
import { findSession } from './find-session';
import { readSettings } from './settings';
import { atHome, storageIn } from './storage';
import type { VerifyArgs } from './verify-args';

/** Prints what a verification finds. Gives the exit code: 0 proven, 1 not. @throws Failure, StoreError */
export async function verify(args: VerifyArgs, out: (text: string) => void): Promise<number> {
  const storage = storageIn(args.storage ?? (await readSettings(join(homedir(), '.plumb', 'settings.json'))).settings.storagePath);
  const { result, text } = await verified(await evidenceOf(args, storage), storage, args);
  out(`${args.json ? JSON.stringify({ ...result, proves: PROVES, provesNot: PROVES_NOT }) : text}\n`);
  return result.verdict === 'proven' ? 0 : 1;
}

/** A path that is there is meant as one; anything else is a session of the storage folder. */
async function evidenceOf({ target, proof }: VerifyArgs, storage: string): Promise<Evidence> {
  const path = resolve(atHome(target));
  if (await unless(stat(path), 'ENOENT', 'ENOTDIR')) return evidenceAt(path, proof === undefined ? undefined : resolve(atHome(proof)));
  const { id } = await findSession(createStore({ folder: storage, clock: systemClock }), target, process.cwd());
  return evidenceIn(join(storage, 'sessions', id));
}
