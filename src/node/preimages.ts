import { randomUUID } from 'node:crypto';
import { appendFileSync, futimesSync, utimesSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { redact, restoreKnown } from '../core/observe/redact';
import { errnoOf, unless } from './errno';
import { sha256 } from './hash';
import { createSerial } from './serial';

export type PreimageLimits = {
  /** All copies together; the oldest go first. */
  readonly bytes: number;
  /** Since a copy was last needed. */
  readonly ageMs: number;
};

const PREIMAGE_LIMITS: PreimageLimits = { bytes: 1024 ** 3, ageMs: 30 * 24 * 3600 * 1000 };

/** Copies of files by the SHA-256 of their bytes, and which session needs which. */
export type Preimages = {
  keep(session: string, bytes: Uint8Array): Promise<string>;
  kept(hash: string): Promise<Uint8Array | undefined>;
  share(session: string, hashes: readonly string[]): Promise<void>;
  /** The session is gone: so is every copy that no other session needs. */
  release(session: string): Promise<void>;
};

/** A session's list of the copies it needs: `<id>.refs`, a hash a line. It is written before the copy, so that none is left behind. */
const REFS = '.refs';
/** A copy that is being written or removed: `<hash>.<anything>.draft`. */
const DRAFT = '.draft';
const STALE_MS = 3600 * 1000;
const HASH = /^[0-9a-f]{64}$/;

export function createPreimages(folder: string, now: () => number, limits: PreimageLimits = PREIMAGE_LIMITS): Preimages {
  const serial = createSerial();
  const needed = new Map<string, Set<string>>();
  /** Bytes kept in all; undefined until they have been counted. */
  let total: number | undefined;

  const at = (hash: string) => join(folder, hash);
  const refsAt = (session: string) => join(folder, `${session}${REFS}`);

  const names = async () => (await unless(readdir(folder), 'ENOENT')) ?? [];

  async function neededByOthers(session: string): Promise<ReadonlySet<string>> {
    const others = (await names()).filter((name) => name.endsWith(REFS) && name !== `${session}${REFS}`);
    const sets = await Promise.all(others.map((name) => refsOf(name.slice(0, -REFS.length))));
    return new Set(sets.flatMap((set) => [...set]));
  }

  async function refsOf(session: string): Promise<ReadonlySet<string>> {
    const text = (await unless(readFile(refsAt(session), 'utf8'), 'ENOENT')) ?? '';
    return new Set(text.split('\n').filter((line) => HASH.test(line)));
  }

  async function need(session: string, hashes: readonly string[]): Promise<void> {
    const known = needed.get(session) ?? new Set(await refsOf(session));
    needed.set(session, known);
    const fresh = hashes.filter((hash) => HASH.test(hash) && !known.has(hash));
    if (fresh.length === 0) return;
    const lines = fresh.map((hash) => `\n${hash}\n`).join('');
    const add = () => appendFileSync(refsAt(session), lines, { mode: 0o600 });
    if (!isThere(add)) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      add();
    }
    for (const hash of fresh) known.add(hash);
  }

  /** Copies with their size and age, oldest first. */
  async function all(): Promise<{ hash: string; size: number; mtimeMs: number }[]> {
    const found = (await names()).map(async (name) => {
      const stats = HASH.test(name) || name.endsWith(DRAFT) ? await unless(stat(at(name)), 'ENOENT') : undefined;
      if (!stats) return undefined;
      if (!name.endsWith(DRAFT)) return { hash: name, size: stats.size, mtimeMs: stats.mtimeMs };
      if (stats.mtimeMs < now() - STALE_MS) await rm(at(name), { force: true });
      return undefined;
    });
    return (await Promise.all(found)).filter((copy) => copy !== undefined).sort((a, b) => a.mtimeMs - b.mtimeMs);
  }

  /** Removes what is too old, then the oldest until all fits. The newest stays, however large. */
  async function trim(): Promise<void> {
    const copies = await all();
    total = copies.reduce((sum, { size }) => sum + size, 0);
    for (const { hash, size, mtimeMs } of copies.slice(0, -1)) {
      if (mtimeMs >= now() - limits.ageMs && total <= limits.bytes) return;
      await rm(at(hash), { force: true });
      total -= size;
    }
  }

  async function write(hash: string, bytes: Uint8Array, time: Date): Promise<void> {
    const draft = `${at(hash)}.${randomUUID()}${DRAFT}`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        futimesSync(file.fd, time, time);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, at(hash));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  return {
    keep: (session, bytes) =>
      serial(folder, async () => {
        const hash = sha256(bytes);
        await need(session, [hash]);
        const time = new Date(now());
        // Also for a copy that is there: this process comes to know the secrets that belong into it.
        const clean = withoutSecrets(bytes);
        // Looks and small notes at once, as everywhere between two requests: only the copy itself is worth another thread.
        if (isThere(() => utimesSync(at(hash), time, time))) return hash;
        await write(hash, clean, time);
        if (total !== undefined) total += bytes.length;
        if (total === undefined || total > limits.bytes) await trim();
        return hash;
      }),

    async kept(hash) {
      const bytes = HASH.test(hash) ? await unless(readFile(at(hash)), 'ENOENT') : undefined;
      if (!bytes || sha256(bytes) === hash) return bytes;
      const whole = Buffer.from(restoreKnown(bytes.toString('utf8')), 'utf8');
      return sha256(whole) === hash ? whole : undefined;
    },

    share: (session, hashes) => serial(folder, () => need(session, hashes)),

    release: (session) =>
      serial(folder, async () => {
        const own = await refsOf(session);
        needed.delete(session);
        const doomed = without(own, await neededByOthers(session));
        // Out of sight first: another window that needs one from now on writes it anew; one that began before is seen below.
        const hidden = (hash: string) => `${at(hash)}.${session}${DRAFT}`;
        for (const hash of doomed) await unless(rename(at(hash), hidden(hash)), 'ENOENT');
        const late = doomed.length > 0 ? await neededByOthers(session) : new Set<string>();
        for (const hash of doomed) if (late.has(hash)) await unless(rename(hidden(hash), at(hash)), 'ENOENT');
        // Drafts too, which a crash may have left.
        const gone = new Set(without(doomed, late));
        for (const name of await names()) if (gone.has(name.slice(0, 64)) && name.length > 64) await rm(at(name), { force: true });
        total = undefined;
        await rm(refsAt(session), { force: true });
      }),
  };
}

/**
 * A copy holds the marks of secrets in their place. They come back from the file as it is now (whoever plans a rewind has
 * kept it just before), and the hash tells that nothing else did; a secret that is in no file any more is not brought back.
 */
function withoutSecrets(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const clean = redact(text);
  return clean === text || !Buffer.from(text, 'utf8').equals(bytes) ? bytes : Buffer.from(clean, 'utf8');
}

/** False when the file, or the folder it should be in, is not there. */
function isThere(touch: () => void): boolean {
  try {
    touch();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function without(hashes: Iterable<string>, taken: ReadonlySet<string>): string[] {
  return [...hashes].filter((hash) => !taken.has(hash));
}
