import type { Exchange, Result } from './conversation';

/**
 * A job is written as one straight story: it yields what the model says and calls, and gets the results. The server
 * keeps no state between requests, so each request plays the story from its start over the results that the request
 * itself carries, up to the first step that has none: that step is the answer.
 */

export type Call = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
export type Step = { readonly thinking?: string; readonly text?: string; readonly calls: readonly Call[] };
export type Outcome = { readonly results: readonly Result[]; readonly notices: readonly string[] };
/** What a job ends with: its last words. */
export type Job<T = Final> = Generator<Step, T, Outcome>;
export type Final = { readonly thinking?: string; readonly text: string };
export type Turn = { readonly thinking?: string; readonly text?: string; readonly calls: readonly Call[] };

/** Runs the story over what has happened so far and returns what comes next. */
export function play(job: Job, exchanges: readonly Exchange[]): Turn {
  let next = job.next();
  for (const exchange of exchanges) {
    if (next.done) break;
    const results = matching(next.value.calls, exchange);
    // Stopped or cut before its end: the step is taken again.
    if (results) next = job.next({ results, notices: exchange.notices });
  }
  return next.done ? { ...next.value, calls: [] } : next.value;
}

function matching(calls: readonly Call[], exchange: Exchange): readonly Result[] | undefined {
  const results = calls.map((call) => {
    const wanted = JSON.stringify(call.input);
    return exchange.calls.find((made) => made.name === call.name && JSON.stringify(made.input) === wanted)?.result;
  });
  return results.every((result) => result !== undefined && !result.interrupted)
    ? results.filter((result) => result !== undefined)
    : undefined;
}

/** One call, and its result. */
export function* one(call: Call, words: Omit<Step, 'calls'> = {}): Job<Result> {
  const { results } = yield { ...words, calls: [call] };
  return results[0] ?? { text: '', isError: true, interrupted: true };
}

/** Several calls side by side, and their results in the same order. */
export function* all(calls: readonly Call[], words: Omit<Step, 'calls'> = {}): Job<readonly Result[]> {
  if (calls.length === 0) return [];
  const { results } = yield { ...words, calls };
  return results;
}
