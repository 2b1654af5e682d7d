import type { AgentEvent, EventType } from '../../protocol/events';
import type { ModelMessage } from '../ports';
import { createConversation } from './conversation';
import { foldView, hiding, isSaid, type View, WHOLE } from './view';

/**
 * The conversation as the model gets it: an incremental fold over the log. It only grows, so that each request begins
 * with the one before it; where the view of the log changes (a compaction, an eviction) it is folded anew.
 */
export type History = {
  push(event: AgentEvent): void;
  messages(): readonly ModelMessage[];
  /** Where the last request that was answered ended: what the service has in its cache, known from the log alone. */
  lastRequestEnd(): RequestEnd | null;
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

const SAID: ReadonlySet<EventType> = new Set<EventType>([
  'user_message',
  'notice',
  'assistant_message',
  'tool_finished',
  'context_changed',
  'diagnostics',
]);

export function createHistory(): History {
  const said: AgentEvent[] = [];
  /** Each view with the event that brought it. */
  const views: { readonly seq: number; readonly view: View }[] = [];
  let view = WHOLE;
  let conversation = createConversation(view);
  let asked: RequestEnd | null = null;
  let answered: RequestEnd | null = null;

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
        conversation = conversationOf(said, view);
        asked = null;
        answered = null;
        return;
      }
      if (event.type === 'turn_started') asked = endOf(conversation.messages());
      if (event.type === 'assistant_message') answered = asked;
      if (!SAID.has(event.type)) return;
      said.push(event);
      conversation.push(event);
    },
    messages: () => conversation.messages(),
    lastRequestEnd: () => answered,
    isSent: () => asked !== null && asked.message >= conversation.messages().length - 1,
    view: () => view,
  };
}

/** The messages that a view of these events gives. */
export function conversationOf(events: readonly AgentEvent[], view: View) {
  const conversation = createConversation(view);
  for (const event of events) if (isSaid(view, event.seq)) conversation.push(event);
  return conversation;
}
