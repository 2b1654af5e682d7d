import * as vscode from 'vscode';
import { z } from 'zod';
import { messageOf } from '../../core/errors';
import { type LogHostMessage, type LogViewMessage, zLogViewMessage } from '../../protocol/log-view';
import type { SystemRecord } from '../../protocol/system-log';
import { pageHtml } from '../panel/html';
import { exportSystemLog } from '../system-log';
import { createLogRows } from './rows';

const TAB_TYPE = 'plumb.logTab';
/** How often a page that is shown looks for what other processes wrote. */
const LOOK_MS = 1_000;

export type LogViewDeps = {
  readonly extension: vscode.Uri;
  /** Follows the log's files from their beginning, one for each page. */
  readonly tail: () => { look(): Promise<{ readonly anew: boolean; readonly records: readonly SystemRecord[] }> };
  readonly flush: () => Promise<void>;
  readonly log: vscode.LogOutputChannel;
};

/** The system log as a page in an editor tab. The page holds no records but those in sight. */
export type LogView = { open(): Promise<void>; readonly disposables: readonly vscode.Disposable[] };

export function createLogView(deps: LogViewDeps): LogView {
  let shown: vscode.WebviewPanel | undefined;

  async function serve(panel: vscode.WebviewPanel): Promise<void> {
    shown = panel;
    const { webview } = panel;
    const rows = createLogRows();
    const tail = deps.tail();
    let looking: Promise<void> | null = null;
    const post = (message: LogHostMessage) => void webview.postMessage(message);
    const postState = () => post({ type: 'state', state: rows.state() });

    async function look(): Promise<void> {
      await deps.flush();
      const news = await tail.look();
      if (!news.anew && news.records.length === 0) return;
      rows.take(news);
      postState();
    }
    /** One look at a time; what fails is told on the page. */
    function lookOnce(): Promise<void> {
      looking ??= look()
        .catch((error: unknown) => {
          deps.log.error(error instanceof Error ? error : String(error));
          post({ type: 'problem', text: vscode.l10n.t('The log could not be read: {0}', messageOf(error)) });
        })
        .finally(() => {
          looking = null;
        });
      return looking;
    }

    async function handle(message: LogViewMessage): Promise<void> {
      switch (message.type) {
        case 'ready':
          post({ type: 'strings', strings: vscode.l10n.bundle ?? {} });
          rows.filter(message.filter);
          await lookOnce();
          return postState();
        case 'filter':
          rows.filter(message.filter);
          return postState();
        case 'rows': {
          const { version } = rows.state();
          if (message.version === version)
            post({ type: 'rows', version, from: message.from, rows: rows.rows(message.from, message.count) });
          return;
        }
        case 'export':
          return exportSystemLog(rows.matching());
        case 'open_session':
          return void (await vscode.commands.executeCommand('plumb.openSession', message.session));
        default:
          return message satisfies never;
      }
    }

    panel.iconPath = vscode.Uri.joinPath(deps.extension, 'media', 'plumb.svg');
    webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(deps.extension, 'dist')] };
    const listening = webview.onDidReceiveMessage(async (raw: unknown) => {
      const parsed = zLogViewMessage.safeParse(raw);
      if (!parsed.success) return deps.log.warn(`A message from the log view was dropped: ${z.prettifyError(parsed.error)}`);
      try {
        await handle(parsed.data);
      } catch (error) {
        deps.log.error(error instanceof Error ? error : String(error));
        post({ type: 'problem', text: messageOf(error) });
      }
    });
    const timer = setInterval(() => {
      if (panel.visible) void lookOnce();
    }, LOOK_MS);
    panel.onDidDispose(() => {
      if (shown === panel) shown = undefined;
      clearInterval(timer);
      listening.dispose();
    });
    const html = await pageHtml(webview, deps.extension, 'log', vscode.l10n.t('Plumb log'));
    if (shown === panel) webview.html = html;
  }

  return {
    async open() {
      if (shown) return shown.reveal();
      const options = { enableScripts: true, retainContextWhenHidden: true };
      await serve(vscode.window.createWebviewPanel(TAB_TYPE, vscode.l10n.t('Plumb log'), vscode.ViewColumn.Active, options));
    },
    disposables: [
      vscode.window.registerWebviewPanelSerializer(TAB_TYPE, { deserializeWebviewPanel: serve }),
      { dispose: () => shown?.dispose() },
    ],
  };
}
