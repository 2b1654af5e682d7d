/** Walks through earlier prompts as a shell does. `at` is -1 while the user's own text is shown. */
export type Walk = { readonly at: number; readonly own: string };
export const AT_OWN: Walk = { at: -1, own: '' };

/** One step back (`older`) or forth; null where there is nothing further. */
export function step(
  walk: Walk,
  direction: 'older' | 'newer',
  text: string,
  history: readonly string[],
): { readonly walk: Walk; readonly text: string } | null {
  const own = walk.at === -1 ? text : walk.own;
  const at = walk.at + (direction === 'older' ? 1 : -1);
  if (at < -1 || at >= history.length) return null;
  const shown = at === -1 ? own : history[at];
  return shown === undefined ? null : { walk: { at, own }, text: shown };
}

/** Up leaves the text at its first line, Down at its last: inside a longer text the arrows move the caret. */
export function atEdge(text: string, from: number, to: number, direction: 'older' | 'newer'): boolean {
  if (from !== to) return false;
  return direction === 'older' ? !text.slice(0, from).includes('\n') : !text.slice(to).includes('\n');
}
