import { fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { StoreError } from '../core/errors';
import type { SessionLog } from '../core/ports/store';
import type { AgentEvent } from '../protocol/events';
import { sealed } from './line-sum';
import { storeError } from './store-errors';

/** The few things a log does with its file, so that tests can make each of them fail. */
export type LogFile = {
  /** Writes all bytes at that place of the file. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  /** Zero once the file has been deleted under us. */
  links(): Promise<number>;
  close(): Promise<void>;
};
export type OpenLogFile = (path: string, flags: 'wx+' | 'r+') => Promise<LogFile>;

export const openLogFile: OpenLogFile = async (path, flags) => {
  const handle = await open(path, flags, 0o600);
  return {
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    },
    truncate: (size) => handle.truncate(size),
    sync: () => handle.sync(),
    links: async () => fstatSync(handle.fd).nlink,
    close: () => handle.close(),
  };
};

export type LogState = {
  readonly id: string;
  readonly path: string;
  readonly file: LogFile;
  /** Bytes up to the end of the last whole line: what follows is torn and is cut off before the first write. */
  readonly size: number;
  readonly torn: boolean;
  /** The last whole line lacks its line end. */
  readonly openEnded: boolean;
  /** Frees what else belongs to the log, its lock. */
  released(): Promise<void>;
};

/** `abandon` closes without writing what is queued: for a session that is being deleted. */
export type OpenLog = SessionLog & { abandon(): Promise<void> };

/**
 * The writer of one log. Lines wait in `queue`, are written in batches at a known place, and stay in `unsynced` until
 * the disk has confirmed them: after any failure the next attempt writes the same bytes at the same place again, so
 * that no line is lost, doubled or torn.
 */
export function createSessionLog(state: LogState): OpenLog {
  const { id, path, file } = state;
  let synced = state.size;
  let end = state.size;
  let dirty = state.torn;
  let openEnded = state.openEnded;
  let queue: string[] = [];
  let unsynced: string[] = [];
  let chain: Promise<unknown> = Promise.resolve();
  let scheduled = false;
  let closed = false;

  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const next = chain.then(job);
    chain = next.catch(() => undefined);
    return next;
  };

  const write = async (): Promise<void> => {
    scheduled = false;
    if (queue.length === 0) return;
    // Copied: while it is being written, the queue grows.
    const batch = [...queue];
    try {
      if (dirty) await file.truncate(end);
      dirty = true;
      const bytes = Buffer.from((openEnded ? '\n' : '') + batch.join(''), 'utf8');
      await file.write(bytes, end);
      dirty = false;
      end += bytes.length;
    } catch (error) {
      // Half a line may be there; whoever reads the log meanwhile must not find it, so it is cut off now if that works.
      await file.truncate(end).then(
        () => {
          dirty = false;
        },
        () => undefined,
      );
      throw storeError(error, path);
    }
    openEnded = false;
    queue = queue.slice(batch.length);
    unsynced.push(...batch);
  };

  const sync = async (): Promise<void> => {
    await write();
    try {
      await file.sync();
    } catch (error) {
      // After a failed fsync the system may have dropped the pages: write them again next time.
      queue = [...unsynced, ...queue];
      unsynced = [];
      end = synced;
      dirty = true;
      throw storeError(error, path);
    }
    synced = end;
    unsynced = [];
    if ((await file.links()) === 0) {
      throw new StoreError(
        'gone',
        `${path} was deleted while the session was open.`,
        'Start a new session: this one can no longer be saved. In the editor, export it first to keep what is shown.',
      );
    }
  };

  const shut = async (): Promise<void> => {
    closed = true;
    try {
      await file.close();
    } finally {
      await state.released();
    }
  };

  return {
    id,
    append(event: AgentEvent) {
      if (event.seq === 0) return;
      if (closed) throw new StoreError('io', `The log of session ${id} is closed.`, 'Open the session again.');
      queue.push(`${sealed(JSON.stringify(event))}
`);
      if (scheduled) return;
      scheduled = true;
      // A failure here is not lost: the lines stay queued, and the next flush tries again and reports.
      inTurn(write).catch(() => undefined);
    },
    flush: () => inTurn(sync),
    close: () =>
      inTurn(async () => {
        if (closed) return;
        try {
          await sync();
        } finally {
          await shut();
        }
      }),
    abandon: () => inTurn(async () => (closed ? undefined : shut())),
  };
}
