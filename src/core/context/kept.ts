import type { AgentEvent } from '../../protocol/events';
import type { ModelMessage } from '../ports';
import { conversationOf } from './history';
import { notice } from './notice';
import { messagesTokens } from './tokens';
import { isSaid, type View } from './view';

/** What stays word for word after a compaction: whichever bound is met first [C1]. */
export const KEPT_TOKENS = 10_000;
const KEPT_MESSAGES = 5;

/**
 * Sequence number of the first event that stays. Cuts lie before a message of the user or of the model, never between
 * a call and its result. What the model has not been sent yet stays whatever its size; of the rest what fits.
 */
export function keptFrom(events: readonly AgentEvent[], view: View, sent: boolean, tokens: number): number {
  let from = (events.at(-1)?.seq ?? 0) + 1;
  for (const cut of cuts(events, view).reverse()) {
    if (cut < view.keptFrom) break;
    const messages = conversationOf(events, { ...view, opening: [], keptFrom: cut }).messages();
    const fits = messages.length <= KEPT_MESSAGES && messagesTokens(messages) <= tokens;
    if (!fits && (sent || !isNewest(messages))) break;
    from = cut;
  }
  return from;
}

/** A view of the newest part alone, for when the whole does not fit: thinking goes, for it is bound to what is left out. */
export function trimmed(events: readonly AgentEvent[], view: View, tokens: number): View {
  const note = 'The conversation before this point is left out: it did not fit.';
  const opening: View['opening'] = [...view.opening, { type: 'text', text: notice(note) }];
  const at = (keptFrom: number): View => ({ ...view, opening, keptFrom, unbound: [{ from: 1, to: Number.POSITIVE_INFINITY }] });
  let from = (events.at(-1)?.seq ?? 0) + 1;
  for (const cut of cuts(events, view).reverse()) {
    if (cut < view.keptFrom || messagesTokens(conversationOf(events, at(cut)).messages()) > tokens) break;
    from = cut;
  }
  return at(from);
}

/** One message of the user, or the calls and the results that it answers. */
function isNewest(messages: readonly ModelMessage[]): boolean {
  const [first, second, ...more] = messages;
  if (more.length > 0 || messages.at(-1)?.role !== 'user') return false;
  return first?.role === 'user' || (second?.role === 'user' && second.content.some((b) => b.type === 'tool_result'));
}

/** Where the log can be cut: before each message, unless calls are open there. */
function cuts(events: readonly AgentEvent[], view: View): number[] {
  const out: number[] = [];
  let open = new Set<string>();
  for (const event of events) {
    if (!isSaid({ ...view, keptFrom: 1 }, event.seq)) continue;
    if (event.type === 'assistant_message') {
      out.push(event.seq);
      open = new Set(event.blocks.flatMap((b) => (b.type === 'tool_use' ? [b.id] : [])));
    } else if (event.type === 'tool_finished') open.delete(event.callId);
    else if ((event.type === 'user_message' || event.type === 'notice') && open.size === 0) out.push(event.seq);
  }
  return out;
}
