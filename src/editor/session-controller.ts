import type { Amendment } from '../core/amend';
import { StoreError } from '../core/errors';
import type { Desk } from '../core/permission/desk';
import type { SessionInfo, Store } from '../core/ports/store';
import type { Session } from '../core/session';
import type { AgentEvent } from '../protocol/events';
import { isRunning } from '../protocol/workflow';

const REMEMBERED = 'plumb.session';

export type Live = { readonly session: Session; readonly desk: Desk };

/** What the panel and the commands show: a session of this window, one that another window writes, or none yet. */
export type Shown =
  | { readonly kind: 'live'; readonly live: Live }
  | {
      readonly kind: 'held';
      readonly id: string;
      readonly events: readonly AgentEvent[];
      readonly damage: readonly string[];
      readonly why: string;
    }
  | { readonly kind: 'none' };

export type SessionControllerDeps = {
  readonly store: Store;
  start(desk: Desk): Promise<Session>;
  open(desk: Desk, id: string): Promise<Session>;
  /** Writes a new session that begins with what came before the event `to`. */
  fork(events: readonly AgentEvent[], to: number, id: string): Promise<void>;
  /** Writes one event into the log of a session that is not open here. */
  amend(id: string, event: Amendment): Promise<void>;
  newDesk(): Desk;
  /** Remembers the shown session of this workspace over a reload. */
  readonly remembered: { get(key: string): unknown; update(key: string, value: unknown): Thenable<void> };
};

/**
 * The sessions of this window. One is shown in every panel; others that still run go on in the background.
 */
export type SessionController = {
  shown(): Shown;
  live(): readonly Live[];
  /** The remembered session, opened once after a reload; `none` when there is nothing to take up. */
  restore(): Promise<Shown>;
  /** The shown session, or a new one when there is none. */
  ensure(): Promise<Live>;
  startNew(): Promise<void>;
  show(id: string): Promise<void>;
  /** Shows a new session that begins with what the shown one held before that event. */
  fork(to: number): Promise<void>;
  remove(id: string): Promise<void>;
  rename(id: string, title: string): Promise<void>;
  /** Tells a session what was decided about its changes, whether it is open or not. @throws StoreError when it cannot be written */
  reviewed(id: string, review: Parameters<Session['reviewed']>[0]): Promise<void>;
  list(query: string): Promise<readonly SessionInfo[]>;
  /** `begun`: the blank page got its session, by its first message. */
  onShown(listener: (begun: boolean) => void): () => void;
  onEvent(listener: (event: AgentEvent, session: Session) => void): () => void;
  close(): Promise<void>;
};

export function createSessionController(deps: SessionControllerDeps): SessionController {
  const live = new Map<string, Live>();
  /** Sessions that are being opened, written or closed: until then nothing else may take their log. */
  const busy = new Map<string, Promise<unknown>>();
  const shownListeners = new Set<(begun: boolean) => void>();
  const eventListeners = new Set<(event: AgentEvent, session: Session) => void>();
  let shown: Shown = { kind: 'none' };
  let restored: Promise<Shown> | null = null;
  let starting: Promise<Live> | null = null;
  /** Counts what the user wanted to see: opening a session takes a while, and the newest wish wins. */
  let wishes = 0;

  function setShown(next: Shown, begun = false): void {
    shown = next;
    void deps.remembered.update(REMEMBERED, next.kind === 'live' ? next.live.session.id : next.kind === 'held' ? next.id : undefined);
    for (const listener of shownListeners) listener(begun);
  }

  function adopt(entry: Live): Live {
    live.set(entry.session.id, entry);
    entry.session.subscribe((event) => {
      for (const listener of eventListeners) listener(event, entry.session);
    });
    return entry;
  }

  /** Does something with a session's log. Whoever calls it has just found that the session is not busy. */
  async function alone<T>(id: string, work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {}, // who asked for it hears of the failure
    );
    busy.set(id, settled);
    try {
      return await work;
    } finally {
      if (busy.get(id) === settled) busy.delete(id);
    }
  }

  async function take(id: string): Promise<Shown> {
    while (busy.has(id)) await busy.get(id);
    const known = live.get(id);
    if (known) return { kind: 'live', live: known };
    const desk = deps.newDesk();
    const open = async (): Promise<Live> => adopt({ session: await deps.open(desk, id), desk });
    try {
      return { kind: 'live', live: await alone(id, open()) };
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === 'held')) throw error;
      const { events, damage } = await deps.store.read(id);
      return { kind: 'held', id, events, damage, why: `${error.message} ${error.next}` };
    }
  }

  /** What changes a session that may be open here or not. */
  async function change(id: string, event: Amendment, tell: (session: Session) => void): Promise<void> {
    while (busy.has(id)) await busy.get(id);
    const known = live.get(id);
    if (known) tell(known.session);
    else await alone(id, deps.amend(id, event));
  }

  /** A session that nobody looks at and that does nothing is closed, so that another window may open it. */
  async function release(except: string | null): Promise<void> {
    const closing: Promise<void>[] = [];
    for (const [id, { session }] of live) {
      if (id === except || isRunning(session.state().workflow)) continue;
      live.delete(id);
      closing.push(alone(id, session.close()));
    }
    await Promise.all(closing);
  }

  async function show(id: string): Promise<void> {
    wishes++;
    const wish = wishes;
    const taken = await take(id);
    if (wish === wishes) setShown(taken);
    await release(shown.kind === 'live' ? shown.live.session.id : null);
  }

  async function restore(): Promise<Shown> {
    const id = deps.remembered.get(REMEMBERED);
    if (typeof id === 'string' && shown.kind === 'none' && wishes === 0) {
      const taken = await take(id).catch((error: unknown) => {
        // Deleted meanwhile: there is nothing to go on with.
        if (error instanceof StoreError && error.kind === 'gone') return null;
        throw error;
      });
      if (taken && wishes === 0) setShown(taken);
    }
    return shown;
  }

  async function ensure(): Promise<Live> {
    await (restored ?? Promise.resolve(shown));
    if (shown.kind === 'live') return shown.live;
    const wish = wishes;
    starting ??= (async () => {
      const desk = deps.newDesk();
      const entry = adopt({ session: await deps.start(desk), desk });
      if (wish === wishes) setShown({ kind: 'live', live: entry }, true);
      return entry;
    })();
    try {
      return await starting;
    } finally {
      starting = null;
    }
  }

  return {
    shown: () => shown,
    live: () => [...live.values()],
    restore: () => {
      restored ??= restore();
      return restored;
    },
    ensure,
    async startNew() {
      wishes++;
      setShown({ kind: 'none' });
      await release(null);
    },
    show,
    async fork(to) {
      if (shown.kind === 'none') return;
      const id = crypto.randomUUID();
      await deps.fork(shown.kind === 'live' ? shown.live.session.events() : shown.events, to, id);
      await show(id);
    },
    async remove(id) {
      while (busy.has(id)) await busy.get(id);
      const known = live.get(id);
      live.delete(id);
      const remove = async () => {
        await known?.session.close();
        await deps.store.remove(id);
      };
      await alone(id, remove());
      if (known && shown.kind === 'live' && shown.live === known) setShown({ kind: 'none' });
    },
    rename: (id, title) => change(id, { type: 'session_titled', title, by: 'user' }, (session) => session.rename(title)),
    reviewed: (id, review) => change(id, { type: 'change_reviewed', ...review }, (session) => session.reviewed(review)),
    async list(query) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const all = await deps.store.list();
      const matching = all.filter((s) => words.every((w) => `${s.title} ${s.roots.join(' ')}`.toLowerCase().includes(w)));
      return [...matching].sort((a, b) => b.updatedAt - a.updatedAt);
    },
    onShown(listener) {
      shownListeners.add(listener);
      return () => shownListeners.delete(listener);
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    async close() {
      await Promise.all([...live.values()].map(({ session }) => session.close()));
      live.clear();
    },
  };
}
