/**
 * What a run or a session may take at most. Free of zod, so that the panel may import it. The names are those of the
 * settings and, written with dashes, of the command line's flags.
 */
export const LIMITS = ['maxTurns', 'maxSessionTurns', 'maxRunTokens', 'maxSessionTokens', 'maxRunCost', 'maxCost'] as const;
export type LimitName = (typeof LIMITS)[number];
export type LimitUnit = 'turns' | 'tokens' | 'dollars';

/** What each limit counts, over what, and its flag: a run begins with a message, and anew with *continue*. */
export const LIMIT = {
  maxTurns: { unit: 'turns', of: 'run', flag: 'max-turns' },
  maxSessionTurns: { unit: 'turns', of: 'session', flag: 'max-session-turns' },
  maxRunTokens: { unit: 'tokens', of: 'run', flag: 'max-run-tokens' },
  maxSessionTokens: { unit: 'tokens', of: 'session', flag: 'max-session-tokens' },
  maxRunCost: { unit: 'dollars', of: 'run', flag: 'max-run-cost' },
  maxCost: { unit: 'dollars', of: 'session', flag: 'max-cost' },
} as const satisfies Readonly<Record<LimitName, { readonly unit: LimitUnit; readonly of: 'run' | 'session'; readonly flag: string }>>;

/** A limit that a request would have gone past. */
export type LimitHit = {
  readonly name: LimitName;
  readonly limit: number;
  readonly used: number;
  /** What the next request takes at the least; null when nobody can tell, because the price is not known. */
  readonly next: number | null;
};

/** A raise holds while the setting is what it was then: a limit that is set anew takes its place. `to` null: lifted. */
export type Raise = { readonly from: number; readonly to: number | null };
export type Raises = Readonly<Partial<Record<LimitName, Raise>>>;

/** No limit is raised past this: what is larger is a slip of the finger. */
const MOST: Readonly<Record<LimitUnit, number>> = { turns: 1_000_000, tokens: 1e12, dollars: 1_000_000 };

/** The least that a limit must be raised to for the next request to be sent. */
export function leastLimit({ name, limit, used, next }: LimitHit): number {
  const least = Math.max(limit, used + (next ?? 0));
  const { unit } = LIMIT[name];
  // Rounded up to the digits that are shown, so that what is said to be enough is enough.
  const digits = least < 0.1 ? 1e4 : 1e2;
  return unit === 'dollars'
    ? Math.ceil(least * digits) / digits
    : unit === 'turns'
      ? Math.max(limit + 1, Math.ceil(least))
      : Math.ceil(least);
}

/** What a raise offers: as much again, or more where that would not do. */
export function offeredLimit(hit: LimitHit): number {
  const offered = hit.limit * Math.max(2, Math.ceil((leastLimit(hit) * 1.1) / hit.limit));
  return Number(offered.toPrecision(12));
}

/** Why a limit cannot be raised to this, or null when it can. */
export function cannotRaise(hit: LimitHit, to: number): 'no_number' | 'too_low' | 'too_high' | null {
  const { unit } = LIMIT[hit.name];
  if (!Number.isFinite(to) || (unit !== 'dollars' && !Number.isInteger(to))) return 'no_number';
  if (to < leastLimit(hit) || to <= hit.limit) return 'too_low';
  return to > MOST[unit] ? 'too_high' : null;
}
