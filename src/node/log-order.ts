import type { AgentEvent } from '../protocol/events';

/**
 * A log is numbered from 1 without a gap. Where that was changed by hand, its events are put back in their order, of
 * two with the same number the first counts, and each of these, like what is missing, is told in a sentence. `leftOut`
 * lines have been told of already: they are what is missing, as far as they go.
 */
export function inOrder(
  read: readonly AgentEvent[],
  leftOut: number,
): { readonly events: readonly AgentEvent[]; readonly damage: readonly string[] } {
  if (read.every((event, i) => event.seq === i + 1)) return { events: read, damage: [] };
  const damage: string[] = [];
  const sorted = read.toSorted((a, b) => a.seq - b.seq);
  if (sorted.some((event, i) => event !== read[i])) damage.push('its lines are out of order; they were put back in it');
  const events: AgentEvent[] = [];
  const gone = (sorted.at(-1)?.seq ?? 0) - new Set(sorted.map(({ seq }) => seq)).size;
  let last = 0;
  for (const event of sorted) {
    if (event.seq === last) {
      damage.push(`event ${event.seq} is there twice; the first one counts`);
      continue;
    }
    if (event.seq > last + 1 && gone > leftOut) damage.push(`${missing(last + 1, event.seq - 1)} missing; it goes on without`);
    events.push(event);
    last = event.seq;
  }
  return { events, damage };
}

function missing(from: number, to: number): string {
  return from === to ? `event ${from} is` : `events ${from} to ${to} are`;
}
