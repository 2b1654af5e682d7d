import { ToolError } from '../core/errors';
import type { Symbols } from '../core/ports/language';
import { clipLine, namedLines, splitLines } from '../core/text/lines';
import type { Place } from '../protocol/display';
import { existingFile, type Reach, shownPath } from './paths';

export type SymbolQuery = { readonly path?: string; readonly line?: number; readonly symbol?: string };

/**
 * The place of a symbol from its name and, when given, its line: the model need not count columns. @throws ToolError
 * that tells where else the name stands.
 */
export async function locateSymbol({ path, line, symbol }: SymbolQuery, symbols: Symbols, context: Reach): Promise<Place> {
  if (!path || !symbol)
    throw new ToolError('This action needs path and symbol.', 'Name the file and the symbol, and the line where it stands if you know it.');
  const { documents } = context.ports;
  const file = await existingFile(path, context);
  const lines = splitLines((await documents.readText(file.path, context.signal)).text);
  const at = (number: number, column: number): Place => ({ path: file.path, line: number, column, text: lines[number - 1] });
  const shown = shownPath(file.path, documents.roots());

  if (line !== undefined) {
    const text = lines[line - 1];
    if (text === undefined) throw new ToolError(`${shown} has only ${lines.length} lines.`, `Give a line from 1 to ${lines.length}.`);
    const column = wordAt(text, symbol);
    if (column !== undefined) return at(line, column);
    const others = lines.flatMap((other, i) => (wordAt(other, symbol) === undefined ? [] : [i + 1]));
    throw new ToolError(
      `${symbol} is not on line ${line} of ${shown}, which reads: ${clipLine(text.trim(), 200)}`,
      others.length > 0
        ? `It is on ${namedLines(others)}: give one of these.`
        : 'It is nowhere in this file: find it with action workspace.',
    );
  }
  const declared = (await symbols.inFile(file.path, context.signal)).find((s) => s.name === symbol);
  if (declared) return at(declared.line, wordAt(lines[declared.line - 1] ?? '', symbol) ?? declared.column);
  for (const [i, text] of lines.entries()) {
    const column = wordAt(text, symbol);
    if (column !== undefined) return at(i + 1, column);
  }
  throw new ToolError(`${symbol} is nowhere in ${shown}.`, 'Find it with action workspace, or with grep.');
}

const WORD = /[\p{L}\p{N}_$]/u;

/** 1-based column of `word` where it stands by itself. */
function wordAt(text: string, word: string): number | undefined {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const startsInside = WORD.test(text.charAt(at - 1)) && WORD.test(word.charAt(0));
    const endsInside = WORD.test(text.charAt(at + word.length)) && WORD.test(word.charAt(word.length - 1));
    if (!startsInside && !endsInside) return at + 1;
  }
  return undefined;
}
