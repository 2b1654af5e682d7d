import fuzzysort from 'fuzzysort';
import * as vscode from 'vscode';
import type { Completion } from '../../protocol/messages';

/** Candidates in the list, and files kept in the index: a workspace of 100,000 files must still answer at once. */
const SHOWN = 12;
const SYMBOLS = 4;
const INDEXED = 100_000;
/** How far from the name a match may be: `crtjs` still finds `src/cart.js`, as it does in the editor's own quick open. */
const FAR = 0.2;
const EXCLUDE = '{**/node_modules/**,**/.git/**,**/dist/**,**/out/**}';

type Entry = { readonly label: string; readonly path: string; readonly folder: boolean };

/**
 * Candidates for an @-mention: files and folders by fuzzy match over an index that is kept up to date, symbols by the
 * editor's own providers, and the selection, the problems and open terminals when their names fit.
 */
export function createCompletions(): {
  /** Shows what is known at once, and again when the language servers have named their symbols. */
  find(query: string, show: (items: readonly Completion[]) => void): Promise<void>;
  dispose(): void;
} {
  let index: Promise<readonly Entry[]> | null = null;
  const stale = () => {
    index = null;
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
  const subscriptions = [
    watcher,
    watcher.onDidCreate(stale),
    watcher.onDidDelete(stale),
    vscode.workspace.onDidChangeWorkspaceFolders(stale),
  ];

  return {
    async find(query, show) {
      index ??= buildIndex();
      const naming = query.length >= 2 ? findSymbols(query) : undefined;
      const known = [...special(query), ...matchFiles(await index, query)];
      show(known.slice(0, SHOWN));
      const symbols = (await naming)?.slice(0, SYMBOLS) ?? [];
      if (symbols.length > 0) show([...known.slice(0, SHOWN - symbols.length), ...symbols]);
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

async function buildIndex(): Promise<readonly Entry[]> {
  const uris = await vscode.workspace.findFiles('**/*', EXCLUDE, INDEXED);
  const folders = new Map<string, Entry>();
  const files = uris.map((uri): Entry => {
    const label = vscode.workspace.asRelativePath(uri);
    const parts = label.split('/');
    for (let i = 1; i < parts.length; i++) {
      const folder = parts.slice(0, i).join('/');
      const path = vscode.Uri.joinPath(uri, ...Array<string>(parts.length - i).fill('..')).fsPath;
      if (!folders.has(folder)) folders.set(folder, { label: folder, path, folder: true });
    }
    return { label, path: uri.fsPath, folder: false };
  });
  return [...files, ...folders.values()];
}

function matchFiles(entries: readonly Entry[], query: string): readonly Completion[] {
  const open = new Set(vscode.workspace.textDocuments.map((d) => d.uri.fsPath));
  const found = query
    ? fuzzysort.go(query, entries, { key: 'label', limit: SHOWN * 2, threshold: FAR }).map((r) => r.obj)
    : [...entries].sort((a, b) => Number(open.has(b.path)) - Number(open.has(a.path)) || a.label.length - b.label.length).slice(0, SHOWN);
  return found.map((entry) => ({
    label: entry.label.split('/').at(-1) ?? entry.label,
    detail: entry.label,
    icon: entry.folder ? 'folder' : 'file',
    attachment: entry.folder ? { kind: 'folder', path: entry.path } : { kind: 'file', path: entry.path },
  }));
}

async function findSymbols(query: string): Promise<readonly Completion[]> {
  const found = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>(
    'vscode.executeWorkspaceSymbolProvider',
    query,
  );
  return (found ?? [])
    .filter((s) => s.location.uri.scheme === 'file' && vscode.workspace.getWorkspaceFolder(s.location.uri))
    .slice(0, 8)
    .map((s) => {
      const line = s.location.range.start.line + 1;
      // Some servers write functions with their parentheses.
      const name = s.name.replace(/\(\)$/, '');
      const where = `${vscode.workspace.asRelativePath(s.location.uri)}:${line}`;
      return {
        label: name,
        detail: where,
        icon: 'symbol',
        attachment: { kind: 'symbol', path: s.location.uri.fsPath, name, line },
      };
    });
}

function special(query: string): readonly Completion[] {
  const fits = (name: string) => name.startsWith(query.toLowerCase());
  const out: Completion[] = [];
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor && !editor.selection.isEmpty && fits('selection')) {
    const attachment = selectionOf(editor);
    out.push({
      label: 'selection',
      detail: `${vscode.workspace.asRelativePath(editor.document.uri)}:${attachment.from}-${attachment.to}`,
      icon: 'selection',
      attachment,
    });
  }
  const problems = vscode.languages.getDiagnostics().reduce((n, [, list]) => n + list.length, 0);
  if (problems > 0 && fits('problems')) {
    out.push({
      label: 'problems',
      detail: vscode.l10n.t('{0} in the workspace', problems),
      icon: 'problem',
      attachment: { kind: 'problems' },
    });
  }
  return out;
}

/** The selected lines of an editor as an attachment. */
export function selectionOf(editor: vscode.TextEditor) {
  const { document, selection } = editor;
  return {
    kind: 'selection' as const,
    path: document.uri.fsPath,
    from: selection.start.line + 1,
    to: selection.end.line + 1,
    text: document.getText(selection),
  };
}
