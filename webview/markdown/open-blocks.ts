import { lexer, type Token } from 'marked';

/** Markdown cut into top-level blocks. `closed` of them cannot change any more, however the text goes on. */
export type Blocks = { readonly source: string; readonly tokens: readonly Token[]; readonly closed: number; readonly closedChars: number };

export const NO_BLOCKS: Blocks = { source: '', tokens: [], closed: 0, closedChars: 0 };

/**
 * Lexes a growing text again only from its last two blocks on: the last may still grow, and the one before it may
 * turn out to go on (a list whose next item has just begun). A text that did not grow from the last one starts over.
 */
export function grow(last: Blocks, source: string): Blocks {
  if (source === last.source) return last;
  // Compared whole: `startsWith` goes letter by letter, which is what made a long answer slow.
  if (source.slice(0, last.source.length) !== last.source) return grow(NO_BLOCKS, source);
  const kept = last.tokens.slice(0, last.closed);
  const fresh = lexer(source.slice(last.closedChars));
  const open = openFrom(fresh);
  const closedChars = fresh.slice(0, open).reduce((sum, token) => sum + token.raw.length, last.closedChars);
  return { source, tokens: kept.concat(fresh), closed: last.closed + open, closedChars };
}

/** Everything at once, for a text that is complete: link definitions count wherever they stand. */
export function all(source: string): Blocks {
  return { source, tokens: lexer(source), closed: 0, closedChars: 0 };
}

function openFrom(tokens: readonly Token[]): number {
  let seen = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (tokens[i]?.type !== 'space') seen++;
    if (seen === 2) return i;
  }
  return 0;
}
