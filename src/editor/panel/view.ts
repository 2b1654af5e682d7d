import * as vscode from 'vscode';
import type { Attachment } from '../../protocol/blocks';
import type { FocusTarget } from '../../protocol/messages';
import type { Page, PanelHost } from './host';
import { panelHtml } from './html';

const VIEW_ID = 'plumb.chat';
const TAB_TYPE = 'plumb.chatTab';

/** Where the panel is shown: the view in the side bar and any number of editor tabs, all fed by one host. */
export type PanelViews = {
  /** True while a person can see at least one page. */
  visible(): boolean;
  setBadge(count: number, tooltip: string): void;
  /** Where the user was last, when that is a tab in view; else in the side bar. */
  reveal(target: FocusTarget): Promise<void>;
  /** Reveals the composer and adds to what is in it. */
  compose(text: string, attachments: readonly Attachment[]): Promise<void>;
  /** The tab that is open, or a new one. */
  openTab(): Promise<void>;
  readonly disposables: readonly vscode.Disposable[];
};

export function registerPanelViews(host: PanelHost, extension: vscode.Uri): PanelViews {
  const visible = new Set<object>();
  const tabs = new Map<Page, vscode.WebviewPanel>();
  let view: { readonly view: vscode.WebviewView; readonly page: Page } | undefined;

  /** `drawn`: the page has been written; what kept it from that is the editor's to show. */
  function serve(webview: vscode.Webview): { readonly page: Page; readonly served: vscode.Disposable; readonly drawn: Promise<void> } {
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
    };
    const page: Page = {
      post: (message) => void webview.postMessage(message),
      deliver: (message) => webview.postMessage(message),
    };
    const attached = host.attach(page);
    const listening = webview.onDidReceiveMessage((raw: unknown) => attached.receive(raw));
    let gone = false;
    const draw = async () => {
      const html = await panelHtml(webview, extension);
      if (!gone) webview.html = html;
    };
    const leave = () => {
      gone = true;
      attached.detach();
    };
    return { page, served: vscode.Disposable.from(listening, { dispose: leave }), drawn: draw() };
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

  function serveTab(panel: vscode.WebviewPanel): Promise<void> {
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'plumb.svg');
    const { page, served, drawn } = serve(panel.webview);
    tabs.set(page, panel);
    watch(panel, (listener) => panel.onDidChangeViewState(listener), served);
    panel.onDidDispose(() => tabs.delete(page));
    return drawn;
  }

  const tabOptions = { enableScripts: true, retainContextWhenHidden: true, enableFindWidget: true };
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      const { page, served, drawn } = serve(resolved.webview);
      view = { view: resolved, page };
      watch(resolved, (listener) => resolved.onDidChangeVisibility(listener), served);
      // A view that is moved is made anew before the old one is gone.
      resolved.onDidDispose(() => {
        if (view?.view === resolved) view = undefined;
      });
      return drawn;
    },
  };

  /** Shows the page that the user means, and names it. */
  async function front(): Promise<Page | undefined> {
    const used = host.lastUsed();
    const tab = used && tabs.get(used);
    if (!tab?.visible) {
      await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
      return view?.page;
    }
    tab.reveal(undefined, false);
    return used;
  }

  return {
    visible: () => visible.size > 0,
    setBadge(count, tooltip) {
      if (view) view.view.badge = count > 0 ? { value: count, tooltip } : undefined;
    },
    async reveal(target) {
      (await front())?.post({ type: 'focus', target });
    },
    async compose(text, attachments) {
      (await front())?.post({ type: 'insert', text, attachments, focus: true });
    },
    async openTab() {
      const [tab] = tabs.values();
      if (tab) tab.reveal();
      else await serveTab(vscode.window.createWebviewPanel(TAB_TYPE, 'Plumb', vscode.ViewColumn.Active, tabOptions));
    },
    disposables: [
      vscode.window.registerWebviewViewProvider(VIEW_ID, provider, { webviewOptions: { retainContextWhenHidden: true } }),
      vscode.window.registerWebviewPanelSerializer(TAB_TYPE, { deserializeWebviewPanel: serveTab }),
    ],
  };
}
