/** The `@word` that the caret stands behind, and where it begins; null when there is none. */
export function mentionAt(text: string, caret: number): { readonly start: number; readonly query: string } | null {
  const match = /(?:^|[\s([{"'`])@([^\s@]*)$/.exec(text.slice(0, caret));
  const query = match?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** Puts the chosen name in place of what was typed; the caret goes behind it. */
export function completeMention(text: string, caret: number, label: string): { readonly text: string; readonly caret: number } {
  const mention = mentionAt(text, caret);
  if (!mention) return { text, caret };
  const name = `@${label} `;
  const rest = text.slice(caret).replace(/^ /, '');
  return { text: text.slice(0, mention.start) + name + rest, caret: mention.start + name.length };
}
