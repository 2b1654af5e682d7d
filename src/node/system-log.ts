import { appendFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SystemRecord, zSystemRecord } from '../protocol/system-log';
import { errnoOf, unless } from './errno';

const MAX_BYTES = 5 * 1024 * 1024;
/** `log.jsonl`, then `log.1.jsonl` to this number. */
const KEPT = 3;

export type SystemLog = {
  write(record: SystemRecord): void;
  /** Resolves when everything written so far is in the file. */
  flush(): Promise<void>;
  /** Every record that is kept, oldest first. */
  read(): Promise<readonly SystemRecord[]>;
  /** Takes every line about a deleted session out. */
  forget(session: string): Promise<void>;
};

/** The system log in a folder, rotated by size. A disk that fails is told once to `onProblem`; runs do not wait for it. */
export function createSystemLog(folder: string, onProblem: (error: unknown) => void, maxBytes = MAX_BYTES): SystemLog {
  const fileOf = (n: number) => join(folder, n === 0 ? 'log.jsonl' : `log.${n}.jsonl`);
  const files = Array.from({ length: KEPT + 1 }, (_, n) => fileOf(n));
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

  async function rotate(): Promise<void> {
    const size = (await unless(stat(fileOf(0)), 'ENOENT'))?.size ?? 0;
    if (size < maxBytes) return;
    await rm(fileOf(KEPT), { force: true });
    for (let n = KEPT - 1; n >= 0; n--) await unless(rename(fileOf(n), fileOf(n + 1)), 'ENOENT');
  }

  async function drain(): Promise<void> {
    if (waiting.length === 0) return;
    const lines = waiting.join('');
    waiting = [];
    await rotate();
    try {
      await appendFile(fileOf(0), lines, { mode: 0o600 });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendFile(fileOf(0), lines, { mode: 0o600 });
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
      return texts.reverse().flatMap((text) => (text ?? '').split('\n').flatMap(parse));
    },
    forget: (session) =>
      then(async () => {
        await drain();
        for (const file of files) {
          const text = await unless(readFile(file, 'utf8'), 'ENOENT');
          if (text === undefined) continue;
          const kept = text.split('\n').filter((line) => line !== '' && parse(line)[0]?.session !== session);
          await writeFile(`${file}.new`, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 });
          await rename(`${file}.new`, file);
        }
      }),
  };
}

/** A line that a crash tore is passed over. */
function parse(line: string): readonly SystemRecord[] {
  if (line === '') return [];
  try {
    const parsed = zSystemRecord.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
