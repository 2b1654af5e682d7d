import * as vscode from 'vscode';
import type { FocusTarget, HostMessage } from '../../protocol/messages';
import type { PanelHost } from './host';
import { panelHtml } from './html';

const VIEW_ID = 'plumb.chat';
const TAB_TYPE = 'plumb.chatTab';

/** Where the panel is shown: the view in the side bar and any number of editor tabs, all fed by one host. */
export type PanelViews = {
  /** True while a person can see at least one page. */
  visible(): boolean;
  setBadge(count: number, tooltip: string): void;
  reveal(target: FocusTarget): Promise<void>;
  openTab(): void;
  readonly disposables: readonly vscode.Disposable[];
};

export function registerPanelViews(host: PanelHost, extension: vscode.Uri): PanelViews {
  const visible = new Set<object>();
  let view: vscode.WebviewView | undefined;

  function serve(webview: vscode.Webview): vscode.Disposable {
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
    };
    const page = host.attach({ post: (message) => void webview.postMessage(message) });
    const listening = webview.onDidReceiveMessage((raw: unknown) => page.receive(raw));
    webview.html = panelHtml(webview, extension);
    return vscode.Disposable.from(listening, { dispose: () => page.detach() });
  }

  function watch(
    shown: vscode.WebviewView | vscode.WebviewPanel,
    onChange: (listener: () => void) => vscode.Disposable,
    served: vscode.Disposable,
  ): void {
    const note = () => void (shown.visible ? visible.add(shown) : visible.delete(shown));
    note();
    const watching = onChange(note);
    shown.onDidDispose(() => {
      visible.delete(shown);
      vscode.Disposable.from(watching, served).dispose();
    });
  }

  function serveTab(panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'plumb.svg');
    watch(panel, (listener) => panel.onDidChangeViewState(listener), serve(panel.webview));
  }

  const tabOptions = { enableScripts: true, retainContextWhenHidden: true, enableFindWidget: true };
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      watch(resolved, (listener) => resolved.onDidChangeVisibility(listener), serve(resolved.webview));
      resolved.onDidDispose(() => {
        view = undefined;
      });
    },
  };

  return {
    visible: () => visible.size > 0,
    setBadge(count, tooltip) {
      if (view) view.badge = count > 0 ? { value: count, tooltip } : undefined;
    },
    async reveal(target) {
      await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
      const message: HostMessage = { type: 'focus', target };
      host.broadcast(message);
    },
    openTab() {
      serveTab(vscode.window.createWebviewPanel(TAB_TYPE, 'Plumb', vscode.ViewColumn.Active, tabOptions));
    },
    disposables: [
      vscode.window.registerWebviewViewProvider(VIEW_ID, provider, { webviewOptions: { retainContextWhenHidden: true } }),
      vscode.window.registerWebviewPanelSerializer(TAB_TYPE, { deserializeWebviewPanel: async (panel) => serveTab(panel) }),
    ],
  };
}
