import { type ContextBlock, type ContextReport, isEvictable, type Picks } from '../../src/protocol/context';
import type { Row } from './rows';

/** What is chosen to be taken out: whole turns, and single results and attachments of others. */
export type Selection = { readonly ids: ReadonlySet<string>; readonly turns: ReadonlySet<number> };

export const NOTHING: Selection = { ids: new Set(), turns: new Set() };

export function picksOf({ ids, turns }: Selection): Picks {
  return { ids: [...ids], turns: [...turns].sort((a, b) => a - b) };
}

/** Only what is still there to be chosen: the context moves on while the user thinks. */
export function stillThere(selection: Selection, report: ContextReport): Selection {
  const ids = new Set(report.blocks.flatMap((b) => (isEvictable(b) && b.id !== undefined ? [b.id] : [])));
  const turns = new Set(takeable(report));
  return {
    ids: new Set([...selection.ids].filter((id) => ids.has(id))),
    turns: new Set([...selection.turns].filter((turn) => turns.has(turn))),
  };
}

export function checkedOf(row: Row, { ids, turns }: Selection, blocks: readonly ContextBlock[]): boolean | 'mixed' {
  if (row.kind === 'more') return false;
  if (row.kind === 'block') {
    const { id, turn } = row.block;
    return (id !== undefined && ids.has(id) && row.pickable) || (turn !== undefined && turns.has(turn));
  }
  if (row.turn === undefined) return false;
  if (turns.has(row.turn)) return true;
  return blocks.some((b) => b.turn === row.turn && isEvictable(b) && b.id !== undefined && ids.has(b.id)) ? 'mixed' : false;
}

/** Chooses or lets go. A part of a chosen turn that is let go leaves the other parts chosen one by one. */
export function choose(selection: Selection, row: Row, on: boolean, blocks: readonly ContextBlock[]): Selection {
  if (row.kind === 'more' || !row.pickable) return selection;
  const ids = new Set(selection.ids);
  const turns = new Set(selection.turns);
  const turn = row.kind === 'group' ? row.turn : row.block.turn;
  const own = blocks.flatMap((b) => (b.turn === turn && isEvictable(b) && b.id !== undefined ? [b.id] : []));
  if (row.kind === 'group') {
    if (turn === undefined) return selection;
    if (on) turns.add(turn);
    else turns.delete(turn);
    for (const id of own) ids.delete(id);
    return { ids, turns };
  }
  const { id } = row.block;
  if (id === undefined) return selection;
  if (turn !== undefined && turns.delete(turn)) for (const other of own) ids.add(other);
  if (on) ids.add(id);
  else ids.delete(id);
  return { ids, turns };
}

/** Every turn up to this one [C4]. */
export function chooseUpTo(selection: Selection, turn: number, report: ContextReport): Selection {
  return { ids: selection.ids, turns: new Set([...selection.turns, ...takeable(report).filter((t) => t <= turn)]) };
}

function takeable({ blocks, wholeTurns }: ContextReport): readonly number[] {
  return [...new Set([...wholeTurns, ...blocks.flatMap((b) => (isEvictable(b) && b.turn !== undefined ? [b.turn] : []))])];
}
