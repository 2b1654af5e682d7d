import type { ModelError } from './errors';

/** A model request is sent at most this often before the run ends with the error. */
const MAX_ATTEMPTS = 8;
/** Without any answer at all the address is more likely wrong than the service busy: the user hears of it sooner. */
const MAX_UNANSWERED = 4;
/** A service that asks for a longer wait than this ends the run instead: the user decides. */
const LONGEST_WAIT_MS = 5 * 60_000;
/** An answer that cannot be understood will most likely come again. */
const MAX_GARBLED = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * How long to wait before sending again, or null when the run should end: an error that a repeat can not mend, the
 * last attempt, or a wait that is too long to sit through. `retry-after` wins over the doubling delay.
 * `answered` tells that the stream had begun. `random` is in [0, 1) and takes off up to a quarter, so that clients do not come back all at once.
 */
export function retryDelay(error: ModelError, attempt: number, answered: boolean, random: number): number | null {
  if (!error.options.retryable || attempt >= attemptsFor(error, answered)) return null;
  const asked = error.options.retryAfterMs;
  if (asked !== undefined) return asked > LONGEST_WAIT_MS ? null : asked;
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return delay * (1 - random * 0.25);
}

/** How often a request that fails in this way is sent. `answered`: the stream had begun. */
export function attemptsFor(error: ModelError, answered: boolean): number {
  if (error.kind === 'protocol') return MAX_GARBLED;
  return error.kind === 'network' && !answered ? MAX_UNANSWERED : MAX_ATTEMPTS;
}
