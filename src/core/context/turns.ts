import type { AgentEvent } from '../../protocol/events';
import { isSaid, type View } from './view';

/** One turn in the log: the messages and notices that it answers, the reply, and the results of its calls. Both ends included. */
export type TurnSpan = { readonly turn: number; readonly from: number; readonly to: number };

/** The turns that the model is sent, oldest first. A call and its result are always in the same one. */
export function turnsOf(events: readonly AgentEvent[], view: View): readonly TurnSpan[] {
  const turns: TurnSpan[] = [];
  let open = new Set<string>();
  let asked: number | null = null;
  const extend = (to: number) => {
    const last = turns.at(-1);
    if (last) turns[turns.length - 1] = { ...last, to };
  };
  for (const event of events) {
    if (!isSaid(view, event.seq)) continue;
    switch (event.type) {
      case 'user_message':
      case 'notice':
        if (open.size > 0) extend(event.seq);
        else asked ??= event.seq;
        break;
      case 'assistant_message':
        turns.push({ turn: event.turn ?? 0, from: asked ?? event.seq, to: event.seq });
        asked = null;
        open = new Set(event.blocks.flatMap((b) => (b.type === 'tool_use' ? [b.id] : [])));
        break;
      case 'tool_finished':
        open.delete(event.callId);
        extend(event.seq);
        break;
      case 'diagnostics':
      case 'context_changed':
        if (asked === null) extend(event.seq);
        break;
      default:
        break;
    }
  }
  return turns;
}
