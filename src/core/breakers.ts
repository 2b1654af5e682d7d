import type { ToolUseBlock } from '../protocol/blocks';
import type { Problem } from '../protocol/display';

/** One identical call, answered with one identical result, may follow itself this often [G4]. */
const REPEATS = 5;
/** A circle of two or three different calls may be walked this often: A, B, A, B. */
const ROUNDS = 4;
const LONGEST_CIRCLE = 3;
/** A reply that was cut, or paused by the service, is continued without end while it gets on, and never more often than this. */
const MOST_CONTINUATIONS = 10;
/** It does not get on when it has been continued this often and its last two pieces were each smaller than this [G3]. */
const FEWEST_CONTINUATIONS = 3;
const LEAST_TOKENS = 500;
/** The same problem may come back from edits this often. */
const SAME_PROBLEM = 3;

export type Tripped = { readonly breaker: 'repeated_call' | 'alternating_calls' | 'continuation' | 'fix_loop'; readonly detail: string };

/** Counts what could spin within one run. */
export type Breakers = {
  /** After a batch: `results` is what the calls gave, so that a poll whose answer changes is not taken for a loop. */
  called(calls: readonly ToolUseBlock[], results: string): Tripped | null;
  /** After edits: the problems that they brought. */
  broke(added: readonly Problem[]): Tripped | null;
  /** The reply stopped before its end and is about to be continued. `tokens`: what this piece of it was. */
  continued(tokens: number): Tripped | null;
  /** The model came to the end of a reply. */
  progressed(): void;
};

export function createBreakers(hash: (text: string) => string): Breakers {
  const recent: string[] = [];
  const problems = new Map<string, number>();
  let pieces: number[] = [];

  /** True when the newest calls are `rounds` times the same circle of `length`. */
  function circles(length: number, rounds: number): boolean {
    const newest = recent.slice(-length * rounds);
    return newest.length === length * rounds && newest.every((call, i) => i < length || call === newest[i - length]);
  }

  return {
    called(calls, results) {
      recent.push(hash(JSON.stringify([calls.map((c) => [c.name, c.input, c.malformed]), results])));
      recent.splice(0, recent.length - Math.max(REPEATS, LONGEST_CIRCLE * ROUNDS));
      const names = calls.map((c) => c.name).join(', ');
      if (circles(1, REPEATS))
        return { breaker: 'repeated_call', detail: `The same call came ${REPEATS} times in a row with the same result: ${names}.` };
      for (let length = 2; length <= LONGEST_CIRCLE; length++) {
        if (!circles(length, ROUNDS)) continue;
        const detail = `The same ${length} calls went round in a circle ${ROUNDS} times with the same results, the last one ${names}.`;
        return { breaker: 'alternating_calls', detail };
      }
      return null;
    },
    broke(added) {
      for (const problem of added) {
        const key = JSON.stringify([problem.path, problem.code, problem.message]);
        const times = (problems.get(key) ?? 0) + 1;
        problems.set(key, times);
        if (times >= SAME_PROBLEM)
          return { breaker: 'fix_loop', detail: `Edits brought the same problem ${times} times: ${problem.message} (${problem.path})` };
      }
      return null;
    },
    continued(tokens) {
      const continuations = pieces.length;
      pieces.push(tokens);
      const stuck = continuations >= FEWEST_CONTINUATIONS && pieces.slice(-2).every((piece) => piece < LEAST_TOKENS);
      if (stuck)
        return { breaker: 'continuation', detail: `No progress: continued ${continuations} times, and hardly anything came of it.` };
      if (continuations < MOST_CONTINUATIONS) return null;
      return { breaker: 'continuation', detail: `The reply did not come to its end in ${continuations} continuations.` };
    },
    progressed() {
      pieces = [];
    },
  };
}
