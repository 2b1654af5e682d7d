import { open, stat } from 'node:fs/promises';
import type { SystemRecord } from '../protocol/system-log';
import { unless } from './errno';
import { recordsIn } from './log-lines';
import { logFiles } from './system-log';

/** What was added since the last look. `anew`: the files are others now, so these are all records that there are. */
export type LogNews = { readonly anew: boolean; readonly records: readonly SystemRecord[] };

/** Follows the system log, whoever writes it: each look reads what was added since the one before. */
export function createLogTail(folder: string): { look(): Promise<LogNews> } {
  const files = logFiles(folder);
  const [newest = ''] = files;
  let file = 0;
  let read = 0;

  async function textFrom(path: string, from: number): Promise<Buffer> {
    const handle = await unless(open(path, 'r'), 'ENOENT');
    if (!handle) return Buffer.alloc(0);
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - from));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  return {
    async look() {
      const now = await unless(stat(newest), 'ENOENT');
      const ino = now?.ino ?? 0;
      const same = ino === file && (now?.size ?? 0) >= read;
      if (same && now?.size === read) return { anew: false, records: [] };
      const older = same ? [] : await Promise.all([...files.slice(1)].reverse().map((path) => textFrom(path, 0)));
      const fresh = await textFrom(newest, same ? read : 0);
      // A line that is still being written is left for the next look.
      const whole = fresh.subarray(0, fresh.lastIndexOf(0x0a) + 1);
      const anew = !same;
      file = ino;
      read = (same ? read : 0) + whole.length;
      return { anew, records: await recordsIn([...older, whole].map((bytes) => bytes.toString('utf8')).join('')) };
    },
  };
}
