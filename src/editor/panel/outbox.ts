import type { AgentEvent, EventOf } from '../../protocol/events';

/** One frame: previews that arrive faster are put together, so that the page draws them at once. */
const FRAME_MS = 16;

/**
 * Collects events and hands them over a frame at a time, in order; neighbouring previews of one block become one. What
 * comes after a pause goes at once.
 */
export function createOutbox(deliver: (events: readonly AgentEvent[]) => void): {
  push(event: AgentEvent): void;
  flush(): void;
  dispose(): void;
} {
  let waiting: AgentEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let deliveredAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    deliveredAt = performance.now();
    deliver(batch);
  }

  return {
    push(event) {
      const last = waiting.at(-1);
      const joined = last && join(last, event);
      if (joined) waiting[waiting.length - 1] = joined;
      else waiting.push(event);
      timer ??= setTimeout(flush, Math.max(0, deliveredAt + FRAME_MS - performance.now()));
    },
    flush,
    dispose: () => clearTimeout(timer),
  };
}

function join(last: AgentEvent, event: AgentEvent): EventOf<'delta'> | null {
  if (last.type !== 'delta' || event.type !== 'delta' || last.of !== event.of || last.of_id !== event.of_id) return null;
  return { ...last, text: last.text + event.text };
}
