import type { ToolUseBlock } from '../protocol/blocks';
import type { Picks } from '../protocol/context';
import { type Denials, foldDenials, NO_DENIALS } from '../protocol/denials';
import type { Task } from '../protocol/display';
import type { CompactedBy, RewindPart, Settled } from '../protocol/event-parts';
import type { AgentEvent, EventOf } from '../protocol/events';
import type { Raises } from '../protocol/limits';
import type { Mode, Rule } from '../protocol/permission';
import { addSpend, addSpent, NOTHING_SPENT, type Spend, type Spent } from '../protocol/spend';
import { isRunning, type Workflow } from '../protocol/workflow';
import type { CacheState } from './context/cache-watch';
import type { Usage } from './ports';
import { NOTHING_SEEN, type Seen } from './seen';
import { addToRun, decideLimit, NEW_RUN, type RunTally, runOf } from './tally';

export type QueuedMessage = Pick<EventOf<'message_queued'>, 'queueId' | 'text' | 'attachments' | 'content'>;

/** Everything about a session that is not the conversation itself: a pure fold over its events. */
export type SessionState = {
  readonly header: EventOf<'session_started'> | null;
  readonly title: string;
  readonly mode: Mode;
  readonly model: string;
  readonly workflow: Workflow;
  readonly turn: number;
  readonly tasks: readonly Task[];
  readonly queue: readonly QueuedMessage[];
  /** All that was spent, whatever became of it: a rewind brings nothing back. */
  readonly spent: Spent;
  readonly spend: Spend;
  /** Turns that this session has sent, those of the session that it was forked from left out. */
  readonly turnsSent: number;
  /** What the run has taken of its limits. `over`: it has ended, and the next turn begins another. */
  readonly run: RunTally;
  /** Limits that the user raised for this session. */
  readonly raises: Raises;
  /** The prompt size and output of the newest turn: what fills the window. */
  readonly last: Usage | null;
  readonly asks: readonly EventOf<'permission_asked'>[];
  readonly questions: readonly EventOf<'question_asked'>[];
  /** Rules granted for this session. */
  readonly rules: readonly Rule[];
  /** What was blocked while auto mode decided. */
  readonly denials: Denials;
  /** SHA-256 of each file's text as the model last saw it. */
  readonly seen: Seen;
  /** Calls of the newest assistant message that have no result yet, in order. */
  readonly pending: readonly ToolUseBlock[];
  /** Calls whose effect was announced and whose outcome is not written. */
  readonly intended: ReadonlyMap<string, EventOf<'effect_intended'>>;
  /** What the model has been told at the tail, and the undone changes that it has not heard of yet. */
  readonly told: {
    readonly mode: Mode;
    readonly environment: string;
    /** What each file had become when the model was told that it changed. */
    readonly files: Seen;
    /** Tools that it can load by their names. */
    readonly held: readonly string[];
  };
  readonly untold: readonly EventOf<'change_reviewed'>[];
  /** What the user knows of effects that were cut off, by call, and whether the model has heard it. */
  readonly settled: ReadonlyMap<string, { readonly tool: string; readonly what: Settled; readonly told: boolean }>;
  readonly compaction: CompactionState;
  /** What the user chose to take out while a run went on, and what waits for the end of its step. */
  readonly evictionsDue: readonly Picks[];
  /** The messages that the user can go back to, each with what the conversation had established before it. */
  readonly marks: readonly Mark[];
  /** The newest rewind, while nothing new has been said: it can be taken back. */
  readonly rewind: { readonly seq: number; readonly what: RewindPart; readonly marks: readonly Mark[]; readonly said: Said } | null;
  /** The newest request that was sent, and the newest one that was answered: what the service has in its cache. */
  readonly requested: EventOf<'turn_started'> | null;
  readonly cache: CacheState | null;
  /** True from the first message of a run to its `run_ended`. */
  readonly open: boolean;
  readonly end: EventOf<'run_ended'> | null;
};

/** What the model has seen, done and been told: it goes back with the conversation. */
export type Said = Pick<SessionState, 'seen' | 'tasks' | 'told' | 'untold' | 'settled' | 'compaction'>;
export type Mark = { readonly seq: number; readonly said: Said };

export type CompactionState = {
  /** Automatic attempts that failed since the last one that did not. */
  readonly failures: number;
  /** Given up for this session [C3]. */
  readonly off: boolean;
  /** The user took the last one back: none by itself until one is asked for, or the window is full. */
  readonly held: boolean;
  /** What the user asked for and is not done, with what the summary must keep. */
  readonly wanted: { readonly instructions: string; readonly begun: boolean } | null;
  /** The turn after which the newest automatic one came. */
  readonly lastTurn: number | null;
  /** Those that hold; the last can be undone. Each with what the model knew of the files that it showed anew. */
  readonly standing: readonly Standing[];
};

export type Standing = {
  readonly seq: number;
  readonly dropThinking: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly known: Seen;
};

export const EMPTY_STATE: SessionState = {
  header: null,
  title: '',
  mode: 'ask',
  model: '',
  workflow: { at: 'idle' },
  turn: 0,
  tasks: [],
  queue: [],
  spent: NOTHING_SPENT,
  spend: [],
  turnsSent: 0,
  run: NEW_RUN,
  raises: {},
  last: null,
  asks: [],
  questions: [],
  rules: [],
  denials: NO_DENIALS,
  seen: NOTHING_SEEN,
  pending: [],
  intended: new Map(),
  told: { mode: 'ask', environment: '', files: NOTHING_SEEN, held: [] },
  untold: [],
  settled: new Map(),
  compaction: { failures: 0, off: false, held: false, wanted: null, lastTurn: null, standing: [] },
  evictionsDue: [],
  marks: [],
  rewind: null,
  requested: null,
  cache: null,
  open: false,
  end: null,
};

/** The breaker that ends automatic compaction. */
export const COMPACTION = 'compaction';

export function foldEvents(events: readonly AgentEvent[]): SessionState {
  return events.reduce(foldEvent, EMPTY_STATE);
}

export function foldEvent(state: SessionState, event: AgentEvent): SessionState {
  switch (event.type) {
    case 'session_started':
      return { ...state, header: event, mode: event.mode, model: event.model, told: { ...state.told, held: event.held ?? [] } };
    case 'session_titled':
      return { ...state, title: event.title };
    case 'mode_changed':
      return { ...state, mode: event.mode, denials: foldDenials(state.denials, event) };
    case 'model_changed':
      return { ...state, model: event.model };
    case 'message_queued':
      return { ...state, queue: [...state.queue, pickQueued(event)] };
    case 'message_unqueued':
      return { ...state, queue: state.queue.filter((q) => q.queueId !== event.queueId) };
    case 'user_message': {
      const marks = [...state.marks, { seq: event.seq, said: saidOf(state) }];
      const run = event.queueId === undefined ? NEW_RUN : state.run;
      return { ...state, queue: state.queue.filter((q) => q.queueId !== event.queueId), marks, rewind: null, run };
    }
    case 'turn_started': {
      const sent = event.elsewhere ? 0 : 1;
      const run = runOf(state);
      return {
        ...state,
        turn: event.turn,
        turnsSent: state.turnsSent + sent,
        run: { ...run, turns: run.turns + sent },
        requested: event,
        rewind: null,
        open: true,
        end: null,
      };
    }
    case 'assistant_message':
      return { ...state, pending: event.blocks.filter((b): b is ToolUseBlock => b.type === 'tool_use') };
    case 'usage':
      return foldUsage(state, event);
    case 'permission_asked':
      return { ...state, asks: [...state.asks.filter((a) => a.askId !== event.askId), event] };
    case 'permission_decided': {
      const { askId, savedRules = [] } = event.decision;
      const granted = savedRules.filter((r) => r.source === 'session');
      const denials = foldDenials(state.denials, event);
      return { ...state, denials, asks: state.asks.filter((a) => a.askId !== askId), rules: [...state.rules, ...granted] };
    }
    case 'question_asked':
      return { ...state, questions: [...state.questions.filter((q) => q.callId !== event.callId), event] };
    case 'question_answered':
      return { ...state, questions: state.questions.filter((q) => q.callId !== event.callId) };
    case 'effect_intended':
      return { ...state, intended: new Map(state.intended).set(event.callId, event) };
    case 'tool_finished':
      return foldFinished(state, event);
    case 'effect_settled': {
      const { callId, tool, what } = event;
      return { ...state, settled: new Map(state.settled).set(callId, { tool, what, told: what === 'unknown' }) };
    }
    case 'tasks_changed':
      return { ...state, tasks: event.tasks };
    case 'state_changed':
      return { ...state, workflow: event.workflow, open: state.open || isRunning(event.workflow) };
    case 'run_ended':
      return { ...state, ...foldEnd(state, event) };
    case 'limit_decided':
      return { ...state, ...decideLimit(state, event) };
    case 'notice':
      return foldNotice(state, event);
    case 'change_reviewed':
      return event.decision === 'undone' ? { ...state, untold: [...state.untold, event] } : state;
    case 'context_compacted':
      return foldCompacted(state, event);
    case 'compaction_failed': {
      const failures = state.compaction.failures + (event.by === 'user' ? 0 : 1);
      return { ...state, compaction: { ...state.compaction, failures, wanted: stillWanted(state, event) } };
    }
    case 'compaction_queued':
      return { ...state, compaction: { ...state.compaction, wanted: { instructions: event.instructions, begun: false } } };
    case 'compaction_started':
      return event.by === 'user' ? foldBegun(state) : state;
    case 'compaction_undone':
      return foldUndone(state, event);
    case 'breaker_tripped':
      return event.breaker === COMPACTION ? { ...state, compaction: { ...state.compaction, off: true } } : state;
    case 'context_evicted':
      return { ...state, last: null, evictionsDue: event.by === 'user' ? [] : state.evictionsDue };
    case 'eviction_queued':
      return { ...state, evictionsDue: [...state.evictionsDue, { ids: event.ids, turns: event.turns }] };
    case 'eviction_unqueued':
      return { ...state, evictionsDue: [] };
    case 'summary_edited':
    case 'eviction_undone':
      return { ...state, last: null };
    case 'rewound':
      return foldRewound(state, event);
    case 'rewind_undone':
      return foldRewindUndone(state, event);
    case 'delta':
    case 'files_changed':
    case 'tool_started':
    case 'change_proposed':
    case 'diagnostics':
    case 'context_changed':
    case 'cache_missed':
      return state;
    default:
      return event satisfies never;
  }
}

function saidOf({ seen, tasks, told, untold, settled, compaction }: SessionState): Said {
  return { seen, tasks, told, untold, settled, compaction };
}

function foldRewound(state: SessionState, { seq, to, what }: EventOf<'rewound'>): SessionState {
  const rewind = { seq, what, marks: state.marks, said: saidOf(state) };
  const mark = state.marks.find((m) => m.seq === to);
  if (what === 'files' || !mark) return { ...state, rewind };
  return { ...state, ...mark.said, marks: state.marks.filter((m) => m.seq < to), pending: [], last: null, rewind };
}

function foldRewindUndone(state: SessionState, event: EventOf<'rewind_undone'>): SessionState {
  const { rewind } = state;
  if (rewind?.seq !== event.rewind) return state;
  return rewind.what === 'files' ? { ...state, rewind: null } : { ...state, ...rewind.said, marks: rewind.marks, last: null, rewind: null };
}

function pickQueued({ queueId, text, attachments, content }: EventOf<'message_queued'>): QueuedMessage {
  return { queueId, text, attachments, content };
}

function foldNotice(state: SessionState, event: EventOf<'notice'>): SessionState {
  if (event.of === 'mode') return { ...state, told: { ...state.told, mode: state.mode } };
  if (event.of === 'environment') return { ...state, told: { ...state.told, environment: event.text } };
  if (event.of === 'tools') return { ...state, told: { ...state.told, held: event.held ?? [] } };
  if (event.of === 'effects') {
    return { ...state, settled: new Map([...state.settled].map(([callId, one]) => [callId, { ...one, told: true }])) };
  }
  if (event.of === 'file_changed') {
    return { ...state, told: { ...state.told, files: state.told.files.with(event.files ?? {}) } };
  }
  return event.of === 'review' ? { ...state, untold: [] } : state;
}

function foldUsage(before: SessionState, event: EventOf<'usage'>): SessionState {
  const { input, output, cacheRead, cacheWrite } = event;
  const paid = event.elsewhere ? { ...NOTHING_SPENT, cost: 0 } : event;
  const state: SessionState = {
    ...before,
    spend: addSpend(before.spend, event),
    spent: addSpent(before.spent, paid),
    run: addToRun(before.run, paid),
  };
  if (event.of !== 'turn') return state;
  const { requested } = state;
  const cache = requested?.layers
    ? { layers: requested.layers, model: requested.model, at: requested.at, tokens: cacheRead + cacheWrite }
    : state.cache;
  return { ...state, cache, last: { input, output, cacheRead, cacheWrite } };
}

function foldFinished(state: SessionState, event: EventOf<'tool_finished'>): SessionState {
  const intended = new Map(state.intended);
  intended.delete(event.callId);
  const seen = event.files ? state.seen.with(event.files) : state.seen;
  return {
    ...state,
    intended,
    seen,
    pending: state.pending.filter((call) => call.id !== event.callId),
    asks: state.asks.filter((a) => a.callId !== event.callId),
    questions: state.questions.filter((q) => q.callId !== event.callId),
  };
}

function foldCompacted(state: SessionState, event: EventOf<'context_compacted'>): SessionState {
  const shown = Object.fromEntries(Object.entries(event.files).filter(([, hash]) => hash !== ''));
  const { lastTurn, standing } = state.compaction;
  return {
    ...state,
    seen: state.seen.with(shown),
    last: null,
    compaction: {
      failures: 0,
      off: false,
      held: false,
      wanted: stillWanted(state, event),
      lastTurn: event.by === 'user' ? lastTurn : state.turn,
      standing: [...standing, { seq: event.seq, dropThinking: event.dropThinking, files: shown, known: state.seen }],
    },
  };
}

function foldUndone(state: SessionState, event: EventOf<'compaction_undone'>): SessionState {
  const undone = state.compaction.standing.at(-1);
  if (undone?.seq !== event.compaction) return state;
  const again = Object.keys(undone.files).flatMap((path) => {
    const before = undone.known.get(path);
    return before !== undefined && state.seen.get(path) === undone.files[path] ? [[path, before] as const] : [];
  });
  return {
    ...state,
    seen: state.seen.with(Object.fromEntries(again)),
    last: null,
    compaction: { ...state.compaction, held: true, standing: state.compaction.standing.slice(0, -1) },
  };
}

/** A run that was cut off goes on with what it has left when it is taken up again; one that was stopped has let go of it. */
function foldEnd(state: SessionState, event: EventOf<'run_ended'>): Partial<SessionState> {
  const over = event.error !== 'interrupted';
  const { wanted } = state.compaction;
  const compaction = over && wanted?.begun ? { ...state.compaction, wanted: null } : state.compaction;
  return { open: false, end: event, asks: [], questions: [], run: { ...state.run, over }, compaction };
}

function foldBegun(state: SessionState): SessionState {
  const { wanted } = state.compaction;
  return { ...state, compaction: { ...state.compaction, wanted: wanted && { ...wanted, begun: true } } };
}

function stillWanted(state: SessionState, { by }: { readonly by: CompactedBy }): CompactionState['wanted'] {
  return by === 'user' ? null : state.compaction.wanted;
}
