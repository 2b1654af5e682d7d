import type { AgentEvent, EventType } from '../../protocol/events';
import type { ModelMessage } from '../ports';
import { createConversation } from './conversation';
import { endsIn, type Sent, type SentEnd } from './in-cache';
import { foldView, goneAt, hiding, isThere, type View, WHOLE } from './view';

/**
 * The conversation as the model gets it: an incremental fold over the log. It only grows, so that each request begins
 * with the one before it; where the view of the log changes (a compaction, an eviction) it is folded anew.
 */
export type History = {
  push(event: AgentEvent): void;
  messages(): readonly ModelMessage[];
  /** Where the last request ended that was answered and that the next one begins with: known from the log alone. */
  lastRequestEnd(): RequestEnd | null;
  /** All such ends, oldest first: where the service may have the conversation in its cache. */
  sentEnds(): readonly SentEnd[];
  /** Whether the newest message has been part of a request already, answered or not. */
  isSent(): boolean;
  view(): View;
};

/** The last block of a request that can carry a cache mark (thinking can not). */
export type RequestEnd = { readonly message: number; readonly block: number };

export function endOf(messages: readonly ModelMessage[]): RequestEnd | null {
  const last = messages.at(-1);
  if (!last) return null;
  const block = last.role === 'user' ? last.content.length - 1 : last.content.findLastIndex((b) => !b.type.endsWith('thinking'));
  return { message: messages.length - 1, block };
}

/** Views before this one whose cache is worth a thought. */
const VIEWS = 4;

const SAID: ReadonlySet<EventType> = new Set<EventType>([
  'user_message',
  'notice',
  'assistant_message',
  'tool_finished',
  'context_changed',
  'diagnostics',
]);

/** The history of events that are all there already. */
export function historyOf(events: readonly AgentEvent[]): History {
  const history = createHistory();
  for (const event of events) history.push(event);
  return history;
}

export function createHistory(): History {
  const said: AgentEvent[] = [];
  /** Each view with the event that brought it. */
  const views: { readonly seq: number; readonly view: View }[] = [];
  let view = WHOLE;
  let conversation = createConversation(view);
  let asked: SentEnd | null = null;
  let ends: SentEnd[] = [];
  /** What was sent under the views before this one: the cache outlives a view, and a view may come back. */
  let earlier: readonly Sent[] = [];

  const viewBefore = (seq: number) => views.findLast((v) => v.seq < seq)?.view ?? WHOLE;

  function viewAfter(event: AgentEvent): View {
    if (event.type === 'rewound' && event.what !== 'files') return hiding(viewBefore(event.to), view, event.to, event.seq);
    // Nothing was said since the rewind: what counted before it counts again.
    if (event.type === 'rewind_undone' && event.what !== 'files') return viewBefore(event.rewind);
    return foldView(view, event);
  }

  return {
    push(event) {
      const next = viewAfter(event);
      if (next !== view) {
        view = next;
        views.push({ seq: event.seq, view });
        const sent = [{ messages: conversation.messages(), ends }, ...earlier];
        earlier = sent.filter((one) => one.ends.length > 0).slice(0, VIEWS);
        conversation = conversationOf(said, view);
        ends = [...endsIn(conversation.messages(), sent)];
        asked = null;
        return;
      }
      if (event.type === 'turn_started') {
        const end = endOf(conversation.messages());
        asked = end && { ...end, at: event.at, held: false };
      }
      if (event.type === 'usage' && event.of === 'turn' && asked) asked = { ...asked, held: event.cacheRead + event.cacheWrite > 0 };
      if (event.type === 'assistant_message' && asked) {
        const last = ends.at(-1);
        // The request asked for that end too, which keeps it in the cache for as long as its own.
        if (last) ends[ends.length - 1] = { ...last, at: asked.at };
        ends.push(asked);
      }
      if (!SAID.has(event.type)) return;
      said.push(event);
      conversation.push(event);
    },
    messages: () => conversation.messages(),
    lastRequestEnd: () => ends.at(-1) ?? null,
    sentEnds: () => ends,
    isSent: () => asked !== null && asked.message >= conversation.messages().length - 1,
    view: () => view,
  };
}

/** The messages that a view of these events gives. */
export function conversationOf(events: readonly AgentEvent[], view: View) {
  const conversation = createConversation(view);
  let gap: ReturnType<typeof goneAt>;
  for (const event of events) {
    if (!isThere(view, event.seq)) continue;
    const gone = goneAt(view, event.seq);
    if (!gone) conversation.push(event);
    else if (gone !== gap) conversation.mark(GONE);
    gap = gone;
  }
  return conversation;
}

const GONE = 'The user took this part of the conversation out of the context.';
