import type { ContextBlock, Price, UndoPrice } from '../../protocol/context';
import type { AgentEvent } from '../../protocol/events';
import { contextBlocks, type WindowBlocks } from './blocks';
import { undoneEviction } from './evict';
import { type History, historyOf } from './history';

/** What putting the newest eviction back would cost: the window as it would be then, held against what it is now. */
export function undoPrice(
  events: readonly AgentEvent[],
  history: History,
  now: WindowBlocks,
  aliveSince: number,
  price: Price | null,
): UndoPrice | null {
  const undone = undoneEviction(events, history.view());
  const last = events.at(-1);
  if (!undone || !last) return null;
  const { id, at, session, agent } = last;
  const after = [...events, { ...undone, id, at, session, agent, seq: last.seq + 1 }];
  const then = contextBlocks(after, historyOf(after), aliveSince);
  const tokens = Math.max(0, sum(then.blocks) - sum(now.blocks));
  const uncached = ({ blocks }: WindowBlocks) => sum(blocks.filter((block) => !block.cached));
  const reread = Math.max(0, uncached(then) - uncached(now));
  return {
    tokens,
    reread,
    once: price && (reread * (price.cacheWrite - price.cacheRead)) / 1e6,
    more: price && (tokens * price.cacheRead) / 1e6,
  };
}

function sum(blocks: readonly ContextBlock[]): number {
  return blocks.reduce((total, { tokens }) => total + tokens, 0);
}
