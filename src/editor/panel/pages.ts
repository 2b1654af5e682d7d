import type { AgentEvent } from '../../protocol/events';

/** Events of a long session that the first snapshot carries. */
const PAGE = 400;
/** The most that comes at once: a message, and a fold, of that many still leave the page answerable. */
const MOST = 3_200;

/**
 * The newest page of events with a sequence number below `before`, begun at a user's message where one is near. Each
 * page is as long as all that came before it: the panel folds anew what it has whenever an older page joins it, and so
 * folds no more than some three times as many events as there are, however long the session.
 */
export function pageBefore(
  events: readonly AgentEvent[],
  before: number,
): { readonly events: readonly AgentEvent[]; readonly from: number } {
  const end = indexOf(events, before);
  const size = Math.min(MOST, Math.max(PAGE, events.length - end));
  const start = Math.max(0, end - size);
  let from = start;
  for (let at = start; at > 0 && at >= start - PAGE; at--) {
    if (events[at]?.type !== 'user_message') continue;
    from = at;
    break;
  }
  return { events: events.slice(from, end), from: from === 0 ? 1 : (events[from]?.seq ?? 1) };
}

/** Where the first event with at least that sequence number stands. */
function indexOf(events: readonly AgentEvent[], seq: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
