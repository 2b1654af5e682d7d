/**
 * Texts that went past a tool, by their hash, so that a later refusal can show what changed since the model looked.
 * A memory only: bounded, lost with the process, and never needed for a right answer.
 */
const MAX_CHARS = 16_000_000;
const texts = new Map<string, string>();
let chars = 0;

export function rememberText(hash: string, text: string): void {
  if (text.length > MAX_CHARS / 4) return;
  const old = texts.get(hash);
  if (old !== undefined) {
    texts.delete(hash);
    chars -= old.length;
  }
  texts.set(hash, text);
  chars += text.length;
  for (const [key, value] of texts) {
    if (chars <= MAX_CHARS) break;
    texts.delete(key);
    chars -= value.length;
  }
}

export function knownText(hash: string): string | undefined {
  return texts.get(hash);
}
