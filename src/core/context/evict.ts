import type { Picks } from '../../protocol/context';
import type { AgentEvent, EventOf, NewEvent } from '../../protocol/events';
import type { Journal } from '../journal';
import type { ModelProfile } from '../ports';
import { partId } from './conversation';
import { conversationOf } from './history';
import { textLength } from './spill';
import { BYTES_PER_TOKEN, blockTokens, messagesTokens } from './tokens';
import { type TurnSpan, turnsOf } from './turns';
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
): Extract<NewEvent, { type: 'context_evicted' }> {
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

/** Turns that can go as a whole: not the newest, which the model may be at, and none that holds a pinned result. */
export function wholeTurns(events: readonly AgentEvent[], view: View): readonly TurnSpan[] {
  const pinned = pinnedIn(events);
  const held = events.flatMap((e) => (e.type === 'tool_finished' && pinned.has(e.callId) && !view.evicted.has(e.callId) ? [e.seq] : []));
  return turnsOf(events, view)
    .slice(0, -1)
    .filter(({ from, to }) => !held.some((seq) => seq >= from && seq <= to));
}

type Part = { readonly id: string; readonly seq: number; readonly tokens: number };

/** What came with a message of the user besides the words that they typed. */
function attachmentsIn(events: readonly AgentEvent[], view: View): readonly Part[] {
  return events.flatMap((event) =>
    event.type === 'user_message' && isSaid(view, event.seq)
      ? event.content.flatMap((part, i) => {
          const id = partId(event, i);
          return isAttachment(event, i) && !view.evicted.has(id) ? [{ id, seq: event.seq, tokens: blockTokens(part) }] : [];
        })
      : [],
  );
}

export function isAttachment({ content, text }: EventOf<'user_message'>, index: number): boolean {
  const part = content[index];
  return part !== undefined && !(part.type === 'text' && part.text === text);
}

/**
 * Takes on the user's word what they chose and gives how many parts that were: of turns that can not go as a whole,
 * the results and the attachments. Pinned results stay.
 */
export function evict(journal: Journal, picks: Picks, profile: ModelProfile): number {
  const events = journal.events();
  const view = journal.history.view();
  const wanted = turnsOf(events, view).filter(({ turn }) => picks.turns.includes(turn));
  const whole = wholeTurns(events, view).filter(({ turn }) => picks.turns.includes(turn));
  const spans = joined(whole, turnsOf(events, view));
  const inside = (list: readonly Omit<TurnSpan, 'turn'>[], seq: number) => list.some(({ from, to }) => seq >= from && seq <= to);
  const goes = (id: string, seq: number) => (picks.ids.includes(id) || inside(wanted, seq)) && !inside(spans, seq);
  const results = evictable(events, view).filter((e) => goes(e.callId, e.seq));
  const parts = attachmentsIn(events, view).filter((part) => goes(part.id, part.seq));
  const count = results.length + parts.length + whole.length;
  if (count === 0) return 0;
  const eviction = evictionOf(results, 'user', profile);
  const first = Math.min(...[results[0]?.seq, parts[0]?.seq, spans[0]?.from].filter((seq) => seq !== undefined));
  journal.emit({
    ...eviction,
    tokens: eviction.tokens + parts.reduce((sum, { tokens }) => sum + tokens, 0) + tokensIn(events, view, spans),
    dropThinkingFrom: profile.thinking === 'adaptive' ? first : undefined,
    ...(parts.length > 0 ? { parts: parts.map(({ id }) => id) } : {}),
    ...(spans.length > 0 ? { spans: [...spans] } : {}),
  });
  return count;
}

type Gap = { readonly from: number; readonly to: number; readonly turns: number };

/** Turns that stand next to each other go together, with one line in their place. */
function joined(whole: readonly TurnSpan[], all: readonly TurnSpan[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let previous = -2;
  for (const { turn, from, to } of whole) {
    const place = all.findIndex((other) => other.turn === turn);
    const last = gaps.at(-1);
    if (last && place === previous + 1) gaps[gaps.length - 1] = { from: last.from, to, turns: last.turns + 1 };
    else gaps.push({ from, to, turns: 1 });
    previous = place;
  }
  return gaps;
}

function tokensIn(events: readonly AgentEvent[], view: View, gaps: readonly Gap[]): number {
  const at = (gap: Gap) => events.filter((e) => e.seq >= gap.from && e.seq <= gap.to);
  return gaps.reduce((sum, gap) => sum + messagesTokens(conversationOf(at(gap), { ...view, opening: [] }).messages()), 0);
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
  const undone = undoneEviction(journal.events(), journal.history.view());
  if (undone) journal.emit(undone);
  return undone !== null;
}

/** The event that puts the newest eviction back. */
export function undoneEviction(events: readonly AgentEvent[], view: View): Extract<NewEvent, { type: 'eviction_undone' }> | null {
  const seq = [...view.evictions.keys()].at(-1);
  const eviction = events.find((e) => e.seq === seq);
  if (eviction?.type !== 'context_evicted') return null;
  const answered = events.some((e) => e.type === 'assistant_message' && e.seq > eviction.seq);
  return { type: 'eviction_undone', eviction: eviction.seq, dropThinkingFrom: answered ? eviction.dropThinkingFrom : undefined };
}
