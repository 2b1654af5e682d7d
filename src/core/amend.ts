import type { NewEvent } from '../protocol/events';
import { createJournal } from './journal';
import type { Clock } from './ports';
import type { Store } from './ports/store';

export type Amendment = Extract<NewEvent, { type: 'session_titled' | 'change_reviewed' }>;

/**
 * Writes one event into the log of a session that is not open: nothing of it is taken up, repaired or asked again.
 * @throws StoreError also when another window holds it
 */
export async function amendSession(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  id: string,
  event: Amendment,
): Promise<void> {
  const { log, events } = await store.open(id);
  try {
    createJournal(id, log, clock, events).emit(event);
    await log.flush();
  } finally {
    await log.close();
  }
}
