import { z } from 'zod';
import { callEvents } from './call-events';
import { contextEvents } from './context-events';
import { conversationEvents } from './conversation-events';
import { runEvents } from './run-events';
import { sessionEvents } from './session-events';

/**
 * The one vocabulary. The loop emits it, the log stores it, the panel renders it, pure reducers fold it.
 * Names are past tense or nouns. Every event has an id, a time, its session and its agent; `seq` counts the
 * logged events of a session from 1 without gaps, and is 0 for previews, which are shown and never logged.
 */

export const EVENT_VERSION = 1;

export const zAgentEvent = z.discriminatedUnion('type', [
  ...sessionEvents,
  ...conversationEvents,
  ...callEvents,
  ...contextEvents,
  ...runEvents,
]);
export type AgentEvent = z.infer<typeof zAgentEvent>;
export type EventType = AgentEvent['type'];
export type EventOf<T extends EventType> = Extract<AgentEvent, { type: T }>;

type Stamp = 'id' | 'at' | 'session' | 'agent' | 'seq';
type Unstamped<E> = E extends AgentEvent ? Omit<E, Stamp> : never;
/** An event as its emitter writes it: the session stamps id, time, session, agent and sequence number. */
export type NewEvent = Unstamped<AgentEvent>;
/** How an emitter hands an event over. Logged events are on their way to disk when this returns. */
export type Emit = (event: NewEvent) => void;
