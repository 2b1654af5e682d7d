import type { EventOf } from '../src/protocol/events';
import { append, patchLast } from './sections';
import type { CompactionItem, Item, Section } from './view-state';

type ContextEvent = EventOf<
  'compaction_started' | 'context_compacted' | 'compaction_failed' | 'compaction_undone' | 'context_evicted' | 'eviction_undone'
>;

/** What happened to the model's view of the conversation: one card for each, which follows its later fate. */
export function foldContext(sections: readonly Section[], event: ContextEvent): readonly Section[] {
  switch (event.type) {
    case 'compaction_started':
      return append(sections, { ...begun(event.id, event.by), before: event.before });
    case 'context_compacted': {
      const { seq, summary, before, after } = event;
      const settled = settle(sections, begun(event.id, event.by), { seq, state: 'done', summary, before, after });
      return markNewest(settled);
    }
    case 'compaction_failed':
      return settle(sections, begun(event.id, event.by), { state: 'failed', detail: event.detail });
    case 'compaction_undone':
      return markNewest(
        patchLast(sections, (item) => (item.kind === 'compaction' && item.seq === event.compaction ? { ...item, state: 'undone' } : null)),
      );
    case 'context_evicted': {
      const { id, seq, by, callIds, tokens } = event;
      return append(sections, { kind: 'eviction', key: id, seq, by, count: callIds.length, tokens, undone: false });
    }
    case 'eviction_undone':
      return patchLast(sections, (item) => (item.kind === 'eviction' && item.seq === event.eviction ? { ...item, undone: true } : null));
  }
}

function begun(key: string, by: CompactionItem['by']): CompactionItem {
  return { kind: 'compaction', key, seq: 0, state: 'running', newest: false, by, summary: '', detail: '', before: 0, after: 0 };
}

/** Completes the card of the compaction that is under way; one whose beginning lies on an older page gets its own. */
function settle(sections: readonly Section[], fresh: CompactionItem, change: Partial<CompactionItem>): readonly Section[] {
  const running = (item: Item) => (item.kind === 'compaction' && item.state === 'running' ? { ...item, ...change } : null);
  const settled = patchLast(sections, running);
  return settled === sections ? append(sections, { ...fresh, ...change }) : settled;
}

/** Only the newest compaction that holds can be taken back. */
function markNewest(sections: readonly Section[]): readonly Section[] {
  const all = sections.flatMap((section) => section.items.filter((item) => item.kind === 'compaction'));
  const newest = all.findLast((item) => item.state === 'done');
  const mark = (item: Item): Item =>
    item.kind === 'compaction' && item.newest !== (item === newest) ? { ...item, newest: item === newest } : item;
  return sections.map((section) =>
    section.items.some((i) => i.kind === 'compaction') ? { ...section, items: section.items.map(mark) } : section,
  );
}
