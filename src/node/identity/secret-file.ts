import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreError } from '../../core/errors';
import { errnoOf, unless } from '../errno';
import { makeFolder } from '../folders';
import { storeError } from '../store-errors';
import type { SecretPlace } from './keys';

const SECRET = 'operator.key';
const OPERATORS = 'operators';
const zOperator = z.object({ did: z.string(), host: z.string() });

/** A person's keys as a verifier knows them: which hosts of this storage have signed. */
export type KnownOperator = z.infer<typeof zOperator>;

/** The secret of the command line, in a file of the storage folder that its owner alone may read. */
export function secretFile(storage: string, host: string): SecretPlace {
  const folder = join(storage, 'identity');
  const path = join(folder, SECRET);
  return {
    take: (fresh) =>
      told(path, async () => {
        const kept = await unless(readFile(path, 'utf8'), 'ENOENT');
        if (kept !== undefined) return wellFormed(kept.trim(), path);
        await makeFolder(folder);
        const draft = `${path}.${randomUUID()}`;
        try {
          await writeFile(draft, `${fresh}\n`, { mode: 0o600, flag: 'wx', flush: true });
          await place(draft, path);
        } finally {
          await rm(draft, { force: true });
        }
        return wellFormed((await readFile(path, 'utf8')).trim(), path);
      }),
    introduce: introduceIn(storage, host),
  };
}

/** Notes an operator's DID, which is public, where verifiers of this storage look. */
export function introduceIn(storage: string, host: string): SecretPlace['introduce'] {
  const folder = join(storage, 'identity', OPERATORS);
  return (did) =>
    told(folder, async () => {
      const path = join(folder, `${did.slice('did:key:'.length)}.json`);
      if ((await unless(readFile(path), 'ENOENT')) !== undefined) return;
      await makeFolder(folder);
      const draft = `${path}.${randomUUID()}`;
      await writeFile(draft, `${JSON.stringify({ did, host })}\n`, { mode: 0o600 });
      await rename(draft, path);
    });
}

/** The operators that this storage knows of. What is no note of one is passed over. */
export async function knownOperators(storage: string): Promise<readonly KnownOperator[]> {
  const folder = join(storage, 'identity', OPERATORS);
  const names = (await unless(readdir(folder), 'ENOENT', 'ENOTDIR')) ?? [];
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map(async (name) => operatorIn(await readFile(join(folder, name), 'utf8'))),
  );
  return found.filter((one) => one !== undefined);
}

function operatorIn(text: string): KnownOperator | undefined {
  try {
    return zOperator.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Two processes may begin at once: the first one's secret counts. */
async function place(draft: string, path: string): Promise<void> {
  try {
    await unless(link(draft, path), 'EEXIST');
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN'].includes(errnoOf(error) ?? '')) throw error;
    await rename(draft, path);
  }
}

function wellFormed(hex: string, path: string): string {
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new StoreError('io', `${path} holds no key of Plumb.`, 'Put back the file as it was, or move it away to begin with a new key.');
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error, path);
  }
}
