import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../node/clock';
import { createVerifier } from '../node/identity/verifier';
import { createStore } from '../node/store';
import { Failure } from './failure';
import { readSettings } from './settings';

/** The records of sessions' work and the DIDs of who does it, one JSON object a line, without a look at any conversation. @throws Failure when none is meant */
export async function printStatus(wanted: string, storage: string | undefined, out: (text: string) => void): Promise<void> {
  const { settings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const folder = resolve(storage || settings.storagePath || join(homedir(), '.plumb'));
  const records = await createStore({ folder, clock: systemClock }).workflows();
  const found = wanted === 'all' ? records : records.filter(({ session }) => session.startsWith(wanted));
  if (found.length === 0 && wanted !== 'all')
    throw new Failure(2, `There is no record of a session ${wanted}.`, 'plumb --status all shows those that there are.');
  const { agentOf } = createVerifier(folder);
  for (const record of found) out(`${JSON.stringify({ ...record, ...(await agentOf(record.session)) })}\n`);
}
