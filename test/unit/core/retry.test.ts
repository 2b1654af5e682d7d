import assert from 'node:assert/strict';
import { ModelError, type ModelErrorKind } from '../../../src/core/errors';
import { retryDelay } from '../../../src/core/retry';

const failure = (kind: ModelErrorKind, more: { retryable?: boolean; retryAfterMs?: number } = {}) =>
  new ModelError(kind, kind, { next: '', retryable: true, ...more });
/** How often the request is sent before the error ends the run. */
function sent(error: ModelError, answered = true): number {
  let attempt = 1;
  while (attempt < 100 && retryDelay(error, attempt, answered, 0) !== null) attempt++;
  return attempt;
}

describe('retries', () => {
  it('are given up the sooner the less a repeat can mend', () => {
    assert.equal(sent(failure('auth', { retryable: false })), 1);
    assert.equal(sent(failure('protocol')), 3, 'what cannot be understood comes again');
    assert.equal(sent(failure('network'), false), 4, 'nobody there');
    assert.equal(sent(failure('network')), 8, 'somebody there, who was cut off');
    assert.equal(sent(failure('overloaded'), false), 8);
  });

  it('wait twice as long each time, and no longer than half a minute', () => {
    const delays = [1, 2, 3, 4, 7].map((attempt) => retryDelay(failure('server'), attempt, true, 0));
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 30_000]);
    assert.equal(retryDelay(failure('server'), 1, true, 1), 375, 'less a random part, so that clients do not come back together');
  });

  it('wait as long as the service asks, unless that is too long to sit through', () => {
    assert.equal(retryDelay(failure('rate_limit', { retryAfterMs: 12_345 }), 1, false, 0.5), 12_345);
    assert.equal(retryDelay(failure('rate_limit', { retryAfterMs: 3_600_000 }), 1, false, 0.5), null);
  });
});
