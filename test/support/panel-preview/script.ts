import type { AgentEvent, EventOf, EventType } from '../../../src/protocol/events';
import type { HostMessage, Snapshot } from '../../../src/protocol/messages';

type Fields<T extends EventType> = Omit<EventOf<T>, 'type' | 'id' | 'at' | 'session' | 'agent' | 'seq'>;

export const SESSION = 's1';
export const ROOT = '/home/ada/till';
/** Fixed, so that what is rendered from a script is the same each time. */
const STARTED_AT = Date.UTC(2026, 10, 20, 9, 30);

/** Writes events as a session would: one id, second and sequence number after the other; previews have number 0. */
export function createScript(first = 1) {
  const events: AgentEvent[] = [];
  let seq = first - 1;
  let id = 0;
  return {
    events,
    add<T extends EventType>(type: T, fields: Fields<T>): EventOf<T> {
      if (type !== 'delta') seq += 1;
      id += 1;
      const stamp = { id: `e${first}-${id}`, at: STARTED_AT + id * 1000, session: SESSION, agent: 'main', seq: type === 'delta' ? 0 : seq };
      // The fields are those of this very type; the compiler cannot put the two halves together.
      const event = { ...stamp, type, ...fields } as unknown as EventOf<T>;
      events.push(event as AgentEvent);
      return event;
    },
  };
}

export type Script = ReturnType<typeof createScript>;

export function snapshot(fields: Partial<Snapshot> = {}): HostMessage {
  return {
    type: 'snapshot',
    snapshot: {
      session: SESSION,
      begun: false,
      previews: [],
      title: '',
      events: [],
      from: 1,
      mode: 'ask',
      model: 'claude-opus-5',
      models: [
        { id: 'claude-opus-5', name: 'Claude Opus 5', contextWindow: 1_000_000, price: '$5 in, $25 out' },
        { id: 'claude-sonnet-5', name: 'Claude Sonnet 5', contextWindow: 1_000_000, price: '$2 in, $10 out' },
        { id: 'claude-haiku-4-5', name: 'Claude Haiku 4.5', contextWindow: 200_000, price: '$1 in, $5 out' },
      ],
      connection: { kind: 'service', host: 'api.anthropic.com' },
      pending: [],
      draft: { text: '', attachments: [] },
      history: [],
      workspace: { name: 'till', roots: [ROOT], trusted: true },
      heldBy: null,
      damage: [],
      strings: {},
      contextWindow: 200_000,
      ...fields,
    },
  };
}

export function eventsMessage(events: readonly AgentEvent[]): HostMessage {
  return { type: 'events', session: SESSION, events };
}

type CallFields = {
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  readonly detail: string;
  readonly class?: EventOf<'tool_started'>['class'];
  readonly finished: Partial<Fields<'tool_finished'>>;
};

/** A call that starts and ends. */
export function addCall(script: Script, { callId, tool, title, detail, class: effect = 'read_only', finished }: CallFields): void {
  script.add('tool_started', { callId, tool, title, detail, class: effect });
  script.add('tool_finished', { callId, tool, outcome: 'ok', output: [], summary: '', ms: 40, ...finished });
}

export function addUsage(script: Script, fields: Partial<Fields<'usage'>> = {}): void {
  const figures = { input: 300, output: 420, cacheRead: 11_200, cacheWrite: 900, cost: 0.0134 };
  script.add('usage', { of: 'turn', model: 'claude-opus-5', ...figures, ...fields });
}
