import type { Word } from './tokenize';

/** A word as it may stand in a line again: quoted only where it must be. */
export function quote(word: Word): string {
  if (word.glob || word.tilde || word.status) return word.value;
  if (/^[A-Za-z0-9_./,:=@%+^{}~-]+$/.test(word.value)) return word.value;
  return `'${word.value.replaceAll("'", `'\\''`)}'`;
}

/** The normalised text of a command: what the prompt shows and what rules match. */
export function textOf(words: readonly Word[]): string {
  return words.map(quote).join(' ');
}
