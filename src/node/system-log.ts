import { appendFileSync, statSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SystemRecord } from '../protocol/system-log';
import { errnoOf, unless } from './errno';
import { underLock } from './folder-lock';
import { recordOf, recordsIn } from './log-lines';

const MAX_BYTES = 5 * 1024 * 1024;
/** `log.jsonl`, then `log.1.jsonl` to this number. */
const KEPT = 3;
/** How often a lock that another process has is asked for before it is given up. */
const TRIES = 50;
const TRY_MS = 100;

/** The files of the log in a folder, newest first. */
export function logFiles(folder: string): readonly string[] {
  return Array.from({ length: KEPT + 1 }, (_, n) => join(folder, n === 0 ? 'log.jsonl' : `log.${n}.jsonl`));
}

export type SystemLog = {
  write(record: SystemRecord): void;
  /** Resolves when everything written so far is in the file. */
  flush(): Promise<void>;
  /** Every record that is kept, oldest first. */
  read(): Promise<readonly SystemRecord[]>;
  /** Takes every line about a deleted session out. */
  forget(session: string): Promise<void>;
};

/**
 * The system log in a folder, rotated by size; several processes may write it at once. A disk that fails is told once to
 * `onProblem`; runs do not wait for it.
 */
export function createSystemLog(folder: string, onProblem: (error: unknown) => void, maxBytes = MAX_BYTES): SystemLog {
  const files = logFiles(folder);
  const [newest = ''] = files;
  const lock = join(folder, 'log.lock');
  let waiting: string[] = [];
  let chain = Promise.resolve();
  let told = false;

  function then(job: () => Promise<void>): Promise<void> {
    chain = chain.then(job).catch((error: unknown) => {
      if (!told) onProblem(error);
      told = true;
    });
    return chain;
  }

  function isFull(): boolean {
    return (statSync(newest, { throwIfNoEntry: false })?.size ?? 0) >= maxBytes;
  }

  /** One process moves the files; who finds it at that writes on, and looks again with its next lines. */
  async function rotate(): Promise<void> {
    if (!isFull()) return;
    await underLock(lock, async () => {
      if (!isFull()) return;
      await rm(files.at(-1) ?? '', { force: true });
      for (let n = KEPT - 1; n >= 0; n--) await unless(rename(files[n] ?? '', files[n + 1] ?? ''), 'ENOENT');
    });
  }

  async function drain(): Promise<void> {
    if (waiting.length === 0) return;
    const lines = waiting.join('');
    waiting = [];
    await rotate();
    // At once: a few lines into the system's memory, many times a turn, cost less than one trip to another thread.
    try {
      appendFileSync(newest, lines, { mode: 0o600 });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      appendFileSync(newest, lines, { mode: 0o600 });
    }
  }

  return {
    write(record) {
      waiting.push(`${JSON.stringify(record)}\n`);
      if (waiting.length === 1) void then(drain);
    },
    flush: () => then(drain),
    async read() {
      await then(drain);
      const texts = await Promise.all(files.map((file) => unless(readFile(file, 'utf8'), 'ENOENT')));
      return recordsIn(texts.reverse().join(''));
    },
    forget: (session) =>
      then(async () => {
        await drain();
        for (let tries = 1; ; tries++) {
          if (await underLock(lock, () => forgetIn(files, session))) return;
          if (tries === TRIES) throw new Error('another process keeps the system log locked');
          await pause(TRY_MS);
        }
      }),
  };
}

async function forgetIn(files: readonly string[], session: string): Promise<void> {
  for (const file of files) {
    const handle = await unless(open(file, 'r'), 'ENOENT');
    if (!handle) continue;
    try {
      const kept = (text: string) =>
        text.split('\n').flatMap((line) => (line === '' || recordOf(line)?.session === session ? [] : [`${line}\n`]));
      const text = await handle.readFile('utf8');
      const draft = `${file}.new`;
      await writeFile(draft, kept(text).join(''), { mode: 0o600 });
      await rename(draft, file);
      // What another process wrote meanwhile went to the file that is gone now.
      const late = await handle.readFile('utf8');
      if (late !== '') await appendFile(file, kept(late).join(''));
    } finally {
      await handle.close();
    }
  }
}
