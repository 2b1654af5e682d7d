import type { EventOf } from '../src/protocol/events';
import { append, patchLast } from './sections';
import type { Item, Section } from './view-state';

/** The user went back: what came after that message stays to be read, and a card tells that the model has it no more. */
export function foldRewound(sections: readonly Section[], event: EventOf<'rewound'>): readonly Section[] {
  const { id, seq, to, what, files, left } = event;
  const first = what === 'files' ? -1 : sections.findIndex(({ items }) => items.some((item) => item.kind === 'user' && item.seq === to));
  // A message before the loaded page: all that is loaded came after it.
  const from = first === -1 ? 0 : first;
  const marked = what === 'files' ? sections : sections.map((s, i) => (i >= from && s.gone === undefined ? { ...s, gone: seq } : s));
  const item: Item = { kind: 'rewound', key: id, seq, what, files, left, undone: false };
  return [...marked, { key: id, items: [item] }];
}

/** The rewind was taken back. Files that this could not bring back are told on a card of their own. */
export function foldRewindUndone(sections: readonly Section[], event: EventOf<'rewind_undone'>): readonly Section[] {
  const back = sections.map(({ gone, ...section }) => (gone === event.rewind || gone === undefined ? section : { ...section, gone }));
  const { id, seq, what, files, left } = event;
  const patched = patchLast(back, (item) => (item.kind === 'rewound' && item.seq === event.rewind ? { ...item, undone: true } : null));
  return left.length === 0 ? patched : append(patched, { kind: 'rewound', key: id, seq, what, files, left, undone: true });
}
