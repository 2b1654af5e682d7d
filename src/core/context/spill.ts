import type { Content } from '../../protocol/blocks';
import type { Store } from '../ports/store';

/** About 2,000 bytes of a spilled result stay in the context. */
const PREVIEW_CHARS = 2_000;

export type Spilled = { readonly content: readonly Content[]; readonly path?: string };

/** Length of the text parts: images are bounded by their tool. */
export function textLength(content: readonly Content[]): number {
  return content.reduce((sum, c) => sum + (c.type === 'text' ? c.text.length : 0), 0);
}

/**
 * Puts a result that is longer than `limit` characters on disk and leaves a preview with the path [C6]. The decision
 * is taken once, before the result is logged, and is never revisited [C7].
 */
export async function spill(content: readonly Content[], limit: number, store: Store, session: string, callId: string): Promise<Spilled> {
  const length = textLength(content);
  if (length <= limit) return { content };
  const text = content.map((c) => (c.type === 'text' ? c.text : '[image]')).join('\n');
  const path = await store.spill(session, `${callId}.txt`, text);
  const head = cut(text, 0, PREVIEW_CHARS * 0.75);
  const tail = cut(text, text.length - PREVIEW_CHARS * 0.25, text.length);
  const note = `${head}\n[… ${length - head.length - tail.length} characters left out. The whole result (${length} characters, ${text.split('\n').length} lines) is in ${path}: read_file with offset and limit, or grep, shows parts of it. …]\n${tail}`;
  return { content: [{ type: 'text', text: note }, ...content.filter((c) => c.type === 'image')], path };
}

/** Slices without leaving half of a surrogate pair at either end. */
function cut(text: string, from: number, to: number): string {
  return text
    .slice(from, to)
    .replace(/^[\uDC00-\uDFFF]/, '')
    .replace(/[\uD800-\uDBFF]$/, '');
}
