import type { Ports } from '../ports';
import type { ExitNote } from '../ports/shell';

/** Where the command of a call notes how it ended. One file a session: commands that have effects run one at a time. */
export function exitNote(callId: string, session: string, { store, hash }: Pick<Ports, 'store' | 'hash'>): ExitNote {
  return { file: store.exitFile(session), key: hash(callId) };
}
