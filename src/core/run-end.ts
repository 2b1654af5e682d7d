import { isAbort, ModelError, messageOf, StoreError } from './errors';
import type { Stop } from './limits';

/** Turns what the loop threw into the run's last word. Anything but a known error is a fault of ours, and said so. */
export function stopOf(error: unknown, signal: AbortSignal): Stop {
  if (error instanceof ModelError)
    return { reason: 'failed', error: error.kind, detail: error.message, next: error.options.next, retryable: error.options.retryable };
  if (error instanceof StoreError)
    return { reason: 'failed', error: `store_${error.kind}`, detail: error.message, next: error.next, retryable: error.kind !== 'gone' };
  if (isAbort(error) && signal.aborted) return { reason: 'cancelled', detail: 'You stopped it.', retryable: true };
  return {
    reason: 'failed',
    error: 'bug',
    detail: `Plumb failed: ${messageOf(error)}`,
    next: 'Continue to try again. If it comes back, report it with the log of this session.',
    retryable: true,
  };
}
