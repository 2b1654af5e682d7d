import type { AgentEvent } from '../../protocol/events';
import { createJournal } from '../journal';
import type { Ports } from '../ports';
import { copiesIn } from './checkpoints';
import { closePending } from './repair';

/**
 * Writes a new session whose log begins with a copy of what another one held before the event with the sequence number
 * `to`. The model gets the same bytes as there, so that its cache serves both. Open the new session to go on with it.
 */
export async function forkSession(
  ports: Pick<Ports, 'store' | 'clock'>,
  events: readonly AgentEvent[],
  to: number,
  id: string,
): Promise<void> {
  const past = events.filter((event) => event.seq < to).map((event) => copyOf(event, id));
  const log = await ports.store.create(id);
  await ports.store.share(id, copiesIn(past));
  for (const event of past) log.append(event, true);
  const journal = createJournal(id, log, ports.clock, past);
  const { open, queue, title } = journal.state();
  if (open) {
    closePending(journal);
    journal.emit({ type: 'state_changed', workflow: { at: 'ended', reason: 'cancelled' } });
    journal.emit({ type: 'run_ended', reason: 'cancelled', detail: 'This session was forked in the middle of a run.', retryable: false });
  }
  for (const { queueId } of queue) journal.emit({ type: 'message_unqueued', queueId });
  if (title) journal.emit({ type: 'session_titled', title: `${title} (fork)`, by: 'auto' });
  await log.close();
}

/** What the other session has spent is not spent again, and what it decided not decided again. */
function copyOf(event: AgentEvent, session: string): AgentEvent {
  const copy = { ...event, session, id: `${session}.${event.seq}` };
  if (copy.type === 'turn_started' || copy.type === 'permission_decided') return { ...copy, elsewhere: true };
  return copy.type === 'usage' ? { ...copy, elsewhere: true, cost: copy.cost === null ? null : 0 } : copy;
}
