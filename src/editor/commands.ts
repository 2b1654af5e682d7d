import * as vscode from 'vscode';
import { messageOf } from '../core/errors';
import { exportMarkdown } from '../core/export';
import type { Standing } from '../core/registry';
import type { Attachment } from '../protocol/blocks';
import { zMode } from '../protocol/permission';
import type { SystemRecord } from '../protocol/system-log';
import { isRunning } from '../protocol/workflow';
import { fromEditor, fromExplorer, fromProblems, fromTerminal } from './attach';
import type { Connector } from './connector';
import { type Deletion, deleteSession } from './delete-session';
import type { KeyStore } from './key';
import type { PanelHost } from './panel/host';
import type { PanelMemory } from './panel/memory';
import type { PanelViews } from './panel/view';
import { problemToFix } from './problem-to-fix';
import { noLimit, raiseLimit } from './raise-limit';
import type { Authors } from './review/authors';
import { pickCheckpoint, redoRewind, rewind } from './rewind';
import type { Live, SessionController } from './session-controller';
import { showTools } from './show-tools';
import { exportSystemLog } from './system-log';
import { tellVerification, type Verifier } from './verify-session';

export type CommandContext = {
  readonly controller: SessionController;
  readonly connector: Connector;
  readonly host: PanelHost;
  readonly views: PanelViews;
  readonly keys: KeyStore;
  readonly memory: PanelMemory;
  readonly authors: Authors;
  readonly review: Deletion['review'];
  readonly log: vscode.LogOutputChannel;
  /** False where the editor has no log files, and so nothing to show in the channel: in the browser, or without its native part. */
  readonly hasLogFile: () => Promise<boolean>;
  readonly languageServers: { show(): Promise<void> };
  /** Every tool of the shown session, or of one that would begin now. */
  readonly tools: () => Promise<readonly Standing[]>;
  readonly logView: { open(): void };
  readonly systemLog: { read(): Promise<readonly SystemRecord[]>; forget(session: string): Promise<void> };
  readonly verifier: Verifier;
  readonly store: { read(id: string): Promise<{ readonly events: Parameters<typeof exportMarkdown>[0] }> };
};

type Command = (context: CommandContext, ...args: readonly unknown[]) => unknown;

/**
 * Every action of the panel as a command of the editor. Each row has its twin in `package.json`; a test holds the two
 * together.
 */
export const COMMANDS: Readonly<Record<string, Command>> = {
  'plumb.focus': ({ views }) => views.reveal('composer'),
  'plumb.focusPermission': async ({ controller, views }) => {
    const waits = (live: Live) => live.session.state().asks.length + live.session.state().questions.length > 0;
    const shown = controller.shown();
    const waiting = controller.live().find(waits);
    if (!waiting) tell(vscode.l10n.t('Nothing waits for your word.'));
    // A session in the background may be the one that waits.
    if (waiting && !(shown.kind === 'live' && waits(shown.live))) await controller.show(waiting.session.id);
    await views.reveal('dock');
  },
  'plumb.showContext': ({ views }) => views.reveal('context'),
  'plumb.showSessions': ({ views }) => views.reveal('sessions'),
  'plumb.openInEditor': ({ views }) => views.openTab(),
  'plumb.newSession': async ({ controller, views }) => {
    await controller.startNew();
    await views.reveal('composer');
  },
  'plumb.openSession': async (context, given) => {
    const id = typeof given === 'string' ? given : await pickSession(context, vscode.l10n.t('Open a session'));
    if (id) await context.controller.show(id);
  },
  'plumb.renameSession': async (context) => {
    const id = await pickSession(context, vscode.l10n.t('Rename a session'));
    if (!id) return;
    const title = await vscode.window.showInputBox({ title: vscode.l10n.t('New title') });
    if (title?.trim()) await context.controller.rename(id, title.trim());
  },
  'plumb.deleteSession': async (context, given) => {
    const id = typeof given === 'string' ? given : await pickSession(context, vscode.l10n.t('Delete a session'));
    if (!id) return;
    await deleteSession(context, id);
  },
  'plumb.exportSession': async (context, given) => {
    const id = typeof given === 'string' ? given : await pickSession(context, vscode.l10n.t('Export a session'));
    if (!id) return;
    // One whose log is gone can still be exported as long as it is open.
    const open = context.controller.live().find((live) => live.session.id === id);
    const events = open?.session.events() ?? (await context.store.read(id)).events;
    const document = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: exportMarkdown(events, await context.verifier.agentOf(id)),
    });
    await vscode.window.showTextDocument(document, { preview: false });
  },
  'plumb.verifySession': async (context, given) => {
    const { controller, verifier } = context;
    const shown = controller.shown();
    const shownId = shown.kind === 'live' ? shown.live.session.id : shown.kind === 'held' ? shown.id : undefined;
    const id = typeof given === 'string' ? given : (shownId ?? (await pickSession(context, vscode.l10n.t('Verify a session'))));
    if (id) await tellVerification(verifier, id, controller.live().find((live) => live.session.id === id)?.session);
  },
  'plumb.stop': ({ controller }) => {
    const session = shownSession(controller);
    if (session && !isRunning(session.state().workflow)) return tell(vscode.l10n.t('No run is under way.'));
    session?.cancel();
  },
  'plumb.continue': async ({ controller }) => {
    const session = shownSession(controller);
    if (session && isRunning(session.state().workflow)) return tell(vscode.l10n.t('The run is under way.'));
    if (session && !session.state().title) return tell(vscode.l10n.t('Nothing was asked in this session yet.'));
    await session?.resume();
  },
  'plumb.raiseLimit': async ({ controller }) => {
    const session = shownSession(controller);
    if (session) await raiseLimit(session);
  },
  'plumb.keepLimit': ({ controller }) => {
    const session = shownSession(controller);
    if (session && !session.keepLimit()) tell(noLimit());
  },
  'plumb.showSpend': ({ views }) => views.reveal('spend'),
  'plumb.compact': async ({ controller }) => {
    const session = shownSession(controller);
    if (!session) return void vscode.window.showInformationMessage(vscode.l10n.t('There is no conversation to condense yet.'));
    const title = vscode.l10n.t('Plumb: Compact now');
    const prompt = vscode.l10n.t('What must the summary keep? Leave empty for nothing in particular.');
    const instructions = await vscode.window.showInputBox({ title, prompt });
    if (instructions === undefined) return;
    if (isRunning(session.state().workflow))
      void vscode.window.showInformationMessage(vscode.l10n.t('The conversation is condensed after the step that is under way.'));
    await session.compact(instructions);
  },
  'plumb.undoCompaction': ({ controller }) => {
    const session = shownSession(controller);
    if (session && !session.undoCompaction()) tell(vscode.l10n.t('There is nothing to take back, or a run is under way.'));
  },
  'plumb.rewind': async (context, given) => {
    const session = shownSession(context.controller);
    if (!session) return;
    const to = typeof given === 'number' ? given : await pickCheckpoint(session.rewinder.checkpoints(), vscode.l10n.t('Plumb: Rewind'));
    if (to === undefined) return;
    const compose = ({ text, attachments }: { text: string; attachments: readonly Attachment[] }) =>
      void context.views.compose(text, attachments);
    await rewind(session, to, { compose });
  },
  'plumb.redoRewind': async ({ controller }) => {
    const session = shownSession(controller);
    if (session) await redoRewind(session);
  },
  'plumb.fork': async ({ controller, views }, given) => {
    const session = shownSession(controller);
    if (!session) return;
    const to =
      typeof given === 'number' ? given : await pickCheckpoint(session.rewinder.checkpoints(), vscode.l10n.t('Plumb: Fork session'));
    const message = session.events().find((e) => e.seq === to);
    if (message?.type !== 'user_message') return;
    await controller.fork(message.seq);
    await views.compose(message.text, message.attachments);
  },
  'plumb.allowOnce': (context) => decide(context, 'once'),
  'plumb.deny': (context) => decide(context, 'deny'),
  'plumb.setMode': async ({ host }) => {
    const items = zMode.options.map((mode) => ({ label: mode, description: modeText(mode), mode }));
    const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Plumb: Set permission mode') });
    if (picked) host.setMode(picked.mode);
  },
  'plumb.setModel': async ({ host, connector }) => {
    await connector.ready();
    const items = connector.state().choices.map((m) => ({ label: m.name, description: m.price, detail: m.id }));
    const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Plumb: Set model') });
    if (picked) await host.setModel(picked.detail);
  },
  'plumb.setKey': async ({ keys, connector }) => {
    const key = await keys.ask();
    if (!key) return;
    const kept = await keys.keep(key);
    await connector.refresh();
    if (kept === 'held') {
      const gone = vscode.l10n.t(
        'The secret storage of the editor did not take the key: Plumb uses it until this window closes or reloads.',
      );
      const instead = vscode.l10n.t('To keep it, set ANTHROPIC_API_KEY in the environment of the editor.');
      void vscode.window.showWarningMessage(`${gone} ${instead}`);
    }
    const stronger = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'].find((name) => process.env[name]?.trim());
    if (!stronger) return;
    const text = vscode.l10n.t('The key was kept, but {0} of the environment is used as long as it is set.', stronger);
    void vscode.window.showWarningMessage(text);
  },
  'plumb.removeKey': async ({ keys, connector }) => {
    await keys.remove();
    await connector.refresh();
    tell(vscode.l10n.t('The API key was removed from the secret storage.'));
  },
  'plumb.openSettings': () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:plumb.plumb'),
  'plumb.openWalkthrough': () => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'plumb.plumb#plumb.start', false),
  'plumb.showLanguageServers': ({ languageServers }) => languageServers.show(),
  'plumb.showTools': async ({ tools }) => showTools(await tools()),
  'plumb.openLog': ({ logView }) => logView.open(),
  'plumb.showLog': async ({ log, hasLogFile, logView }) => {
    log.show();
    if (!(await hasLogFile())) await logView.open();
  },
  'plumb.exportLog': async ({ systemLog }) => exportSystemLog(await systemLog.read()),
  'plumb.addSelection': (context) => insert(context, fromEditor()),
  'plumb.addFile': async (context, clicked, all) => insert(context, await fromExplorer(clicked, all)),
  'plumb.addTerminalSelection': async (context) => insert(context, await fromTerminal()),
  'plumb.addProblems': (context) => insert(context, fromProblems()),
  'plumb.fixProblem': async (context, given) => {
    const problem = await problemToFix(given);
    if (problem) await ask(context, vscode.l10n.t('Fix this problem.'), [problem]);
  },
  'plumb.explainSelection': (context) => ask(context, vscode.l10n.t('Explain this.'), fromEditor()),
};

export function registerCommands(context: CommandContext): vscode.Disposable {
  const run = (id: string, command: Command) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await command(context, ...args);
      } catch (error) {
        context.log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(vscode.l10n.t('Plumb: {0}', messageOf(error)));
      }
    });
  return vscode.Disposable.from(...Object.entries(COMMANDS).map(([id, command]) => run(id, command)));
}

/** The session that is shown; where there is none that can be acted on, that is said. */
function shownSession(controller: SessionController) {
  const shown = controller.shown();
  if (shown.kind === 'live') return shown.live.session;
  const text =
    shown.kind === 'held'
      ? vscode.l10n.t('This session is open in another window: it can only be read here.')
      : vscode.l10n.t('There is no session yet: ask for something in the chat, or open one.');
  tell(text);
  return undefined;
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(text);
}

async function decide({ controller, views }: CommandContext, choice: 'once' | 'deny'): Promise<void> {
  const shown = controller.shown();
  const ask = shown.kind === 'live' ? shown.live.session.state().asks[0] : undefined;
  if (shown.kind === 'live' && ask) return void shown.live.desk.decide(ask.askId, { choice });
  // What waits elsewhere is shown first: nobody allows what they have not seen.
  const elsewhere = controller.live().find((live) => live.session.state().asks.length > 0);
  if (!elsewhere) return tell(vscode.l10n.t('No call waits for your word.'));
  await controller.show(elsewhere.session.id);
  await views.reveal('dock');
}

/** Puts something into the composer, for the user to go on. */
async function insert({ views }: CommandContext, attachments: readonly Attachment[]): Promise<void> {
  if (attachments.length > 0) await views.compose('', attachments);
}

/** Sends a request at once; during a run it waits for the next step. */
async function ask({ host, views }: CommandContext, text: string, attachments: readonly Attachment[]): Promise<void> {
  if (attachments.length === 0) return;
  await views.reveal('composer');
  await host.submit(text, attachments);
}

async function pickSession({ controller }: CommandContext, title: string): Promise<string | undefined> {
  const rows = await controller.list('');
  const items = rows.map((s) => ({
    label: s.title || vscode.l10n.t('Untitled'),
    description: new Date(s.updatedAt).toLocaleString(),
    id: s.id,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
}

function modeText(mode: (typeof zMode.options)[number]): string {
  switch (mode) {
    case 'plan':
      return vscode.l10n.t('Reads and plans; changes nothing');
    case 'ask':
      return vscode.l10n.t('Asks before it changes anything');
    case 'edit':
      return vscode.l10n.t('Edits pass and are reviewed; commands are asked');
    case 'auto':
      return vscode.l10n.t('Asks only for what is destructive or outside');
    default:
      return mode satisfies never;
  }
}
