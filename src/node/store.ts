import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../core/errors';
import type { Clock } from '../core/ports';
import type { SessionInfo, Store } from '../core/ports/store';
import { errnoOf, unless } from './errno';
import { makeFolder } from './folders';
import { migrateLog } from './log-migration';
import { createPreimages, type PreimageLimits } from './preimages';
import { headerOf, readSessionFile, refuseUnreadable } from './session-file';
import { type Summary, summaryOf } from './session-index';
import { acquireLock, type Lock, liveHolder } from './session-lock';
import { createSessionLog, type OpenLog, type OpenLogFile, openLogFile } from './session-log';
import { heldError, storeError } from './store-errors';
import { createWorkflowStore } from './workflow-store';

export type StoreOptions = {
  /** `~/.plumb`, or what the setting says. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  /** For tests that make the disk fail. */
  readonly openFile?: OpenLogFile;
  /** Of the copies of files. */
  readonly preimages?: PreimageLimits;
};

const EVENTS = 'events.jsonl';
const LOCK = 'lock';
const EXIT = 'exit';
/** A folder of that prefix is a session whose deletion was cut short: finished at the next list. */
const DELETED = '.deleted-';
const LISTED_AT_ONCE = 16;

/** Sessions as files under one folder, readable by their owner only. */
export function createStore({ folder, clock, openFile = openLogFile, preimages: limits }: StoreOptions): Store {
  const sessions = join(folder, 'sessions');
  const copies = join(folder, 'preimages');
  const preimages = createPreimages(copies, () => clock.now(), limits);
  const spills = join(folder, 'spill');
  const workflowFolder = join(folder, 'workflows');
  const workflows = createWorkflowStore(workflowFolder);
  const logs = new Map<string, OpenLog>();
  const summaries = new Map<string, Summary>();

  const folderOf = (id: string) => join(sessions, checked(id));
  const spillFolder = (id: string) => join(spills, checked(id));

  const lock = async (id: string): Promise<Lock> => {
    const path = join(folderOf(id), LOCK);
    const got = await acquireLock(path);
    if (got.held) throw heldError(id, got.by, path, hostname());
    return got.lock;
  };

  const keep = (log: OpenLog): OpenLog => {
    logs.set(log.id, log);
    return log;
  };

  return {
    create: (id) =>
      guarded(folderOf(id), async () => {
        await makeFolder(folderOf(id));
        const held = await lock(id);
        const path = join(folderOf(id), EVENTS);
        try {
          const file = await openFile(path, 'wx+');
          const header = Buffer.from(headerOf(id, clock.now()));
          try {
            await file.write(header, 0);
            await file.sync();
            for (const made of [folderOf(id), sessions, folder]) await syncFolder(made);
          } catch (error) {
            await file.close();
            await rm(path, { force: true });
            throw error;
          }
          return keep(
            createSessionLog({ id, path, file, size: header.length, torn: false, openEnded: false, released: release(id, held) }),
          );
        } catch (error) {
          await held.release();
          if (errnoOf(error) === 'EEXIST')
            throw new StoreError('io', `There is a session ${id} already.`, 'Open it instead of creating it.');
          throw error;
        }
      }),

    open: (id) =>
      guarded(folderOf(id), async () => {
        const path = join(folderOf(id), EVENTS);
        // Before the lock, so that a session that cannot be read is left exactly as it is.
        await refuseUnreadable(path, id);
        const held = await lock(id);
        try {
          if (await migrateLog(path)) await syncFolder(folderOf(id));
          const { events, damage, header, ...tail } = await readSessionFile(path, id);
          const file = await openFile(path, 'r+');
          return { log: keep(createSessionLog({ id, path, file, ...tail, released: release(id, held) })), events, damage };
        } catch (error) {
          await held.release();
          throw error;
        }
      }),

    read: async (id) => {
      const { events, damage } = await readSessionFile(join(folderOf(id), EVENTS), id);
      return { events, damage };
    },

    list: () =>
      guarded(sessions, async () => {
        const names = (await unless(readdir(sessions), 'ENOENT')) ?? [];
        for (const name of names.filter((n) => n.startsWith(DELETED))) await rm(join(sessions, name), { recursive: true, force: true });
        const ids = names.filter(isId);
        const infos: SessionInfo[] = [];
        for (let at = 0; at < ids.length; at += LISTED_AT_ONCE) {
          const some = await Promise.all(ids.slice(at, at + LISTED_AT_ONCE).map(infoOf));
          infos.push(...some.filter((info) => info !== undefined));
        }
        return infos.sort((a, b) => b.updatedAt - a.updatedAt || a.id.localeCompare(b.id));
      }),

    remove: (id) =>
      guarded(folderOf(id), async () => {
        await logs.get(id)?.abandon();
        const held = (await unless(lock(id), 'ENOENT')) ?? null;
        summaries.delete(id);
        try {
          await rm(spillFolder(id), { recursive: true, force: true });
          await preimages.release(id);
          await workflows.bury(checked(id), clock.now());
          // Renamed first: from then on no list shows it and no other window can write into it.
          const doomed = join(sessions, `${DELETED}${id}-${randomUUID()}`);
          const moved = await unless(
            rename(folderOf(id), doomed).then(() => true),
            'ENOENT',
          );
          if (moved) await rm(doomed, { recursive: true, force: true, maxRetries: 3 });
          await unless(syncFolder(sessions), 'ENOENT');
        } catch (error) {
          await held?.release();
          throw error;
        }
      }),

    spill: (session, name, text) =>
      guarded(spillFolder(session), async () => {
        const target = join(spillFolder(session), fileNameOf(name));
        const draft = `${target}.${randomUUID()}`;
        await makeFolder(spillFolder(session));
        try {
          await writeFile(draft, text, { mode: 0o600, flush: true });
          await rename(draft, target);
        } catch (error) {
          await rm(draft, { force: true });
          throw error;
        }
        return target;
      }),

    noteWorkflow: (record) => guarded(workflowFolder, () => workflows.note({ ...record, session: checked(record.session) })),
    workflows: () => guarded(workflowFolder, () => workflows.all()),
    spillFolder,
    exitFile: (session) => join(folderOf(session), EXIT),
    keep: (session, bytes) => guarded(copies, () => preimages.keep(checked(session), bytes)),
    kept: (hash) => guarded(copies, () => preimages.kept(hash)),
    share: (session, hashes) => guarded(copies, () => preimages.share(checked(session), hashes)),
  };

  async function infoOf(id: string): Promise<SessionInfo | undefined> {
    const summary = await summaryOf(folderOf(id), summaries.get(id));
    if (!summary) return undefined;
    summaries.set(id, summary);
    const holder = await liveHolder(join(folderOf(id), LOCK));
    const { createdAt, updatedAt, title, roots, turns, cost } = summary;
    const state = summary.damaged ? 'damaged' : summary.state === 'running' ? 'interrupted' : summary.state;
    return { id, title, createdAt, updatedAt, roots, turns, cost, state, held: holder !== null && holder.pid !== process.pid };
  }

  function release(id: string, held: Lock): () => Promise<void> {
    return async () => {
      logs.delete(id);
      await held.release();
    };
  }
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error, path);
  }
}

/** Makes a new name in the folder survive a power cut. Windows has no such thing and refuses. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isId(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(name);
}

/** Ids become folder names: anything else could leave the storage folder. */
function checked(id: string): string {
  if (!isId(id)) throw new StoreError('gone', `There is no session called ${JSON.stringify(id)}.`, 'Choose one from the list of sessions.');
  return id;
}

function fileNameOf(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, 120) || 'spill'
  );
}
