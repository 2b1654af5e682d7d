import { setImmediate as breath } from 'node:timers/promises';
import { type SystemRecord, zSystemRecord } from '../protocol/system-log';

/** Lines that are read in one go: the process stays answerable however long the log is. */
const AT_ONCE = 2_000;

/** The records in a text of lines. A line that a crash tore, or that is no record, is passed over. */
export async function recordsIn(text: string): Promise<SystemRecord[]> {
  const records: SystemRecord[] = [];
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const record = recordOf(line);
    if (record) records.push(record);
    if (i % AT_ONCE === AT_ONCE - 1) await breath();
  }
  return records;
}

export function recordOf(line: string): SystemRecord | undefined {
  if (line === '') return undefined;
  try {
    return zSystemRecord.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
