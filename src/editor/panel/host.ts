import * as vscode from 'vscode';
import { z } from 'zod';
import type { Documents } from '../../core/ports';
import type { AgentEvent } from '../../protocol/events';
import { type Completion, type HostMessage, type PanelMessage, type PendingFile, zPanelMessage } from '../../protocol/messages';
import type { Mode } from '../../protocol/permission';
import { confirmSwitch } from '../confirm-switch';
import type { Connector } from '../connector';
import type { Picks } from '../picks';
import type { SessionController } from '../session-controller';
import type { EditorSettings } from '../settings';
import { createContextFeed } from './context-feed';
import { contentOf } from './expand';
import type { Draft, PanelMemory } from './memory';
import { createOutbox } from './outbox';
import { pageBefore } from './pages';
import { runPanelCommand } from './panel-commands';
import { createPreviews } from './previews';
import { problemOf } from './problem';
import { tellRun } from './run-messages';
import { createSessionPages } from './session-pages';
import { eventsOf, idOf, snapshotOf } from './snapshot';
import { attachmentsFromUris, openLink, openPlace } from './workbench';

/** What the panel needs of the reviewer. */
export type PanelReview = {
  pending(): readonly PendingFile[];
  onPending(listener: () => void): vscode.Disposable;
  keep(path?: string): Promise<void>;
  undo(path?: string, feedback?: string): Promise<void>;
  open(path?: string): Promise<void>;
};

export type PanelDeps = {
  readonly controller: SessionController;
  readonly connector: Connector;
  readonly settings: EditorSettings;
  readonly memory: PanelMemory;
  readonly documents: Documents;
  readonly review: PanelReview;
  readonly completions: { find(query: string, show: (items: readonly Completion[]) => void): Promise<void> };
  readonly log: vscode.LogOutputChannel;
  readonly picks: Picks;
};

/** One page, in the side bar or in an editor tab. */
export type Page = {
  post(message: HostMessage): void;
  /** Posts, and settles when the message has come to the window that the page is in. */
  deliver(message: HostMessage): PromiseLike<unknown>;
};

/** Serves every open page from one state: the controller's. Several may be open at once; none of them holds truth. */
export type PanelHost = {
  attach(page: Page): { receive(raw: unknown): Promise<void>; detach(): void };
  submit(text: string, attachments: Draft['attachments']): Promise<void>;
  setMode(mode: Mode): void;
  setModel(model: string): Promise<void>;
  /** Where the user did something last. */
  lastUsed(): Page | undefined;
  dispose(): void;
};

export function createPanelHost(deps: PanelDeps): PanelHost {
  const { controller, connector, memory, review } = deps;
  /** Every page, with the events that are on their way to it. */
  const pages = new Map<Page, ReturnType<typeof createOutbox>>();
  const broadcast = (message: HostMessage) => {
    for (const page of pages.keys()) page.post(message);
  };
  const outboxFor = (page: Page) =>
    createOutbox(async (events) => {
      const session = shownId();
      if (session) await page.deliver({ type: 'events', session, events: events.filter((e) => e.session === session) });
    });
  const previews = createPreviews();
  let used: Page | undefined;
  /** The session that began on the blank page: what a page says of the blank one before it knows is meant for it. */
  let begun: string | null = null;
  const shownId = () => idOf(controller.shown());
  const ownerOf = (session: string | null) => session ?? (begun === shownId() ? begun : null);

  const postSnapshot = (page: Page, began = false) => {
    pages.get(page)?.flush();
    const shown = controller.shown();
    page.post({ type: 'snapshot', snapshot: snapshotOf(shown, deps, previews.of(idOf(shown) ?? ''), began) });
  };
  const snapshots = (began = false) => {
    for (const page of pages.keys()) postSnapshot(page, began);
  };
  const toOthers = (page: Page, message: HostMessage) => {
    for (const other of pages.keys()) if (other !== page) other.post(message);
  };
  function onShown(began: boolean): void {
    if (began) {
      begun = shownId();
      if (begun) void memory.begun(begun);
    }
    snapshots(began);
  }
  function onEvent(event: AgentEvent): void {
    previews.note(event);
    for (const outbox of pages.values()) outbox.push(event);
    // From here on the log keeps what was sent.
    if (event.type === 'message_queued' || (event.type === 'user_message' && !event.queueId))
      void memory.sent(event.session === shownId() ? event.session : null, event);
  }
  const sendConnection = () => {
    const { connection, models, model } = snapshotOf(controller.shown(), deps);
    broadcast({ type: 'connection', connection, models, model });
  };
  const context = createContextFeed(deps);
  const sessions = createSessionPages(controller);
  const stops = [controller.onEvent(onEvent), controller.onShown(onShown), connector.onChange(sendConnection)];
  const subscriptions = [
    review.onPending(() => broadcast({ type: 'pending', files: review.pending() })),
    vscode.workspace.onDidGrantWorkspaceTrust(() => snapshots()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => snapshots()),
  ];

  async function submit(text: string, attachments: Draft['attachments'], unsent: () => void = () => {}): Promise<void> {
    const { session, content } = await (async () => {
      try {
        const content = await contentOf(text, attachments, deps.documents);
        await connector.ready(); // a key that was set a moment ago counts
        return { content, session: (await controller.ensure()).session };
      } catch (error) {
        unsent();
        throw error;
      }
    })();
    await memory.remember(text);
    const compact = /^\/compact(?:\s+([\s\S]*))?$/.exec(text.trim());
    if (!compact || attachments.length > 0) return void (await session.send({ text, attachments, content }));
    await memory.sent(session.id, { text, attachments });
    await session.compact(compact[1]);
  }

  /** What is sent stays the draft until it is in the log; what cannot be sent goes back into the composer. */
  async function send({ session, text, attachments }: Extract<PanelMessage, { type: 'send' }>, page: Page): Promise<void> {
    const owner = ownerOf(session);
    if (owner !== shownId()) {
      page.post({
        type: 'problem',
        text: vscode.l10n.t('The message was not sent: another session was opened at that moment.'),
        next: vscode.l10n.t('It is kept as the draft of its session.'),
      });
      return;
    }
    if (memory.isDraft(owner, { text, attachments })) toOthers(page, { type: 'draft', session: owner, text: '', attachments: [] });
    await submit(text, attachments, () => page.post({ type: 'insert', text, attachments, focus: false }));
  }

  function setMode(mode: Mode): void {
    const shown = controller.shown();
    deps.picks.pickMode(mode);
    if (shown.kind === 'live') shown.live.session.setMode(mode);
    else snapshots();
  }

  async function setModel(model: string): Promise<void> {
    const shown = controller.shown();
    const refused = shown.kind === 'live' && !(await confirmSwitch(shown.live.session, model, connector.state().models));
    if (!refused) {
      if (shown.kind === 'live') shown.live.session.setModel(model);
      deps.picks.pickModel(model);
    }
    sendConnection();
  }

  async function handle(message: PanelMessage, page: Page): Promise<void> {
    const shown = controller.shown();
    const live = shown.kind === 'live' ? shown.live : null;
    switch (message.type) {
      case 'ready': {
        // Whatever is out of order is said on a page that is there, not by an empty one.
        const trouble = await connector
          .ready()
          .then(() => controller.restore())
          .then(() => null, problemOf);
        postSnapshot(page);
        if (trouble) page.post(trouble);
        return;
      }
      case 'send':
        return send(message, page);
      case 'unqueue':
      case 'stop':
      case 'continue':
      case 'raise_limit':
      case 'keep_limit':
      case 'settle_effect':
      case 'decide':
      case 'answer':
        // Nobody waits for that word: the page is shown how things stand.
        if (!live || !(await tellRun(live, message, connector.ready))) postSnapshot(page);
        return;
      case 'watch_context':
      case 'undo_compaction':
      case 'edit_summary':
      case 'compact':
      case 'evict':
      case 'undo_eviction':
      case 'pin':
        return context.handle(message, page);
      case 'set_mode':
        return setMode(message.mode);
      case 'set_model':
        return setModel(message.model);
      case 'draft': {
        const session = ownerOf(message.session);
        const kept = memory.setDraft(session, message);
        toOthers(page, { type: 'draft', session, ...memory.draft(session) });
        return kept;
      }
      case 'complete':
        return deps.completions.find(message.query, (items) => page.post({ type: 'completions', id: message.id, items }));
      case 'attach_uris':
        return page.post({ type: 'insert', text: '', attachments: await attachmentsFromUris(message.uris), focus: true });
      case 'open':
        return openPlace(message.path, message.line, message.column);
      case 'open_link':
        return openLink(message.url);
      case 'review':
        if (message.action === 'keep') return review.keep(message.path);
        return message.action === 'undo' ? review.undo(message.path, message.feedback) : review.open(message.path);
      case 'more': {
        const session = idOf(shown);
        if (session) page.post({ type: 'older', session, ...pageBefore(eventsOf(shown), message.before) });
        return;
      }
      case 'rewind':
      case 'redo_rewind':
      case 'fork':
      case 'list_sessions':
      case 'new_session':
      case 'open_session':
      case 'rename_session':
      case 'delete_session':
      case 'export_session':
        return sessions.handle(message, page);
      case 'command':
        return runPanelCommand(message.name);
      case 'focus':
        await vscode.commands.executeCommand('setContext', 'plumb.focus', message.inside);
        return;
      default:
        return message satisfies never;
    }
  }

  return {
    attach(page) {
      pages.set(page, outboxFor(page));
      return {
        async receive(raw) {
          const parsed = zPanelMessage.safeParse(raw);
          if (!parsed.success) {
            deps.log.warn(`A message from the panel does not fit its schema and was dropped: ${z.prettifyError(parsed.error)}`);
            return page.post({
              type: 'problem',
              text: vscode.l10n.t('The panel sent something that Plumb does not understand.'),
              next: vscode.l10n.t('Reload the window. If it comes back, report it.'),
            });
          }
          if (parsed.data.type !== 'ready' && !(parsed.data.type === 'focus' && parsed.data.inside === 'none')) used = page;
          try {
            await handle(parsed.data, page);
          } catch (error) {
            deps.log.error(error instanceof Error ? error : String(error));
            broadcast(problemOf(error));
          }
        },
        detach() {
          pages.get(page)?.dispose();
          pages.delete(page);
          sessions.detach(page);
          if (used === page) used = undefined;
          context.detach(page);
        },
      };
    },
    submit,
    setMode,
    setModel,
    lastUsed: () => used,
    dispose() {
      for (const outbox of pages.values()) outbox.dispose();
      context.dispose();
      for (const stop of stops) stop();
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}
