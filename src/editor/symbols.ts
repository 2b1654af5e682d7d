import {
  commands,
  type DocumentSymbol,
  type Hover,
  type Location,
  type LocationLink,
  l10n,
  MarkdownString,
  Position,
  type Range,
  type SymbolInformation,
  SymbolKind,
  type Uri,
  type WorkspaceEdit,
  workspace,
} from 'vscode';
import { messageOf, ToolError } from '../core/errors';
import type { SymbolInfo, Symbols } from '../core/ports/language';
import type { Place } from '../protocol/display';
import { createTsServer } from './diagnostics/ts-server';
import { fileFailure } from './documents/failures';
import { checkFile, openDocument, readDisk } from './documents/load';
import { applyChanges } from './documents/text-changes';
import { pathOf, uriOf } from './documents/uris';

/** How long a language server may take to load a project before its first answer is taken for what it is. */
const COLD_MS = 15_000;
const POLL_MS = 200;

/** The symbols port over the providers that the editor has for each language. */
export function createEditorSymbols(): Symbols {
  /** Languages, and for TypeScript files, that have answered before. */
  const warm = new Set<string>();
  const ts = createTsServer();

  /**
   * A server that is still loading answers wrongly, not slowly: no symbols, one reference, "(loading...)". So before
   * the first question about a language its file must have symbols, or the wait must have been long.
   */
  async function ready(path: string, signal: AbortSignal): Promise<Uri> {
    const uri = uriOf(path);
    await checkFile(uri, path, false);
    const { languageId } = await openOr(uri, path);
    if (await ts.handles(uri)) {
      // While a project loads, a second server that knows single files only answers in its place; this question waits for the real one.
      if (!warm.has(uri.toString())) await ts.problems(uri, path, COLD_MS, signal);
      warm.add(uri.toString());
      return uri;
    }
    if (warm.has(languageId)) return uri;
    for (const end = Date.now() + COLD_MS; Date.now() < end; await pause(POLL_MS, signal)) {
      const symbols = await ask<unknown[]>(signal, 'vscode.executeDocumentSymbolProvider', uri);
      if (symbols === undefined && !mayAnswerLater(languageId)) break;
      if (symbols?.length) break;
    }
    warm.add(languageId);
    return uri;
  }

  async function places(command: string, at: Place, signal: AbortSignal): Promise<readonly Place[]> {
    const uri = await ready(at.path, signal);
    const position = positionOf(at);
    return toPlaces((await ask<(Location | LocationLink)[]>(signal, command, uri, position)) ?? []);
  }

  return {
    definition: (at, signal) => places('vscode.executeDefinitionProvider', at, signal),

    async references(at, signal) {
      const first = await places('vscode.executeReferenceProvider', at, signal);
      // Only the declaration: true for an unused symbol, and what a project that is not loaded whole says of any.
      return first.length > 1 ? first : places('vscode.executeReferenceProvider', at, signal);
    },

    async hover(at, signal) {
      const uri = await ready(at.path, signal);
      const hovers = (await ask<Hover[]>(signal, 'vscode.executeHoverProvider', uri, positionOf(at))) ?? [];
      return hovers
        .flatMap((hover) => hover.contents.map(textOf))
        .filter((text) => text.trim() !== '')
        .join('\n\n');
    },

    async inFile(path, signal) {
      const uri = await ready(path, signal);
      const symbols = (await ask<(DocumentSymbol | SymbolInformation)[]>(signal, 'vscode.executeDocumentSymbolProvider', uri)) ?? [];
      return symbols.flatMap((symbol) => flatten(path, symbol, undefined));
    },

    async inWorkspace(query, signal) {
      const symbols = (await ask<SymbolInformation[]>(signal, 'vscode.executeWorkspaceSymbolProvider', query)) ?? [];
      return symbols.flatMap((symbol) => {
        const path = pathOf(symbol.location.uri);
        return path === undefined ? [] : [infoOf(path, symbol, symbol.location.range.start, symbol.containerName || undefined)];
      });
    },

    async rename(at, name, signal) {
      const uri = await ready(at.path, signal);
      let edit: WorkspaceEdit | undefined;
      try {
        edit = await ask<WorkspaceEdit>(signal, 'vscode.executeDocumentRenameProvider', uri, positionOf(at), name);
      } catch (error) {
        signal.throwIfAborted();
        throw cannotRename(messageOf(error));
      }
      if (!edit || edit.size === 0) throw cannotRename(l10n.t('no language server offers it there.'));
      return Promise.all(edit.entries().map(([target, edits]) => renamedText(target, edits)));
    },
  };
}

/** Asks a provider; rejects with an AbortError soon after the signal fires, whatever the provider does. */
async function ask<T>(signal: AbortSignal, command: string, ...args: readonly unknown[]): Promise<T | undefined> {
  signal.throwIfAborted();
  return new Promise<T | undefined>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    commands.executeCommand<T | undefined>(command, ...args).then(
      (value) => {
        signal.removeEventListener('abort', stop);
        resolve(value ?? undefined);
      },
      (error) => {
        signal.removeEventListener('abort', stop);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

async function openOr(uri: Uri, path: string) {
  try {
    return await workspace.openTextDocument(uri);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

function positionOf(at: Place): Position {
  return new Position(Math.max(0, at.line - 1), Math.max(0, (at.column ?? 1) - 1));
}

async function toPlaces(found: readonly (Location | LocationLink)[]): Promise<Place[]> {
  const lines = new Map<string, readonly string[]>();
  const places: Place[] = [];
  for (const target of found) {
    const uri = 'targetUri' in target ? target.targetUri : target.uri;
    const start = 'targetUri' in target ? (target.targetSelectionRange ?? target.targetRange).start : target.range.start;
    const path = pathOf(uri);
    if (path === undefined) continue;
    if (!lines.has(path)) lines.set(path, await linesOf(uri, path));
    const text = lines.get(path)?.[start.line]?.trim();
    places.push({ path, line: start.line + 1, column: start.character + 1, ...(text === undefined ? {} : { text }) });
  }
  return places;
}

/** The lines of a target, for showing; a server may point at files that have none. */
async function linesOf(uri: Uri, path: string): Promise<readonly string[]> {
  try {
    return (openDocument(uri)?.getText() ?? (await readDisk(uri, path)).text).split(/\r\n|\r|\n/);
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}

function flatten(path: string, symbol: DocumentSymbol | SymbolInformation, container: string | undefined): SymbolInfo[] {
  // The command hands out objects that carry the members of both types: the tree is the richer one.
  if (!('children' in symbol)) return [infoOf(path, symbol, symbol.location.range.start, symbol.containerName || container)];
  const own = infoOf(path, symbol, symbol.selectionRange.start, container);
  return [own, ...symbol.children.flatMap((child) => flatten(path, child, symbol.name))];
}

function infoOf(path: string, { name, kind }: { name: string; kind: SymbolKind }, at: Position, container: string | undefined): SymbolInfo {
  return {
    name,
    kind: kindName(kind),
    path,
    line: at.line + 1,
    column: at.character + 1,
    ...(container === undefined ? {} : { container }),
  };
}

function kindName(kind: SymbolKind): string {
  return (SymbolKind[kind] ?? 'symbol').replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function textOf(content: Hover['contents'][number]): string {
  if (typeof content === 'string') return content;
  return content instanceof MarkdownString
    ? content.value
    : `\`\`\`${'language' in content ? content.language : ''}\n${content.value}\n\`\`\``;
}

async function renamedText(uri: Uri, edits: readonly { readonly range: Range; readonly newText: string }[]) {
  const path = pathOf(uri);
  if (path === undefined) throw cannotRename(l10n.t('it would change {0}, which is no file.', uri.toString(true)));
  const document = await openOr(uri, path);
  const changes = edits.map(({ range, newText }) => {
    const offset = document.offsetAt(range.start);
    return { offset, length: document.offsetAt(range.end) - offset, text: newText };
  });
  return { path, text: applyChanges(document.getText(), changes) };
}

function cannotRename(why: string): ToolError {
  return new ToolError(
    l10n.t('This cannot be renamed: {0}', why),
    l10n.t('Check line and column: they must be on the name itself. Otherwise change it with edit_file.'),
  );
}

/** Languages that ship with the editor have a server that starts on its own; others may have none at all. */
function mayAnswerLater(languageId: string): boolean {
  return /^(?:json|css|scss|less|html|markdown)/.test(languageId);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}
