import * as vscode from 'vscode';
import type { LanguageServer } from '../../protocol/settings';
import { type Running, runServer } from './running';

export type LanguageServers = vscode.Disposable & {
  /** The servers that were started, in the order of their names. */
  running(): readonly Running[];
  /** A list of them with their state: choosing one shows its log, restarts it or stops it. */
  show(): Promise<void>;
};

/**
 * Starts the servers of `plumb.languageServers` when a document of one of their languages is open, in a trusted
 * workspace only; a changed setting restarts what it changed.
 */
export function registerLanguageServers(configured: () => Readonly<Record<string, LanguageServer>>): LanguageServers {
  const running = new Map<string, { readonly server: Running; readonly config: string }>();
  // Kept while the window lives: a server that is being stopped still writes its last lines.
  const channels = new Map<string, vscode.LogOutputChannel>();
  const channelOf = (id: string) => {
    const channel = channels.get(id) ?? vscode.window.createOutputChannel(`Plumb: ${id}`, { log: true });
    channels.set(id, channel);
    return channel;
  };
  const problem = (text: string) => void vscode.window.showWarningMessage(text);

  async function settle(): Promise<void> {
    const wanted = vscode.workspace.isTrusted ? configured() : {};
    for (const [id, { server, config }] of running) {
      if (JSON.stringify(wanted[id]) === config) continue;
      running.delete(id);
      await server.stop();
    }
    const open = new Set(vscode.workspace.textDocuments.map((document) => document.languageId));
    for (const [id, server] of Object.entries(wanted)) {
      if (running.has(id) || !server.languages.some((language) => open.has(language))) continue;
      running.set(id, { server: runServer(id, server, channelOf(id), problem), config: JSON.stringify(server) });
    }
  }

  let chain = Promise.resolve();
  const later = () => {
    chain = chain.then(settle).catch((error: unknown) => problem(String(error)));
  };
  later();
  const subscriptions = [
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidGrantWorkspaceTrust(later),
    vscode.workspace.onDidChangeConfiguration((e) => e.affectsConfiguration('plumb.languageServers') && later()),
  ];
  const list = () => [...running.values()].map(({ server }) => server).sort((a, b) => a.id.localeCompare(b.id));

  return {
    running: list,
    async show() {
      const items = list().map((server) => ({ label: server.id, description: server.status(), server }));
      if (items.length === 0) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t(
            'No language server of yours runs. Name them in plumb.languageServers; they start when a document of their language opens.',
          ),
        );
        return;
      }
      const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Language servers') });
      if (!picked) return;
      const actions = [
        { label: vscode.l10n.t('Show log'), run: async () => picked.server.showLog() },
        { label: vscode.l10n.t('Restart'), run: () => picked.server.restart() },
      ];
      await (await vscode.window.showQuickPick(actions, { title: `${picked.label}: ${picked.description}` }))?.run();
    },
    dispose() {
      vscode.Disposable.from(...subscriptions).dispose();
      for (const server of list()) void server.stop();
      running.clear();
    },
  };
}
