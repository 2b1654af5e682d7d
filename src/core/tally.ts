import type { EventOf } from '../protocol/events';
import { LIMIT, type LimitName, type Raise, type Raises } from '../protocol/limits';
import { allTokens, type Spent } from '../protocol/spend';

/** What a run has taken of its limits. `over`: it has ended, and the next turn begins another. */
export type RunTally = {
  readonly turns: number;
  readonly tokens: number;
  readonly cost: number;
  readonly raises: Raises;
  readonly over: boolean;
};
type Tallied = { readonly run: RunTally; readonly raises: Raises };

export const NEW_RUN: RunTally = { turns: 0, tokens: 0, cost: 0, raises: {}, over: false };

/** The tally that the next turn counts on: a run that has ended leaves none. */
export function runOf({ run }: Pick<Tallied, 'run'>): RunTally {
  return run.over ? NEW_RUN : run;
}

/** A compaction that the user asked for between two runs belongs to none. */
export function addToRun(run: RunTally, spent: Spent): RunTally {
  return run.over ? run : { ...run, tokens: run.tokens + allTokens(spent), cost: run.cost + (spent.cost ?? 0) };
}

/** A raise lets the run that stopped go on where it stood, with all that it has taken. */
export function decideLimit({ run, raises }: Tallied, { limit, decision, from, to }: EventOf<'limit_decided'>): Tallied {
  if (decision === 'kept') return { run, raises };
  const raised = (before: Raises): Raises => ({ ...before, [limit]: { from, to } });
  return LIMIT[limit].of === 'run'
    ? { run: { ...run, over: false, raises: raised(run.raises) }, raises }
    : { run: { ...run, over: false }, raises: raised(raises) };
}

/** The raise that a limit has, of the run or of the session. */
export function raiseOf(state: Tallied, name: LimitName): Raise | undefined {
  return (LIMIT[name].of === 'run' ? runOf(state).raises : state.raises)[name];
}
