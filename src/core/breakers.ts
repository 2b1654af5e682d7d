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
/** So many turns in a row may have all their calls refused by the rules, or all of them fail. */
const DENIED_TURNS = 5;
const FAILED_TURNS = 10;
/** The model is asked to go on after this many empty replies in a row. */
const EMPTY_REPLIES = 2;

/**
 * Every loop that could spin, the one who stops it, and what the user can do then. What is not here ends by itself:
 * the number of turns is a limit (`limits.ts`), and each queued message is one that a person wrote.
 */
export const BREAKERS = {
  /** A request that fails: `retry.ts` counts, by the kind of failure. */
  api_retry: { next: 'Look whether the service and the connection work, then continue.' },
  /** Condensing: three failures in a row, or a window that fills up again at once (`context/compact.ts`). */
  compaction: { next: 'Take large results out of the context, choose a model with a larger window, or start a new session.' },
  /** A reply that is cut or paused again and again. */
  continuation: { next: 'Ask for less at a time, then continue.' },
  /** A reply that does not end though it is longer than was asked for (`turn.ts`). */
  endless_reply: { next: 'Choose another model, or continue to ask once more.' },
  /** Replies without a word or a call. */
  empty_reply: { next: 'Say what is missing, choose another model, or continue.' },
  repeated_call: { next: 'Tell it what to do differently, or continue.' },
  alternating_calls: { next: 'Tell it what to do differently, or continue.' },
  /** Calls that are refused without anybody being asked: by rules, by the mode. */
  denied_calls: { next: 'Change the mode or the rules, or tell it to do without; then continue.' },
  /** Blocked calls while auto mode decides: it asks again, and the run goes on (`protocol/denials.ts`). */
  auto_mode: { next: 'Allow a call to go on in auto mode, or choose the mode anew; or tell it to do without.' },
  failing_calls: { next: 'Look at why the calls fail, tell it what to do differently, then continue.' },
  /** Edits that bring back the same problem. */
  fix_loop: { next: 'Solve this problem with it step by step, or continue.' },
} as const satisfies Readonly<Record<string, { readonly next: string }>>;
export type BreakerName = keyof typeof BREAKERS;

export type Tripped = { readonly breaker: BreakerName; readonly detail: string };
/** `refused`: no person had a hand in it. */
export type CallOutcome = 'went' | 'failed' | 'refused';

/** Counts what could spin within one run. */
export type Breakers = {
  /** After a batch: `results` is what the calls gave, so that a poll whose answer changes is not taken for a loop. */
  called(calls: readonly ToolUseBlock[], results: string, outcomes: readonly CallOutcome[]): Tripped | null;
  /** After edits: the problems that they brought. */
  broke(added: readonly Problem[]): Tripped | null;
  /** The reply stopped before its end and is about to be continued. `tokens`: what this piece of it was. */
  continued(tokens: number): Tripped | null;
  /** The model said nothing and called nothing. */
  empty(): Tripped | null;
  /** The model came to the end of a reply. */
  progressed(): void;
};

export function createBreakers(hash: (text: string) => string): Breakers {
  const recent: string[] = [];
  const problems = new Map<string, number>();
  let pieces: number[] = [];
  let empties = 0;
  const inARow = { refused: 0, failed: 0 };

  /** How many turns in a row have had nothing but this outcome. */
  function row(of: 'refused' | 'failed', outcomes: readonly CallOutcome[]): number {
    inARow[of] = outcomes.length > 0 && outcomes.every((outcome) => outcome === of) ? inARow[of] + 1 : 0;
    return inARow[of];
  }

  /** True when the newest calls are `rounds` times the same circle of `length`. */
  function circles(length: number, rounds: number): boolean {
    const newest = recent.slice(-length * rounds);
    return newest.length === length * rounds && newest.every((call, i) => i < length || call === newest[i - length]);
  }

  return {
    called(calls, results, outcomes) {
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
      const [refused, failed] = [row('refused', outcomes), row('failed', outcomes)];
      if (refused >= DENIED_TURNS)
        return { breaker: 'denied_calls', detail: `Every call of the last ${refused} turns was refused: ${names}.` };
      if (failed >= FAILED_TURNS) return { breaker: 'failing_calls', detail: `Every call of the last ${failed} turns failed: ${names}.` };
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
    empty() {
      empties += 1;
      if (empties <= EMPTY_REPLIES) return null;
      return { breaker: 'empty_reply', detail: `The model answered with nothing ${empties} times in a row.` };
    },
    progressed() {
      pieces = [];
      empties = 0;
    },
  };
}
