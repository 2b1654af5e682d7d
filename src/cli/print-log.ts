import { homedir } from 'node:os';
import { join } from 'node:path';
import { logFilter } from '../core/observe/log-filter';
import { createSystemLog } from '../node/system-log';
import type { SystemRecord } from '../protocol/system-log';
import type { LogArgs } from './args';
import { readSettings } from './settings';
import { storageIn } from './storage';

/** Prints the records that match, oldest first. Gives the exit code. @throws Failure when the settings can not be read */
export async function printLog({ filter, json, storage }: LogArgs, out: (text: string) => void): Promise<number> {
  const folder = storage ?? (await readSettings(join(homedir(), '.plumb', 'settings.json'))).settings.storagePath;
  let problem: unknown;
  const log = createSystemLog(storageIn(folder), (error) => {
    problem = error;
  });
  const records = await log.read();
  if (problem !== undefined) throw problem;
  for (const record of records.filter(logFilter(filter))) out(`${json ? JSON.stringify(record) : line(record)}\n`);
  return 0;
}

function line({ at, level, session, turn, call, kind, text }: SystemRecord): string {
  const ids = [session.slice(0, 8), turn, call].filter((id) => id !== undefined && id !== '').join(' ');
  return `${new Date(at).toISOString()} ${level.padEnd(5)} ${kind.padEnd(11)} [${ids}] ${text}`;
}
