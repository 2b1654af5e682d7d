import { type ContextBlock, type ContextReport, isEvictable } from '../../src/protocol/context';
import { plural, t } from '../strings';

/** What the view lists, one line each: groups that unfold, single blocks, and the way to those that are not shown yet. */
export type Row =
  | (RowBase & { readonly kind: 'group'; readonly open: boolean; readonly turn?: number; readonly pickable: boolean })
  | (RowBase & { readonly kind: 'block'; readonly block: ContextBlock; readonly pickable: boolean })
  | { readonly kind: 'more'; readonly key: string; readonly level: 1 | 2; readonly label: string };

type RowBase = {
  readonly key: string;
  readonly level: 1 | 2;
  readonly label: string;
  readonly tokens: number;
  /** Tokens of it that the service has in its cache. */
  readonly cached: number;
};

export type Order = 'sent' | 'size';
/** The rows that are drawn at first; more come on demand. */
export const PAGE = 200;

export type Listing = { readonly order: Order; readonly open: ReadonlySet<string>; readonly limit: number };

const TOOLS = 'tools';

export function rowsOf(report: ContextReport, { order, open, limit }: Listing): readonly Row[] {
  return order === 'size' ? bySize(report, limit) : asSent(report, open, limit);
}

function bySize({ blocks }: ContextReport, limit: number): readonly Row[] {
  const rows = blocks.map((block, i) => rowOf(block, i, 1)).toSorted((a, b) => b.tokens - a.tokens);
  return rows.length <= limit ? rows : [...rows.slice(0, limit), more(rows.length - limit)];
}

/** Passive parts, what a compaction left, then the turns: of a long conversation the newest, and the way to the older ones above them. */
function asSent(report: ContextReport, open: ReadonlySet<string>, limit: number): readonly Row[] {
  const indexed = report.blocks.map((block, i) => ({ block, i }));
  const tools = indexed.filter(({ block }) => block.source === 'tool');
  const before = indexed.filter(({ block }) => block.turn === undefined && block.source !== 'tool');
  const first: Row[] = [];
  if (tools.length > 0)
    first.push(...group(tools, { key: TOOLS, label: plural(tools.length, '{0} tool', '{0} tools'), open, pickable: false }));
  first.push(...before.map(({ block, i }) => rowOf(block, i, 1)));
  const turns = new Map<number, Member[]>();
  for (const member of indexed) {
    const { turn } = member.block;
    if (turn === undefined) continue;
    const known = turns.get(turn);
    if (known) known.push(member);
    else turns.set(turn, [member]);
  }
  const whole = new Set(report.wholeTurns);
  const newest = [...turns].toReversed();
  const shown: Row[][] = [];
  let count = 0;
  let left = newest.length;
  for (const [turn, members] of newest) {
    if (count >= limit) break;
    const pickable = whole.has(turn) || members.some(({ block }) => isEvictable(block));
    const rows = group(members, {
      key: keyOf(turn),
      label: turnLabel(
        turn,
        members.map(({ block }) => block),
      ),
      open,
      pickable,
      turn,
    });
    shown.push(rows);
    count += rows.length;
    left -= 1;
  }
  return [...first, ...(left > 0 ? [more(left)] : []), ...shown.toReversed().flat()];
}

type Member = { readonly block: ContextBlock; readonly i: number };
type Group = {
  readonly key: string;
  readonly label: string;
  readonly open: ReadonlySet<string>;
  readonly pickable: boolean;
  readonly turn?: number;
};

function group(members: readonly Member[], { key, label, open, pickable, turn }: Group): Row[] {
  const blocks = members.map(({ block }) => block);
  const isOpen = open.has(key);
  const head: Row = {
    kind: 'group',
    key,
    level: 1,
    label,
    tokens: sumOf(blocks),
    cached: sumOf(blocks.filter((b) => b.cached)),
    open: isOpen,
    pickable,
    ...(turn === undefined ? {} : { turn }),
  };
  return isOpen ? [head, ...members.map(({ block, i }) => rowOf(block, i, 2))] : [head];
}

export function keyOf(turn: number): string {
  return `turn-${turn}`;
}

function rowOf(block: ContextBlock, index: number, level: 1 | 2): Row & { readonly tokens: number } {
  return {
    kind: 'block',
    key: `block-${index}`,
    level,
    label: labelOf(block),
    tokens: block.tokens,
    cached: block.cached ? block.tokens : 0,
    block,
    pickable: isEvictable(block),
  };
}

function more(count: number): Row {
  return { kind: 'more', key: 'more', level: 1, label: t('Show more ({0} not shown)', count) };
}

export function sumOf(blocks: readonly ContextBlock[]): number {
  return blocks.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** A turn by what the user said, or by what was done in it. */
function turnLabel(turn: number, blocks: readonly ContextBlock[]): string {
  const said =
    blocks.find((b) => b.source === 'user') ?? blocks.find((b) => b.source === 'call') ?? blocks.find((b) => b.source === 'reply');
  return said?.label ? t('Turn {0}: {1}', turn, said.label) : t('Turn {0}', turn);
}

function labelOf(block: ContextBlock): string {
  const what = sourceName(block.source);
  const label = block.label ? t('{0}: {1}', what, block.label) : what;
  if (block.evicted) return t('{0} (taken out)', label);
  return block.pinned ? t('{0} (pinned)', label) : label;
}

function sourceName(source: ContextBlock['source']): string {
  switch (source) {
    case 'tool':
      return t('Tool');
    case 'system':
      return t('Instructions');
    case 'facts':
      return t('Session facts');
    case 'summary':
      return t('Summary');
    case 'kept':
      return t('Put back');
    case 'user':
      return t('You');
    case 'attachment':
      return t('Attached');
    case 'notice':
      return t('Notice');
    case 'reply':
      return t('Reply');
    case 'thinking':
      return t('Thinking');
    case 'call':
      return t('Call');
    case 'result':
      return t('Result');
    case 'problems':
      return t('Problems');
  }
}
