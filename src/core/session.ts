import type { Attachment, Content } from '../protocol/blocks';
import type { ChangedBy } from '../protocol/event-parts';
import type { AgentEvent, EventOf } from '../protocol/events';
import { cannotRaise } from '../protocol/limits';
import type { Mode } from '../protocol/permission';
import type { StopReason } from '../protocol/workflow';
import { warmTokens } from './context/cache-watch';
import { type ContextControls, createContextControls } from './context/controls';
import type { SessionState } from './fold';
import { createJournal, type Journal, type Listener } from './journal';
import type { SessionLog } from './ports/store';
import { noteCutOff } from './recovery/cut-off';
import { closePending, repair, waitsForPerson } from './recovery/repair';
import { createRewinder, type Rewinder } from './recovery/rewinder';
import { createSettler, type Settler } from './recovery/settle';
import { recordWorkflow } from './recovery/workflow-recorder';
import type { Standing } from './registry';
import { writeHeader } from './session-header';
import type { SessionOptions } from './session-options';
import { createRuns, type Runs } from './session-run';
import { titleOf } from './title';

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
  /** Everything so far is on disk, and signed where sessions are. @throws StoreError */
  signed(): Promise<void>;
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
  const { ports } = options;
  const recorder = recordWorkflow(id, journal, ports);
  /** While files are put back no run may start. */
  let rewinding: Promise<unknown> | null = null;
  const runs: Runs = createRuns({ options, id, log, journal, settle: () => context.settle() });
  const busy = () => runs.current() !== null || rewinding !== null;
  const rewinder = createRewinder({
    session: id,
    journal,
    ports,
    flush: () => log.flush(),
    async alone(work) {
      if (busy()) return null;
      const done = work();
      rewinding = done.catch(() => undefined); // who asked for it hears of the failure
      try {
        return await done;
      } finally {
        rewinding = null;
      }
    },
  });

  const context: ContextControls = createContextControls({
    journal,
    model: ports.model,
    clock: ports.clock,
    busy,
    flush: () => log.flush(),
  });
  const settler = createSettler(journal, busy);

  async function resume(): Promise<StopReason> {
    if (rewinding) await rewinding;
    const current = runs.current();
    if (current) return current;
    const { end, compaction } = journal.state();
    settler.leave();
    // The run that was cut off had its answer: only its last event was missing, or a compaction.
    if (end?.reason === 'done' && end.error === 'interrupted') return compaction.wanted ? runs.start(true) : 'done';
    if (journal.history.messages().at(-1)?.role !== 'user')
      journal.emit({ type: 'notice', of: 'continue', text: 'The user asks you to go on.' });
    return runs.start();
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
      if (runs.current()) {
        journal.emit({ type: 'message_queued', queueId: newId(), text, attachments: [...attachments], content: [...content] });
        await log.flush();
        return 'queued';
      }
      settler.leave();
      closePending(journal);
      if (!journal.state().title) journal.emit({ type: 'session_titled', title: titleOf(text), by: 'auto' });
      journal.emit({ type: 'user_message', text, attachments: [...attachments], content: [...content] });
      return runs.start();
    },
    unqueue: (queueId) => journal.emit({ type: 'message_unqueued', queueId }),
    resume,
    raiseLimit(to) {
      const hit = journal.state().end?.limit;
      if (runs.current() || !hit || (to !== null && cannotRaise(hit, to) !== null)) return null;
      journal.emit({ type: 'limit_decided', limit: hit.name, decision: 'raised', from: options.settings()[hit.name], to });
      return resume();
    },
    keepLimit() {
      const hit = journal.state().end?.limit;
      if (runs.current() || !hit) return false;
      journal.emit({ type: 'limit_decided', limit: hit.name, decision: 'kept', from: hit.limit, to: hit.limit });
      return true;
    },
    settleEffect: settler.settle,
    cancel: runs.cancel,
    async compact(instructions = '') {
      if (rewinding) await rewinding;
      await runs.condense(instructions);
      return runs.current() ? 'queued' : runs.start(true);
    },
    undoCompaction() {
      const last = journal.state().compaction.standing.at(-1);
      if (busy() || !last) return false;
      journal.emit({ type: 'compaction_undone', compaction: last.seq, dropThinking: last.dropThinking });
      return true;
    },
    context,
    setMode(mode, by = 'user') {
      // Chosen anew, a mode that was paused goes on.
      if (mode !== journal.state().mode || journal.state().denials.paused !== null) journal.emit({ type: 'mode_changed', mode, by });
    },
    setModel(model, by = 'user') {
      if (model === journal.state().model) return;
      const uncached = warmTokens(journal.state(), ports.clock.now());
      journal.emit({ type: 'model_changed', model, by, ...(uncached > 0 ? { uncached } : {}) });
    },
    rename: (title) => journal.emit({ type: 'session_titled', title, by: 'user' }),
    tools: runs.tools,
    reviewed: (review) => journal.emit({ type: 'change_reviewed', ...review }),
    signed: () => (log.signed ?? log.flush)(),
    async close() {
      if (rewinding) await rewinding;
      journal.seal();
      runs.cancel();
      await runs.current();
      await recorder.close();
      await log.close();
    },
  };
}
