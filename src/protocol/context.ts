/**
 * What stands in the model's window, block by block, and what taking a part of it out would cost: pure, shared by
 * host and panel, free of zod so that the panel may import it.
 */

export type BlockSource =
  | 'tool'
  | 'system'
  | 'facts'
  | 'summary'
  | 'kept'
  | 'user'
  | 'attachment'
  | 'notice'
  | 'reply'
  | 'thinking'
  | 'call'
  | 'result'
  | 'problems';

/** One part of what the model is sent [C9]. Passive parts are there whatever is said; active ones came with the conversation. */
export type ContextBlock = {
  readonly kind: 'passive' | 'active';
  readonly source: BlockSource;
  /** What it is in particular: the tool, the file, or the beginning of the text. */
  readonly label: string;
  readonly tokens: number;
  /** The service has it in its cache now. */
  readonly cached: boolean;
  /** The turn it belongs to; absent for what stands before the conversation. */
  readonly turn?: number;
  /** Of calls and results: the call. Of attachments: message and place. Results and attachments are taken out by it. */
  readonly id?: string;
  /** A line stands in its place. */
  readonly evicted?: boolean;
  readonly pinned?: boolean;
};

/** What the user chose: single results and attachments by their ids, and whole turns. */
export type Picks = { readonly ids: readonly string[]; readonly turns: readonly number[] };

export type Price = { readonly input: number; readonly cacheRead: number; readonly cacheWrite: number };

export type ContextReport = {
  /** In the order in which they are sent. */
  readonly blocks: readonly ContextBlock[];
  /** How many blocks, from the first on, the service has in its cache together: it can go on from these places only. */
  readonly entries: readonly number[];
  /** Turns that can go as a whole: not the newest, and none that holds a pinned result. */
  readonly wholeTurns: readonly number[];
  readonly window: number;
  /** US dollars per million tokens; null when not known. */
  readonly price: Price | null;
  /** The model's thinking is bound to what stood before it: an eviction takes what was thought after it along. */
  readonly dropsThinking: boolean;
  readonly running: boolean;
  /** Evictions that wait for the end of the step that is under way. */
  readonly waiting: number;
  /** What putting the newest eviction back costs; null when there is none. */
  readonly undo: UndoPrice | null;
  /** Results that are out of date, or that nothing said since was about. */
  readonly stale: { readonly ids: readonly string[]; readonly tokens: number };
  /** When the cache runs out, in milliseconds since the epoch; null when nothing is in it. */
  readonly warmUntil: number | null;
};

export type EvictionPrice = {
  /** How many parts go. */
  readonly count: number;
  readonly freed: number;
  /** Cached tokens behind the last place that is in the cache before the first part that goes: the service reads them anew, once. */
  readonly reread: number;
  /** US dollars: what the next request costs more, and what each one after it costs less; null without a price. */
  readonly once: number | null;
  readonly saved: number | null;
};

/** In all that follows the tokens come back; what of them and behind them is not in the cache is read anew, once. */
export type UndoPrice = {
  readonly tokens: number;
  readonly reread: number;
  /** US dollars: what the next request costs more, and what each one after it does; null without a price. */
  readonly once: number | null;
  readonly more: number | null;
};

/** The line that stands in the place of what was taken out. */
const LINE_TOKENS = 37;

/** What taking these out frees, and what of the rest the service has to read anew because it stands behind them [C4]. */
export function priceOfEviction(
  {
    blocks,
    entries,
    wholeTurns,
    dropsThinking,
    price,
  }: Pick<ContextReport, 'blocks' | 'entries' | 'wholeTurns' | 'dropsThinking' | 'price'>,
  picks: Picks,
): EvictionPrice {
  const turns = new Set(picks.turns);
  const whole = new Set(wholeTurns.filter((turn) => turns.has(turn)));
  const ids = new Set(picks.ids);
  let count = 0;
  let freed = 0;
  let reread = 0;
  /** Cached tokens since the last place that the service can go on from. */
  let since = 0;
  let broken = false;
  let inGap = false;
  const places = new Set(entries);
  for (const [i, block] of blocks.entries()) {
    if (places.has(i)) since = 0;
    const gone = block.turn !== undefined && whole.has(block.turn);
    if (gone || (isEvictable(block) && isPicked(block, ids, turns))) {
      const line = gone && inGap ? 0 : LINE_TOKENS;
      count += 1;
      freed += block.tokens - line;
      if (!broken) reread = since;
      broken = true;
    } else if (broken && dropsThinking && block.source === 'thinking') freed += block.tokens;
    else if (broken && block.cached) reread += block.tokens;
    else if (block.cached) since += block.tokens;
    inGap = gone;
  }
  return {
    count,
    freed: Math.max(0, freed),
    reread,
    once: price && (reread * (price.cacheWrite - price.cacheRead)) / 1e6,
    saved: price && (Math.max(0, freed) * price.cacheRead) / 1e6,
  };
}

function isPicked({ id, turn }: ContextBlock, ids: ReadonlySet<string>, turns: ReadonlySet<number>): boolean {
  return (id !== undefined && ids.has(id)) || (turn !== undefined && turns.has(turn));
}

/** A result or an attachment that is there to be taken out. */
export function isEvictable({ source, id, evicted, pinned }: ContextBlock): boolean {
  return (source === 'result' || source === 'attachment') && id !== undefined && !evicted && !pinned;
}
