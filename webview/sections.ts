import type { Item, Section } from './view-state';

/** Puts an item at the end of the newest section. */
export function append(sections: readonly Section[], item: Item): readonly Section[] {
  const last = sections.at(-1);
  if (!last) return [{ key: item.key, items: [item] }];
  return sections.with(-1, { ...last, items: [...last.items, item] });
}

/** Changes the newest item that `change` has something else for; the sections as they were when there is none. */
export function patchLast(sections: readonly Section[], change: (item: Item) => Item | null): readonly Section[] {
  for (let s = sections.length - 1; s >= 0; s--) {
    const section = sections[s];
    if (!section) continue;
    for (let i = section.items.length - 1; i >= 0; i--) {
      const item = section.items[i];
      const changed = item && change(item);
      if (changed) return sections.with(s, { ...section, items: section.items.with(i, changed) });
    }
  }
  return sections;
}
