import { commands, type DocumentSymbol, type Location, type SymbolInformation, type Uri } from 'vscode';
import { within } from '../within';

const MAX_SYMBOLS = 15;
const MAX_FILES = 20;
/** Each question goes through the window and back, which takes longer than its answer; a few at once leave the server free. */
const AT_ONCE = 5;

/**
 * Other files that use what this file declares at its top level: those that an edit of it can break. Asked before the
 * edit, since what the edit removes has no references afterwards.
 */
export async function dependentsOf(uri: Uri, ms: number, signal: AbortSignal | undefined): Promise<readonly Uri[]> {
  const found = new Map<string, Uri>();
  let over = false;
  const search = async () => {
    const symbols = await commands.executeCommand<(DocumentSymbol | SymbolInformation)[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    const waiting = (symbols ?? []).slice(0, MAX_SYMBOLS);
    const askInTurn = async () => {
      for (let symbol = waiting.shift(); symbol && !over && found.size < MAX_FILES; symbol = waiting.shift()) {
        const at = 'selectionRange' in symbol ? symbol.selectionRange.start : symbol.location.range.start;
        const places = await commands.executeCommand<Location[] | undefined>('vscode.executeReferenceProvider', uri, at);
        for (const place of places ?? []) {
          const key = place.uri.toString();
          if (key !== uri.toString() && place.uri.scheme === 'file' && !place.uri.path.includes('/node_modules/'))
            found.set(key, place.uri);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
  };
  await within(ms, search(), signal);
  over = true;
  return [...found.values()].slice(0, MAX_FILES);
}
