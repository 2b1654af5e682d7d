import type { EventOf } from '../src/protocol/events';
import { append, patchLast } from './sections';
import type { CompactionItem, Item, Section } from './view-state';

type ContextEvent = EventOf<
  | 'compaction_started'
  | 'context_compacted'
  | 'compaction_failed'
  | 'compaction_undone'
  | 'summary_edited'
  | 'context_evicted'
  | 'eviction_undone'
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
    case 'summary_edited':
      return patchLast(sections, (item) =>
        item.kind === 'compaction' && item.seq === event.compaction ? { ...item, summary: event.summary, edited: true } : null,
      );
    case 'context_evicted': {
      const { id, seq, by, callIds, parts = [], spans = [], tokens } = event;
      const turns = spans.reduce((sum, span) => sum + span.turns, 0);
      const count = callIds.length + parts.length;
      return newestEviction(append(sections, { kind: 'eviction', key: id, seq, by, count, turns, tokens, undone: false, newest: true }));
    }
    case 'eviction_undone':
      return newestEviction(
        patchLast(sections, (item) => (item.kind === 'eviction' && item.seq === event.eviction ? { ...item, undone: true } : null)),
      );
  }
}

function begun(key: string, by: CompactionItem['by']): CompactionItem {
  return {
    kind: 'compaction',
    key,
    seq: 0,
    state: 'running',
    newest: false,
    by,
    edited: false,
    summary: '',
    detail: '',
    before: 0,
    after: 0,
  };
}

/** Completes the card of the compaction that is under way; one whose beginning lies on an older page gets its own. */
function settle(sections: readonly Section[], fresh: CompactionItem, change: Partial<CompactionItem>): readonly Section[] {
  const running = (item: Item) => (item.kind === 'compaction' && item.state === 'running' ? { ...item, ...change } : null);
  const settled = patchLast(sections, running);
  return settled === sections ? append(sections, { ...fresh, ...change }) : settled;
}

/** Only the newest compaction that holds can be taken back. */
function markNewest(sections: readonly Section[]): readonly Section[] {
  return markLast(sections, 'compaction', (item) => item.kind === 'compaction' && item.state === 'done');
}

/** The same of evictions. */
function newestEviction(sections: readonly Section[]): readonly Section[] {
  return markLast(sections, 'eviction', (item) => item.kind === 'eviction' && !item.undone);
}

function markLast(sections: readonly Section[], kind: 'compaction' | 'eviction', holds: (item: Item) => boolean): readonly Section[] {
  const newest = sections.flatMap((section) => section.items.filter((item) => item.kind === kind)).findLast(holds);
  const mark = (item: Item): Item =>
    item.kind === kind && item.newest !== (item === newest) ? { ...item, newest: item === newest } : item;
  return sections.map((section) => (section.items.some((i) => i.kind === kind) ? { ...section, items: section.items.map(mark) } : section));
}
