import { homedir } from 'node:os';
import { join } from 'node:path';
import { lengthReport, lengthTable } from '../core/observe/reply-length';
import { systemClock } from '../node/clock';
import { createStore } from '../node/store';
import type { AgentEvent } from '../protocol/events';
import type { MetricsArgs } from './args';
import { readSettings } from './settings';
import { storageIn } from './storage';

/** What the logs of all sessions tell of the replies, as a table or as one JSON object. A log that cannot be read is named. */
export async function metrics(args: MetricsArgs, warn: (text: string) => void): Promise<string> {
  const { settings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const folder = storageIn(args.storage ?? settings.storagePath);
  const store = createStore({ folder, clock: systemClock });
  const sessions: (readonly AgentEvent[])[] = [];
  for (const { id, state } of await store.list()) {
    if (state === 'damaged') warn(`session ${id} can not be read and is left out`);
    else sessions.push((await store.read(id)).events);
  }
  const replies = lengthReport(sessions);
  return args.format === 'text' ? lengthTable(replies) : `${JSON.stringify({ replies })}\n`;
}
