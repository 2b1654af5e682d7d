import type { AgentEvent, NewEvent } from '../protocol/events';
import { move } from '../protocol/workflow';
import { createHistory, type History } from './context/history';
import { EMPTY_STATE, foldEvent, type SessionState } from './fold';
import { redactDeep } from './observe/redact';
import { createStreamRedactor, type StreamRedactor } from './observe/redact-stream';
import type { Clock } from './ports';
import type { SessionLog } from './ports/store';

export type Listener = (event: AgentEvent) => void;

/** The one place where an event of a session comes to be: stamped, folded, put on its way to disk, then heard. */
export type Journal = {
  readonly history: History;
  emit(event: NewEvent): void;
  events(): readonly AgentEvent[];
  state(): SessionState;
  subscribe(listener: Listener): () => void;
  /** From now on nothing is recorded or heard: what winds up after this did not happen for the session. */
  seal(): void;
};

/** `past` are the events that the log holds already. */
export function createJournal(session: string, log: SessionLog, clock: Clock, past: readonly AgentEvent[]): Journal {
  const events: AgentEvent[] = [];
  const listeners = new Set<Listener>();
  const history = createHistory();
  let state = EMPTY_STATE;
  let previews = 0;
  let seq = 0;
  let sealed = false;
  /** One for each text that is being written. */
  const streams = new Map<string, StreamRedactor>();

  function take(event: AgentEvent): void {
    events.push(event);
    state = foldEvent(state, event);
    history.push(event);
    seq = event.seq;
  }
  for (const event of past) take(event);

  /** What of a preview can be shown now; null when all of it has to wait. */
  function preview(fresh: NewEvent & { type: 'delta' }): NewEvent | null {
    const stream = streams.get(fresh.of_id) ?? createStreamRedactor(fresh.of === 'tool_output');
    streams.set(fresh.of_id, stream);
    const text = stream.push(fresh.text);
    return text === '' && fresh.text !== '' ? null : { ...fresh, text };
  }

  function clean(fresh: NewEvent): NewEvent | null {
    if (fresh.type === 'delta') return preview(fresh);
    // The whole has come: what was held back of its previews is in it.
    if (fresh.type === 'assistant_message' || fresh.type === 'run_ended') streams.clear();
    if (fresh.type === 'tool_finished') streams.delete(fresh.callId);
    return redactDeep(fresh);
  }

  return {
    history,
    emit(fresh) {
      if (sealed) return;
      if (fresh.type === 'state_changed') move(state.workflow, fresh.workflow);
      const said = clean(fresh);
      if (!said) return;
      const isPreview = said.type === 'delta';
      const stamp = {
        id: isPreview ? `${session}.p${++previews}` : `${session}.${seq + 1}`,
        at: clock.now(),
        session,
        agent: 'main',
        seq: isPreview ? 0 : seq + 1,
      };
      const event: AgentEvent = { turn: state.turn, ...said, ...stamp };
      if (!isPreview) {
        take(event);
        log.append(event);
      }
      for (const listener of listeners) listener(event);
    },
    events: () => events,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seal() {
      sealed = true;
    },
  };
}
