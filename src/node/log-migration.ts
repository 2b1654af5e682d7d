import { copyFile, link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LOG_VERSION } from '../protocol/log';
import { errnoOf, unless } from './errno';
import { sealed, sealOf } from './line-sum';
import { headerOf, parseHeader } from './session-file';

/**
 * Brings the log of an older Plumb to this one's version, under its lock. The old log stays beside it, byte for byte,
 * as `events.v<n>.jsonl`; until the new one is whole and on disk, nothing has happened. Tells whether it was one.
 */
export async function migrateLog(path: string): Promise<boolean> {
  const old = await readFile(path);
  const header = parseHeader(old.subarray(0, old.indexOf('\n')).toString('utf8'));
  if (!header || header.version >= LOG_VERSION) return false;
  const draft = `${path}.draft`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(linesOf(old, headerOf(header.session, header.createdAt)));
      await file.sync();
    } finally {
      await file.close();
    }
    await keepAside(path, join(dirname(path), `events.v${header.version}.jsonl`));
    await rename(draft, path);
    return true;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** From version 1: every line that can be read gets its sum. Others, and a torn end, stay as they are. */
function linesOf(old: Buffer, header: string): Buffer {
  const text = old.toString('latin1').split('\n').slice(1);
  const lines = text.map((latin1) => {
    const bytes = Buffer.from(latin1, 'latin1');
    const line = bytes.toString('utf8');
    return isObject(line) && sealOf(line) === 'missing' ? Buffer.from(sealed(line)) : bytes;
  });
  return Buffer.concat([Buffer.from(header), ...lines.flatMap((line, i) => (i === 0 ? [line] : [NEWLINE, line]))]);
}

const NEWLINE = Buffer.from('\n');

function isObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** One that is there already is of an attempt that was cut off: the log has not been written to since. */
async function keepAside(path: string, backup: string): Promise<void> {
  try {
    await unless(link(path, backup), 'EEXIST');
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN'].includes(errnoOf(error) ?? '')) throw error;
    await copyFile(path, backup);
  }
}
