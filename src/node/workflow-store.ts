import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type WorkflowRecord, zWorkflowRecord } from '../protocol/stage';
import { unless } from './errno';
import { createSerial } from './serial';

export type WorkflowStore = {
  note(record: WorkflowRecord): Promise<void>;
  all(): Promise<readonly WorkflowRecord[]>;
  /** The session is gone: what stays is that it was, when, and how far it came. */
  bury(session: string, at: number): Promise<void>;
};

const ENDING = '.json';
const DRAFT = '.draft';

/** A file for each session, whole at every moment. */
export function createWorkflowStore(folder: string): WorkflowStore {
  const serial = createSerial();
  const buried = new Set<string>();
  const fileOf = (session: string) => join(folder, `${session}${ENDING}`);

  async function write(record: WorkflowRecord): Promise<void> {
    // Not what is above it: a storage folder that was deleted does not come back for this.
    await unless(mkdir(folder, { mode: 0o700 }), 'EEXIST');
    const draft = `${fileOf(record.session)}.${randomUUID()}${DRAFT}`;
    try {
      await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
      await rename(draft, fileOf(record.session));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async function read(path: string): Promise<WorkflowRecord | undefined> {
    const text = await unless(readFile(path, 'utf8'), 'ENOENT');
    try {
      return zWorkflowRecord.parse(JSON.parse(text ?? ''));
    } catch {
      // Of another version, or changed by hand: it comes anew with the session's next step.
      return undefined;
    }
  }

  return {
    note: (record) => serial(record.session, async () => (buried.has(record.session) ? undefined : write(record))),
    async all() {
      const names = ((await unless(readdir(folder), 'ENOENT')) ?? []).filter((name) => name.endsWith(ENDING));
      const records = await Promise.all(names.map((name) => read(join(folder, name))));
      return records.filter((record) => record !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
    },
    bury: (session, at) =>
      serial(session, async () => {
        buried.add(session);
        const drafts = ((await unless(readdir(folder), 'ENOENT')) ?? []).filter((n) => n.startsWith(session) && n.endsWith(DRAFT));
        for (const name of drafts) await rm(join(folder, name), { force: true });
        const record = await read(fileOf(session));
        if (!record) return rm(fileOf(session), { force: true });
        const { plumb, version, stage, turn, moves } = record;
        const status: WorkflowRecord['status'] = { is: 'idle', stop: 'end_turn', ids: [] };
        await write({ plumb, version, session, stage, turn, moves, status, updatedAt: at, effects: [], next: 'nothing', deletedAt: at });
      }),
  };
}
