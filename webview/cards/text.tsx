import { Markdown } from '../markdown/markdown';
import type { Item } from '../view-state';

/** What the model says. */
export function TextCard({ item }: { item: Extract<Item, { kind: 'text' }> }) {
  return <Markdown text={item.text} live={item.live} />;
}
