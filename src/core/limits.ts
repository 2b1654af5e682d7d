import type { EventOf } from '../protocol/events';
import type { Settings } from '../protocol/settings';
import type { SessionState } from './fold';
import type { ModelProfile, Usage } from './ports';

export type Stop = Pick<EventOf<'run_ended'>, 'reason' | 'detail' | 'next' | 'retryable' | 'error'>;

/** US dollars for one message, or null when the price is not known. */
export function costOf(usage: Usage, profile: ModelProfile): number | null {
  const { price } = profile;
  if (!price) return null;
  return (
    (usage.input * price.input + usage.output * price.output + usage.cacheRead * price.cacheRead + usage.cacheWrite * price.cacheWrite) /
    1e6
  );
}

/** A short reply: what the next one is assumed to cost at the least. */
const SHORT_REPLY_TOKENS = 200;

/**
 * Whether the next request may be sent: turns counted and money projected before it leaves, so that no request is
 * sent past a limit [G1]. The prompt is at least what the last one was, read from the cache, plus what was added.
 */
export function limitReached(
  state: SessionState,
  turnsInRun: number,
  promptTokens: number,
  profile: ModelProfile,
  settings: Settings,
): Stop | null {
  if (turnsInRun >= settings.maxTurns) {
    return {
      reason: 'max_turns',
      detail: `Stopped after ${turnsInRun} turns, the limit of one run.`,
      next: 'Continue to go on for as many turns again, or raise plumb.maxTurns.',
      retryable: true,
    };
  }
  if (settings.maxCost <= 0) return null;
  const known = state.last ? state.last.input + state.last.cacheRead + state.last.cacheWrite : 0;
  const cached = Math.min(known, promptTokens);
  const next = costOf({ input: 0, cacheRead: cached, cacheWrite: promptTokens - cached, output: SHORT_REPLY_TOKENS }, profile);
  if (next === null) {
    return {
      reason: 'max_budget',
      detail: `The price of ${profile.id} is not known, so the limit of ${money(settings.maxCost)} cannot be held.`,
      next: 'Choose a model whose price is known, or take the limit away (plumb.maxCost, --max-cost).',
      retryable: true,
    };
  }
  const spent = state.spent.cost ?? 0;
  if (spent + next <= settings.maxCost) return null;
  return {
    reason: 'max_budget',
    detail: `Stopped before the next request: ${money(spent)} spent, and it would cost at least ${money(next)}, over the limit of ${money(settings.maxCost)}.`,
    next: 'Raise plumb.maxCost and continue, or start a new session.',
    retryable: true,
  };
}

export function money(dollars: number): string {
  return `$${dollars < 0.1 ? dollars.toFixed(4) : dollars.toFixed(2)}`;
}
