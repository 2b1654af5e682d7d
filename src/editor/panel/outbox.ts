import type { AgentEvent, EventOf } from '../../protocol/events';

/** A frame and a half: what arrives faster is put together, so that it is drawn at once and the window has time left. */
const PACE_MS = 25;
/** Deliveries under way at most: while one is taken up in the window the next is already coming. */
const MOST_UNDER_WAY = 2;
/** A delivery of which nothing is heard for so long holds nothing up any more: its page may have been closed over it. */
const PATIENCE_MS = 2_000;

/**
 * Collects events for one page and hands them over in order, at a pace that the page can keep: what comes after a pause
 * goes at once, and nothing goes while earlier deliveries are still under way. A slow window so gets few messages that
 * hold much, and never a queue of old ones; neighbouring previews of one block become one.
 */
export function createOutbox(deliver: (events: readonly AgentEvent[]) => PromiseLike<unknown>): {
  push(event: AgentEvent): void;
  /** Hands over what waits, whatever is under way: something else is about to be posted that must come after it. */
  flush(): void;
  dispose(): void;
} {
  let waiting: AgentEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let deliveredAt = Number.NEGATIVE_INFINITY;
  /** Deliveries that have neither arrived nor failed. */
  let underWay = 0;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    deliveredAt = performance.now();
    underWay++;
    let counts = true;
    const over = () => {
      clearTimeout(patience);
      if (!counts) return;
      counts = false;
      underWay--;
      schedule();
    };
    const patience = setTimeout(over, PATIENCE_MS);
    deliver(batch).then(over, over);
  }

  function schedule(): void {
    if (waiting.length > 0 && underWay < MOST_UNDER_WAY)
      timer ??= setTimeout(flush, Math.max(0, deliveredAt + PACE_MS - performance.now()));
  }

  return {
    push(event) {
      const last = waiting.at(-1);
      const joined = last && join(last, event);
      if (joined) waiting[waiting.length - 1] = joined;
      else waiting.push(event);
      schedule();
    },
    flush,
    dispose() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}

function join(last: AgentEvent, event: AgentEvent): EventOf<'delta'> | null {
  if (last.type !== 'delta' || event.type !== 'delta' || last.of !== event.of || last.of_id !== event.of_id) return null;
  return { ...last, text: last.text + event.text };
}
