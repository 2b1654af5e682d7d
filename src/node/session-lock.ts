import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { errnoOf, unless } from './errno';
import { isRunning, startOf } from './process-identity';

/**
 * One writer per session. The lock is a file that appears whole (linked into place, which fails when it exists). A
 * lock whose process is gone is replaced under a second lock named after the dead one's token: only who holds that
 * may replace exactly that dead lock, so two processes that both saw it dead never both win.
 */

const zHolder = z.object({ pid: z.number().int(), start: z.string(), host: z.string(), token: z.string() });
export type Holder = z.infer<typeof zHolder>;

export type Lock = { release(): Promise<void> };
export type Acquired = { readonly held: false; readonly lock: Lock } | { readonly held: true; readonly by: Holder };

const ATTEMPTS = 40;
/** Where links cannot be made the file is written after it appears; for that long, an unreadable lock is a live one. */
const WRITING_MS = 5_000;

/** Takes the lock, or tells who has it. */
export async function acquireLock(path: string): Promise<Acquired> {
  const me: Holder = { pid: process.pid, start: startOf(process.pid) ?? '', host: hostname(), token: randomUUID() };
  const draft = `${path}.${me.token}`;
  await writeFile(draft, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; ; attempt++) {
      if (await place(draft, path, me)) return { held: false, lock: lockOf(path, me) };
      const holder = await holderOf(path);
      if (holder === null) continue;
      if (attempt >= ATTEMPTS || isLive(holder)) return { held: true, by: holder };
      if (await replaceDead(path, draft, holder)) return { held: false, lock: lockOf(path, me) };
      await delay(5 + Math.random() * 20);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** The live holder of a lock, or null: a look, which takes nothing. */
export async function liveHolder(path: string): Promise<Holder | null> {
  const holder = await holderOf(path);
  return holder !== null && isLive(holder) ? holder : null;
}

function lockOf(path: string, me: Holder): Lock {
  return {
    release: async () => {
      const holder = await holderOf(path);
      if (holder?.token === me.token) await rm(path, { force: true });
    },
  };
}

async function place(draft: string, path: string, me: Holder): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN'].includes(errnoOf(error) ?? '')) throw error;
  }
  const handle = await unless(open(path, 'wx', 0o600), 'EEXIST');
  if (!handle) return false;
  await handle.writeFile(JSON.stringify(me));
  await handle.close();
  return true;
}

async function replaceDead(path: string, draft: string, dead: Holder): Promise<boolean> {
  const guard = await acquireLock(`${path}.over-${dead.token}`);
  if (guard.held) return false;
  try {
    const now = await holderOf(path);
    if (now?.token !== dead.token) return false;
    await rename(draft, path);
    return true;
  } finally {
    await guard.lock.release();
  }
}

/** A process of another machine cannot be looked at: its lock counts as live. */
function isLive(holder: Holder): boolean {
  if (holder.token === UNREADABLE) return false;
  return holder.host !== hostname() || isRunning(holder.pid, holder.start);
}

const UNREADABLE = 'unreadable';

async function holderOf(path: string): Promise<Holder | null> {
  const text = await unless(readFile(path, 'utf8'), 'ENOENT');
  if (text === undefined) return null;
  try {
    return zHolder.parse(JSON.parse(text));
  } catch {
    const age = Date.now() - ((await unless(stat(path), 'ENOENT'))?.mtimeMs ?? 0);
    const writing = age < WRITING_MS;
    return {
      pid: process.pid,
      start: writing ? (startOf(process.pid) ?? '') : '',
      host: hostname(),
      token: writing ? 'writing' : UNREADABLE,
    };
  }
}
