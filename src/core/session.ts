import type { Attachment, Content } from '../protocol/blocks';
import type { ChangedBy } from '../protocol/event-parts';
import type { AgentEvent, EventOf } from '../protocol/events';
import { cannotRaise } from '../protocol/limits';
import type { Mode } from '../protocol/permission';
import { brokenLimit, type Settings, type SettingsProblem } from '../protocol/settings';
import type { StopReason } from '../protocol/workflow';
import { createRecorder } from './black-box';
import { warmTokens } from './context/cache-watch';
import type { NotCondensed } from './context/compact';
import { type ContextControls, createContextControls } from './context/controls';
import { createFileWatch } from './context/file-watch';
import { createContextKeeper } from './context/keeper';
import type { PromptFacts } from './context/prompt';
import { type Section, uncachedTexts } from './context/sections';
import { deliverTail } from './context/tail';
import { StoreError } from './errors';
import type { SessionState } from './fold';
import { loadedIn } from './held-tools';
import { createJournal, type Journal, type Listener } from './journal';
import { type Stop, unreadable } from './limits';
import { runLoop } from './loop';
import type { Ports, SessionLog } from './ports';
import { noteCutOff } from './recovery/cut-off';
import { closePending, repair, waitsForPerson } from './recovery/repair';
import { createRewinder, type Rewinder } from './recovery/rewinder';
import { createSettler, type Settler } from './recovery/settle';
import { recordWorkflow } from './recovery/workflow-recorder';
import { assemblePool, type Standing, standingsIn } from './registry';
import type { RunContext } from './run-context';
import { stopOf } from './run-end';
import { everyTool, fixHeader, writeHeader } from './session-header';
import { titleOf } from './title';
import type { Tool, ToolFacts, ToolSource } from './tool';

export type SessionOptions = {
  readonly ports: Ports;
  readonly tools: readonly Tool[];
  /** What others bring, read anew between the steps of a run. */
  readonly sources?: readonly ToolSource[];
  /** Read at the start of each run, so that a changed setting holds from the next message on. */
  readonly settings: () => Settings;
  /** What could not be read in them: no run starts while a limit is among it. */
  readonly problems?: () => readonly SettingsProblem[];
  /** Folders and trust are read at each use: both may change under a session. */
  readonly facts: PromptFacts;
  /** Parts of the system prompt that the host adds to the facts of the session. */
  readonly sections?: readonly Section[];
  /** Where relative paths and commands start; the first root, or a folder of the host's choice when none is open. */
  readonly cwd: string;
  /** A run that was cut off while it waited for a person waits again at once: somebody is there to answer. */
  readonly asksAgain?: boolean;
  /** Hears every event from the first one on: the system log. */
  readonly observe?: Listener;
  /** Why the settings name this model, where it was not the user who wrote it there; for the log. */
  readonly modelBy?: () => string | undefined;
  /** Version of Plumb, for the log. */
  readonly app: string;
};

export type OutgoingMessage = { readonly text: string; readonly attachments: readonly Attachment[]; readonly content: readonly Content[] };

export interface Session {
  readonly id: string;
  /** One sentence for each part of the log that could not be read: the session goes on without it. */
  readonly damage: readonly string[];
  /** The logged events so far. */
  events(): readonly AgentEvent[];
  state(): SessionState;
  /** Hears every event from now on, previews included. */
  subscribe(listener: Listener): () => void;
  /** Starts a run, or queues the message for the next step of the one that is going on. */
  send(message: OutgoingMessage): Promise<StopReason | 'queued'>;
  unqueue(queueId: string): void;
  /** Goes on after an interruption, a failure or a limit, without a new message. */
  resume(): Promise<StopReason>;
  /**
   * After a stop at a limit: raises it for this run or session, or lifts it for null, and goes on with the run. Null,
   * and nothing done, when no run stopped at one, or when the next request would not fit this one either.
   */
  raiseLimit(to: number | null): Promise<StopReason> | null;
  /** After a stop at a limit: it stays as it is. */
  keepLimit(): boolean;
  /** The user's word on an effect of which nobody can tell whether it happened. */
  readonly settleEffect: Settler['settle'];
  /** Stops the run; every open call gets its result and the run its last event. */
  cancel(): void;
  /** Condenses the conversation now, or before the next request of a run that goes on. */
  compact(instructions?: string): Promise<StopReason | 'queued'>;
  /** Takes the last compaction back; false during a run, or when there is none. */
  undoCompaction(): boolean;
  /** What is in the window: looked at, taken out, pinned, put back. */
  readonly context: ContextControls;
  /** Back to an earlier message, and forward again: files, conversation or both. */
  readonly rewinder: Rewinder;
  setMode(mode: Mode, by?: ChangedBy): void;
  setModel(model: string, by?: ChangedBy): void;
  rename(title: string): void;
  /** Every tool, with what became of it in this session and why [T1]. */
  tools(): readonly Standing[];
  reviewed(review: Pick<EventOf<'change_reviewed'>, 'path' | 'decision' | 'hunks' | 'left' | 'detail' | 'feedback'>): void;
  /**
   * Leaves the session and frees the log. A run that goes on is cut off as it stands, as by a crash: who opens the
   * session again can continue it, and an open ask is asked again. To end a run for good, cancel it first.
   */
  close(): Promise<void>;
}

/** Starts a new session: fixes its prompt and its tools for good. @throws StoreError */
export async function startSession(options: SessionOptions, id: string = newId()): Promise<Session> {
  const log = await options.ports.store.create(id);
  const journal = createJournal(id, log, options.ports.clock, []);
  if (options.observe) journal.subscribe(options.observe);
  await writeHeader(options, journal);
  await log.flush();
  return createSession(options, id, log, journal);
}

/** Takes a session up from its log. A run that was cut off is repaired and can be resumed. @throws StoreError */
export async function openSession(options: SessionOptions, id: string): Promise<Session> {
  const { log, events, damage } = await options.ports.store.open(id);
  const journal = createJournal(id, log, options.ports.clock, events);
  if (options.observe) journal.subscribe(options.observe);
  if (!journal.state().header) await writeHeader(options, journal);
  const asksAgain = options.asksAgain === true && waitsForPerson(journal.state());
  if (!asksAgain) {
    await noteCutOff(journal, { session: id, ports: options.ports });
    await repair(journal, options.ports);
  }
  await log.flush();
  const session = createSession(options, id, log, journal, damage);
  if (asksAgain) await askAgain(session);
  return session;
}

/** Goes on with the run until the person is waited for once more: a session is handed out when it can be answered. */
async function askAgain(session: Session): Promise<void> {
  const stood = new Promise<void>((resolve) => {
    const stop = session.subscribe(({ type }) => {
      if (!['permission_asked', 'question_asked', 'effect_intended', 'run_ended'].includes(type)) return;
      stop();
      resolve();
    });
  });
  void session.resume(); // a run never rejects: its end is an event
  await stood;
}

function newId(): string {
  return crypto.randomUUID();
}

function createSession(options: SessionOptions, id: string, log: SessionLog, journal: Journal, damage: readonly string[] = []): Session {
  const { ports, facts, cwd } = options;
  const watch = createFileWatch(ports.documents);
  const recorder = recordWorkflow(id, journal, ports);
  /** Instructions of a compaction that the user asked for, until it is done. */
  let wanted: string | null = null;
  let running: { readonly stop: AbortController; readonly ended: Promise<StopReason> } | null = null;
  /** While files are put back no run may start. */
  let rewinding: Promise<unknown> | null = null;
  const rewinder = createRewinder({
    session: id,
    journal,
    ports,
    flush: () => log.flush(),
    async alone(work) {
      if (running || rewinding) return null;
      const done = work();
      rewinding = done.catch(() => undefined); // who asked for it hears of the failure
      try {
        return await done;
      } finally {
        rewinding = null;
      }
    },
  });

  const context = createContextControls({
    journal,
    model: ports.model,
    clock: ports.clock,
    busy: () => running !== null || rewinding !== null,
  });

  const settler = createSettler(journal, () => running !== null || rewinding !== null);

  const toolFacts = (): ToolFacts => ({ cwd, roots: facts.roots, trusted: facts.trusted, mode: journal.state().mode });
  const poolNow = () =>
    assemblePool({
      all: everyTool(options),
      ports,
      facts: toolFacts(),
      rules: ports.rules.current(),
      frozen: journal.state().header ?? undefined,
    });
  const loaded = () => loadedIn(journal.history.messages());

  /** A session begun without trust knows reading tools only: once trust is granted it is given the others. */
  async function noteTrust(): Promise<void> {
    const { header, mode, model } = journal.state();
    if (!header || header.trusted || !facts.trusted) return;
    await fixHeader(options, journal, { mode, model, modelBy: header.modelBy });
    journal.emit({ type: 'notice', of: 'trust', text: 'The user trusts this folder now: all your tools work, and commands run.' });
  }

  /** One run, whatever it does: with the loop, or with a compaction alone. */
  async function work(signal: AbortSignal, condenseOnly: boolean): Promise<Stop> {
    try {
      await noteTrust();
    } catch (error) {
      return stopOf(error, signal);
    }
    let pool = poolNow();
    const run: RunContext = {
      session: id,
      ports,
      get pool() {
        return pool;
      },
      loaded,
      settings: options.settings(),
      emit: journal.emit,
      signal,
      state: journal.state,
      uncached: () => uncachedTexts(options.sections ?? []),
      facts: toolFacts,
      flush: () => log.flush(),
    };
    const profile = () => ports.model.profile(journal.state().model, signal);
    const keeper = createContextKeeper({ run, history: journal.history, events: journal.events });
    const condense = async () => {
      if (wanted === null) return null;
      const instructions = wanted;
      wanted = null;
      return keeper.condense(await profile(), instructions);
    };
    const broken = brokenLimit(options.problems?.() ?? []);
    if (broken) return unreadable(broken);
    try {
      if (condenseOnly) return notCondensed(await condense());
      const between = async () => {
        await condense();
        await context.settle();
        if (options.sources?.length) pool = poolNow();
        return deliverTail(journal, ports, await watch.changed(journal.state(), signal), [...pool.held.keys()]);
      };
      return await runLoop({ run, history: journal.history, keeper, profile, between });
    } catch (error) {
      return stopOf(error, signal);
    }
  }

  /** Every run ends here, with its last event [E2]. */
  async function go(condenseOnly = false): Promise<StopReason> {
    const stop = new AbortController();
    const recorder = createRecorder(journal, stop.signal);
    const ended = (async () => {
      let end = await work(stop.signal, condenseOnly);
      await context.settle();
      let box = recorder(end.error);
      journal.emit({ type: 'state_changed', workflow: { at: 'ended', reason: end.reason } });
      try {
        await log.flush();
      } catch (error) {
        end = stopOf(error, stop.signal);
        box = { ...box, phase: 'store' };
      }
      running = null;
      journal.emit({ type: 'run_ended', ...end, ...box });
      await log.flush().catch((error: unknown) => {
        if (!(error instanceof StoreError)) throw error; // already told in `run_ended`
      });
      return end.reason;
    })();
    running = { stop, ended };
    return ended;
  }

  async function resume(): Promise<StopReason> {
    if (rewinding) await rewinding;
    if (running) return running.ended;
    const { end } = journal.state();
    settler.leave();
    // The run that was cut off had its answer: only its last event was missing.
    if (end?.reason === 'done' && end.error === 'interrupted') return 'done';
    if (journal.history.messages().at(-1)?.role !== 'user')
      journal.emit({ type: 'notice', of: 'continue', text: 'The user asks you to go on.' });
    return go();
  }

  return {
    id,
    damage,
    events: journal.events,
    state: journal.state,
    subscribe: journal.subscribe,
    rewinder,
    async send({ text, attachments, content }) {
      if (rewinding) await rewinding;
      if (running) {
        journal.emit({ type: 'message_queued', queueId: newId(), text, attachments: [...attachments], content: [...content] });
        await log.flush();
        return 'queued';
      }
      settler.leave();
      closePending(journal);
      if (!journal.state().title) journal.emit({ type: 'session_titled', title: titleOf(text), by: 'auto' });
      journal.emit({ type: 'user_message', text, attachments: [...attachments], content: [...content] });
      return go();
    },
    unqueue: (queueId) => journal.emit({ type: 'message_unqueued', queueId }),
    resume,
    raiseLimit(to) {
      const hit = journal.state().end?.limit;
      if (running || !hit || (to !== null && cannotRaise(hit, to) !== null)) return null;
      journal.emit({ type: 'limit_decided', limit: hit.name, decision: 'raised', from: options.settings()[hit.name], to });
      return resume();
    },
    keepLimit() {
      const hit = journal.state().end?.limit;
      if (running || !hit) return false;
      journal.emit({ type: 'limit_decided', limit: hit.name, decision: 'kept', from: hit.limit, to: hit.limit });
      return true;
    },
    settleEffect: settler.settle,
    cancel: () => running?.stop.abort(),
    async compact(instructions = '') {
      if (rewinding) await rewinding;
      wanted = instructions;
      return running ? 'queued' : go(true);
    },
    undoCompaction() {
      const last = journal.state().compaction.standing.at(-1);
      if (running || rewinding || !last) return false;
      journal.emit({ type: 'compaction_undone', compaction: last.seq, dropThinking: last.dropThinking });
      return true;
    },
    context,
    setMode(mode, by = 'user') {
      if (mode !== journal.state().mode) journal.emit({ type: 'mode_changed', mode, by });
    },
    setModel(model, by = 'user') {
      if (model === journal.state().model) return;
      const uncached = warmTokens(journal.state(), ports.clock.now());
      journal.emit({ type: 'model_changed', model, by, ...(uncached > 0 ? { uncached } : {}) });
    },
    rename: (title) => journal.emit({ type: 'session_titled', title, by: 'user' }),
    tools: () => standingsIn(poolNow(), journal.state().header, loaded()),
    reviewed: (review) => journal.emit({ type: 'change_reviewed', ...review }),
    async close() {
      if (rewinding) await rewinding;
      journal.seal();
      running?.stop.abort();
      await running?.ended;
      await recorder.close();
      await log.close();
    },
  };
}

/** The end of a run that was to condense the conversation and nothing else. */
function notCondensed(failure: NotCondensed | null): Stop {
  if (failure === null) return { reason: 'done', detail: '', retryable: false };
  if (failure.stop) return failure.stop;
  return {
    reason: 'failed',
    error: 'compaction',
    detail: failure.why,
    next: 'The conversation is as it was. Go on, or try again.',
    retryable: false,
  };
}
