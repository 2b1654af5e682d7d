import { commands, type DocumentSymbol, type Location, type SymbolInformation, type Uri } from 'vscode';
import { within } from '../within';

const MAX_SYMBOLS = 15;
const MAX_FILES = 20;

/**
 * Other files that use what this file declares at its top level: those that an edit of it can break. Asked before the
 * edit, since what the edit removes has no references afterwards.
 */
export async function dependentsOf(uri: Uri, ms: number, signal: AbortSignal | undefined): Promise<readonly Uri[]> {
  const found = new Map<string, Uri>();
  const search = async () => {
    const symbols = await commands.executeCommand<(DocumentSymbol | SymbolInformation)[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    for (const symbol of (symbols ?? []).slice(0, MAX_SYMBOLS)) {
      const at = 'selectionRange' in symbol ? symbol.selectionRange.start : symbol.location.range.start;
      const places = await commands.executeCommand<Location[] | undefined>('vscode.executeReferenceProvider', uri, at);
      for (const place of places ?? []) {
        const key = place.uri.toString();
        if (key !== uri.toString() && place.uri.scheme === 'file' && !place.uri.path.includes('/node_modules/')) found.set(key, place.uri);
      }
      if (found.size >= MAX_FILES) return;
    }
  };
  await within(ms, search(), signal);
  return [...found.values()].slice(0, MAX_FILES);
}
