import type { AgentEvent, NewEvent } from '../protocol/events';
import { move } from '../protocol/workflow';
import { createHistory, type History } from './context/history';
import { EMPTY_STATE, foldEvent, type SessionState } from './fold';
import { redactDeep } from './observe/redact';
import type { Clock, SessionLog } from './ports';

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

  function take(event: AgentEvent): void {
    events.push(event);
    state = foldEvent(state, event);
    history.push(event);
    seq = event.seq;
  }
  for (const event of past) take(event);

  return {
    history,
    emit(fresh) {
      if (sealed) return;
      if (fresh.type === 'state_changed') move(state.workflow, fresh.workflow);
      const preview = fresh.type === 'delta';
      const stamp = {
        id: preview ? `${session}.p${++previews}` : `${session}.${seq + 1}`,
        at: clock.now(),
        session,
        agent: 'main',
        seq: preview ? 0 : seq + 1,
      };
      const event: AgentEvent = { turn: state.turn, ...redactDeep(fresh), ...stamp };
      if (!preview) {
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
