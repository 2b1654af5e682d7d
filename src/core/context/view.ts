import type { Content } from '../../protocol/blocks';
import type { AgentEvent, EventOf } from '../../protocol/events';
import { notice } from './notice';

/**
 * What part of the log the model is sent: a pure fold over the few events that change it. Everything else about a
 * request follows from this view and from the log, so that a resumed session sends the same bytes.
 */
export type View = {
  /** What stands before the events from `keptFrom` on: summary and restored state, or nothing. */
  readonly opening: readonly Content[];
  readonly keptFrom: number;
  /** Results, by call id, and attachments, by message and place, that a line stands in for. */
  readonly evicted: ReadonlyMap<string, EventOf<'context_evicted'>['by']>;
  /** Thinking is bound to what stood before it: what was made in these spans of the log stood before something else. */
  readonly unbound: readonly Span[];
  /** Whole turns that a line stands in for, and the eviction that took each out. */
  readonly gone: readonly (Span & { readonly by: number })[];
  /** The compactions that hold, with what each put in the place of the view that it replaced. */
  readonly compactions: readonly (Pick<Compaction, 'seq' | 'summary' | 'restored' | 'tools'> & { readonly replaced: View })[];
  readonly evictions: ReadonlyMap<number, readonly string[]>;
  /** What the user went back behind. */
  readonly hidden: readonly Span[];
};
/** Both ends included. */
type Span = { readonly from: number; readonly to: number };

export const WHOLE: View = {
  opening: [],
  keptFrom: 1,
  evicted: new Map(),
  unbound: [],
  gone: [],
  compactions: [],
  evictions: new Map(),
  hidden: [],
};

/** The same object as long as nothing changes for what has been sent. */
export function foldView(view: View, event: AgentEvent): View {
  switch (event.type) {
    case 'context_compacted':
      return condensed(view, event);
    case 'compaction_undone': {
      const last = view.compactions.at(-1);
      if (last?.seq !== event.compaction) return view;
      const { opening, keptFrom, compactions, unbound } = last.replaced;
      const since = view.unbound.filter(({ to }) => to > last.seq);
      return {
        ...view,
        opening,
        keptFrom,
        compactions,
        unbound: spans(event.dropThinking ? last.seq : undefined, [...unbound, ...since], event.seq),
      };
    }
    case 'summary_edited': {
      const last = view.compactions.at(-1);
      if (last?.seq !== event.compaction) return view;
      const edited = { ...last, summary: event.summary };
      return {
        ...view,
        opening: openingOf(edited),
        compactions: view.compactions.with(-1, edited),
        unbound: spans(event.dropThinking ? last.seq : undefined, view.unbound, event.seq),
      };
    }
    case 'context_evicted': {
      const ids = [...event.callIds, ...(event.parts ?? [])];
      return {
        ...view,
        evicted: new Map([...view.evicted, ...ids.map((id) => [id, event.by] as const)]),
        gone: [...view.gone, ...(event.spans ?? []).map(({ from, to }) => ({ from, to, by: event.seq }))],
        evictions: new Map(view.evictions).set(event.seq, ids),
        unbound: spans(event.dropThinkingFrom, view.unbound, event.seq),
      };
    }
    case 'eviction_undone': {
      const ids = view.evictions.get(event.eviction);
      if (!ids) return view;
      const back = new Set(ids);
      return {
        ...view,
        evicted: new Map([...view.evicted].filter(([id]) => !back.has(id))),
        gone: view.gone.filter(({ by }) => by !== event.eviction),
        evictions: new Map([...view.evictions].filter(([seq]) => seq !== event.eviction)),
        unbound: spans(
          event.dropThinkingFrom,
          view.unbound.filter(({ to }) => to !== event.eviction),
          event.seq,
        ),
      };
    }
    default:
      return view;
  }
}

type Compaction = Pick<EventOf<'context_compacted'>, 'seq' | 'summary' | 'restored' | 'tools' | 'keptFrom' | 'dropThinking'>;

/** The view after a compaction. */
export function condensed(view: View, compaction: Compaction): View {
  const { seq, summary, restored, tools } = compaction;
  return {
    ...view,
    opening: openingOf(compaction),
    keptFrom: compaction.keptFrom,
    unbound: spans(compaction.dropThinking ? 1 : undefined, [], compaction.seq),
    compactions: [...view.compactions, { seq, summary, restored, tools, replaced: view }],
  };
}

/** The view as it was before a message, for a rewind at `seq` to the event `from`: what lies between counts no more. */
export function hiding(earlier: View, now: View, from: number, seq: number): View {
  return { ...earlier, hidden: [...now.hidden, { from, to: seq }] };
}

/** Part of the conversation: not condensed, not gone back behind, and not taken out with its turn. */
export function isSaid(view: View, seq: number): boolean {
  return isThere(view, seq) && !goneAt(view, seq);
}

/** Part of the conversation, or of a turn that was taken out of it. */
export function isThere(view: View, seq: number): boolean {
  return seq >= view.keptFrom && !isHidden(view, seq);
}

/** The user went back behind it. */
export function isHidden(view: View, seq: number): boolean {
  return view.hidden.some((span) => isIn(span, seq));
}

/** The turns that were taken out together with what was logged there. */
export function goneAt(view: View, seq: number): Span | undefined {
  return view.gone.find((span) => isIn(span, seq));
}

function isIn({ from, to }: Span, seq: number): boolean {
  return seq >= from && seq <= to;
}

export function isBound(view: View, seq: number): boolean {
  return !view.unbound.some((span) => isIn(span, seq));
}

function spans(from: number | undefined, known: readonly Span[], to: number): readonly Span[] {
  return from === undefined ? known : [...known, { from, to }];
}

function openingOf({ summary, restored }: Pick<Compaction, 'summary' | 'restored'>): readonly Content[] {
  const head = 'The conversation before this point was condensed. This summary stands in its place; what the user asked for still holds.';
  return [notice(`${head}\n\n${summary}`), ...restored.map(notice)].map((text) => ({ type: 'text', text }));
}
