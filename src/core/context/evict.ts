import type { AgentEvent, EventOf, NewEvent } from '../../protocol/events';
import type { Journal } from '../journal';
import type { ModelProfile } from '../ports';
import { textLength } from './spill';
import { BYTES_PER_TOKEN } from './tokens';
import { isSaid, type View } from './view';

/** Results that the user wants kept: neither cleared nor evicted, and put back after a compaction [C4]. */
export function pinnedIn(events: readonly AgentEvent[]): ReadonlySet<string> {
  const pinned = new Set<string>();
  for (const event of events) {
    if (event.type !== 'context_changed' || !event.callId) continue;
    if (event.kind === 'pinned') pinned.add(event.callId);
    if (event.kind === 'unpinned') pinned.delete(event.callId);
  }
  return pinned;
}

/** The event that takes these results out of the context; the rest follows from it by the fold. */
export function evictionOf(
  results: readonly EventOf<'tool_finished'>[],
  by: EventOf<'context_evicted'>['by'],
  profile: ModelProfile,
): NewEvent {
  return {
    type: 'context_evicted',
    by,
    callIds: results.map((e) => e.callId),
    tokens: Math.round(results.reduce((sum, e) => sum + textLength(e.output), 0) / BYTES_PER_TOKEN),
    dropThinkingFrom: profile.thinking === 'adaptive' ? results[0]?.seq : undefined,
  };
}

/** Results that are sent and may be taken out: in the view, not out already, not pinned. */
export function evictable(events: readonly AgentEvent[], view: View): readonly EventOf<'tool_finished'>[] {
  const pinned = pinnedIn(events);
  return events.filter(
    (e): e is EventOf<'tool_finished'> =>
      e.type === 'tool_finished' && isSaid(view, e.seq) && !view.evicted.has(e.callId) && !pinned.has(e.callId),
  );
}

/** Takes these results out on the user's word. Gives how many of them were there to take. */
export function evict(journal: Journal, callIds: readonly string[], profile: ModelProfile): number {
  const results = evictable(journal.events(), journal.history.view()).filter((e) => callIds.includes(e.callId));
  if (results.length > 0) journal.emit(evictionOf(results, 'user', profile));
  return results.length;
}

/** Pins a result that is sent, or lets it go again. False when there is no such result. */
export function pin(journal: Journal, callId: string, on: boolean): boolean {
  const events = journal.events();
  const pinned = pinnedIn(events).has(callId);
  const result = events.findLast((e) => e.type === 'tool_finished' && e.callId === callId);
  if (result?.type !== 'tool_finished' || pinned === on || journal.history.view().evicted.has(callId)) return false;
  journal.emit({ type: 'context_changed', kind: on ? 'pinned' : 'unpinned', callId, detail: result.summary });
  return true;
}

/** Puts the newest eviction back. False when there is none. */
export function undoEviction(journal: Journal): boolean {
  const seq = [...journal.history.view().evictions.keys()].at(-1);
  const eviction = journal.events().find((e) => e.seq === seq);
  if (eviction?.type !== 'context_evicted') return false;
  const answered = journal.events().some((e) => e.type === 'assistant_message' && e.seq > eviction.seq);
  journal.emit({ type: 'eviction_undone', eviction: eviction.seq, dropThinkingFrom: answered ? eviction.dropThinkingFrom : undefined });
  return true;
}
