import type { AgentEvent } from '../src/protocol/events';
import type { HostMessage, Snapshot } from '../src/protocol/messages';
import { foldLive, NO_LIVE } from './live';
import { AT_REST, foldStatus } from './status';
import { EMPTY, foldTranscript } from './transcript';
import type { Status, ViewState } from './view-state';

/** Logged events that the page keeps of a session that goes on and on; what is older comes back when it is asked for. */
const ROOM = 2_000;
/** Events over that before the oldest go: what stays is folded anew then, so that each event is folded a few times at most. */
const SPARE = 500;

/** Before the first snapshot. */
export const BLANK: ViewState = {
  loaded: false,
  session: null,
  begun: false,
  title: '',
  mode: 'ask',
  model: '',
  models: [],
  connection: { kind: 'none', why: '' },
  pending: [],
  draft: { text: '', attachments: [] },
  history: [],
  workspace: { name: '', roots: [], trusted: true },
  heldBy: null,
  damage: [],
  contextWindow: 0,
  strings: {},
  logged: [],
  from: 1,
  room: ROOM,
  runBefore: null,
  seq: 0,
  stale: false,
  transcript: EMPTY,
  status: AT_REST,
  live: NO_LIVE,
  sessions: null,
  context: null,
  completions: null,
  otherDraft: null,
  insert: null,
  focus: null,
  troubles: [],
  snapshots: 0,
};

/**
 * The whole page is this fold of what the host says; it holds no truth of its own. Events that came twice are
 * ignored by sequence number; a gap marks the state stale, and the bridge asks for a new snapshot.
 */
export function fold(state: ViewState, message: HostMessage): ViewState {
  switch (message.type) {
    case 'snapshot':
      return fromSnapshot(state, message.snapshot);
    case 'events':
      return message.session === state.session && !state.stale ? foldEvents(state, message.events) : state;
    case 'older':
      return message.session === state.session ? prepend(state, message.events, message.from) : state;
    case 'pending':
      return { ...state, pending: message.files };
    case 'connection':
      return { ...state, connection: message.connection, models: message.models, model: message.model };
    case 'sessions':
      return { ...state, sessions: { query: message.query, rows: message.rows } };
    case 'context':
      return message.session === state.session ? { ...state, context: message.report } : state;
    case 'completions':
      // Symbols of an earlier query may come late.
      if (state.completions && message.id < state.completions.id) return state;
      return { ...state, completions: { id: message.id, items: message.items } };
    case 'draft': {
      if (message.session !== state.session) return state;
      const { text, attachments } = message;
      return { ...state, otherDraft: { text, attachments } };
    }
    case 'insert': {
      const { text, attachments, focus } = message;
      return { ...state, insert: { n: (state.insert?.n ?? 0) + 1, text, attachments, focus } };
    }
    case 'focus':
      return { ...state, focus: { n: (state.focus?.n ?? 0) + 1, target: message.target } };
    case 'problem': {
      const { text, next, actions = [] } = message;
      const said = { n: state.status.said.n + 1, text };
      // What comes again takes the place of what it said before; it is said again all the same.
      const others = state.troubles.filter((trouble) => trouble.text !== text || trouble.next !== next);
      return {
        ...state,
        status: { ...state.status, said },
        troubles: [...others, { key: `trouble-${said.n}`, text, next, actions }],
      };
    }
    default:
      return unknownMessage(message, state);
  }
}

function fromSnapshot(state: ViewState, snapshot: Snapshot): ViewState {
  const { events, previews, before, ...fields } = snapshot;
  const carried: Status = before ? { ...AT_REST, ...before } : AT_REST;
  const fresh: ViewState = {
    ...BLANK,
    ...fields,
    loaded: true,
    seq: Math.max(0, snapshot.from - 1),
    status: { ...carried, said: state.status.said },
    troubles: snapshot.session === state.session ? state.troubles : [],
    sessions: state.sessions,
    context: snapshot.session === state.session ? state.context : null,
    otherDraft: snapshot.session === state.session ? state.otherDraft : null,
    insert: state.insert,
    focus: state.focus,
    snapshots: state.snapshots + 1,
  };
  const folded = [...events, ...previews].reduce(foldEvent, fresh);
  // What the snapshot says outright stands above what its newest page of events says; a past is not announced again.
  const { title, mode, model, history } = snapshot;
  return { ...folded, logged: events, title, mode, model, history, status: { ...folded.status, said: state.status.said } };
}

function foldEvents(state: ViewState, events: readonly AgentEvent[]): ViewState {
  let next = state;
  const taken: AgentEvent[] = [];
  for (const event of events) {
    if (event.seq > 0) {
      if (event.seq <= next.seq) continue;
      if (event.seq > next.seq + 1) {
        next = { ...next, stale: true };
        break;
      }
      taken.push(event);
    }
    next = foldEvent(next, event);
  }
  return taken.length === 0 ? next : withinRoom({ ...next, logged: [...next.logged, ...taken] });
}

/** Without the oldest cards when there are too many: one run may go on for days. Where the session stands is not touched. */
function withinRoom(state: ViewState): ViewState {
  const over = state.logged.length - state.room;
  if (over < SPARE) return state;
  const logged = state.logged.slice(over);
  // The closing line of a run tells of all of it, also when its beginning is no longer shown.
  const { run } = state.logged.slice(0, over).reduce(foldTranscript, { ...EMPTY, run: state.runBefore });
  const transcript = logged.reduce(foldTranscript, { ...EMPTY, run });
  return { ...state, logged, from: logged[0]?.seq ?? state.from, runBefore: run, transcript };
}

function foldEvent(state: ViewState, event: AgentEvent): ViewState {
  const next: ViewState = {
    ...state,
    seq: Math.max(state.seq, event.seq),
    transcript: foldTranscript(state.transcript, event),
    status: foldStatus(state.status, event),
    live: foldLive(state.live, event),
  };
  switch (event.type) {
    case 'session_titled':
      return { ...next, title: event.title };
    case 'mode_changed':
      return { ...next, mode: event.mode };
    case 'model_changed':
      return { ...next, model: event.model };
    case 'user_message':
      return event.text === '' || event.text === state.history[0] ? next : { ...next, history: [event.text, ...state.history] };
    default:
      return next;
  }
}

/** An older page changes what is shown above, never where the session stands. */
function prepend(state: ViewState, events: readonly AgentEvent[], from: number): ViewState {
  if (from >= state.from) return state;
  const logged = [...events.filter((e) => e.seq < state.from), ...state.logged];
  // Who asks for what is older reads it: it stays.
  const room = Math.max(state.room, logged.length);
  return { ...state, from, room, runBefore: null, logged, transcript: logged.reduce(foldTranscript, EMPTY) };
}

function unknownMessage(_message: never, state: ViewState): ViewState {
  return state;
}
