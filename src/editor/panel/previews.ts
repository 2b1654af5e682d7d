import type { AgentEvent, EventOf } from '../../protocol/events';

type Delta = EventOf<'delta'>;

/** A card shows the end of a long output. */
const MAX_OUTPUT = 100_000;

/**
 * What is being streamed and not in any log yet, session by session, so that a page that opens in the middle of a
 * reply shows it from its beginning.
 */
export function createPreviews(): {
  note(event: AgentEvent): void;
  /** One event for each block and each running call. */
  of(session: string): readonly Delta[];
} {
  const live = new Map<string, Map<string, Delta>>();

  function keep(session: string, wanted: (delta: Delta) => boolean): void {
    const left = [...(live.get(session) ?? [])].filter(([, delta]) => wanted(delta));
    if (left.length > 0) live.set(session, new Map(left));
    else live.delete(session);
  }

  return {
    note(event) {
      switch (event.type) {
        case 'delta': {
          const key = `${event.of} ${event.of_id}`;
          const known = live.get(event.session) ?? new Map<string, Delta>();
          const text = (known.get(key)?.text ?? '') + event.text;
          const shown = event.of === 'tool_output' ? text.slice(-MAX_OUTPUT) : text;
          live.set(event.session, known.set(key, { ...event, tool: event.tool || known.get(key)?.tool, text: shown }));
          return;
        }
        case 'tool_finished':
          return keep(event.session, (delta) => delta.of !== 'tool_output' || delta.of_id !== event.callId);
        case 'assistant_message':
        case 'turn_started':
          return keep(event.session, (delta) => delta.of === 'tool_output');
        case 'state_changed':
          // A retry streams the same message from its beginning.
          return event.workflow.at === 'retrying' ? keep(event.session, (delta) => delta.of === 'tool_output') : undefined;
        case 'run_ended':
          live.delete(event.session);
          return;
        default:
          return;
      }
    },
    of: (session) => [...(live.get(session)?.values() ?? [])],
  };
}
