/** What was spent and on what: one pure fold, shared by the core, the command line and the panel. Free of zod. */

export type Tokens = { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number };
/** `cost`: US dollars, as far as prices are known; null when none is. */
export type Spent = Tokens & { readonly cost: number | null };

/** A request of a run, one that broke off before its end, one beside the conversation, the advisor, another agent. */
export const SPENDERS = ['turn', 'retry', 'side', 'advisor', 'subagent'] as const;
export type Spender = (typeof SPENDERS)[number];

export type SpendRow = Spent & {
  readonly agent: string;
  readonly model: string;
  readonly of: Spender;
  readonly requests: number;
  /** Of these requests the price is not known: `cost` leaves them out. */
  readonly unpriced: number;
  /** Of these the service's own count could not be true, and Plumb's estimate stands in for it. */
  readonly estimated: number;
};
/** One row for each agent, model and kind of request, in the order in which they first came. */
export type Spend = readonly SpendRow[];

export const NOTHING_SPENT: Spent = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: null };

type UsageEvent = Spent & {
  readonly agent: string;
  readonly model: string;
  readonly of: Spender;
  readonly doubt?: string;
  readonly elsewhere?: true;
};

/** Adds one `usage` event. What another session had spent before this one was forked from it does not count. */
export function addSpend(rows: Spend, event: UsageEvent): Spend {
  if (event.elsewhere) return rows;
  const { agent, model, of } = event;
  const at = rows.findIndex((row) => row.agent === agent && row.model === model && row.of === of);
  const row = rows[at] ?? { agent, model, of, requests: 0, unpriced: 0, estimated: 0, ...NOTHING_SPENT };
  const next = {
    ...row,
    ...addSpent(row, event),
    requests: row.requests + 1,
    unpriced: row.unpriced + (event.cost === null ? 1 : 0),
    estimated: row.estimated + (event.doubt === undefined ? 0 : 1),
  };
  return at < 0 ? [...rows, next] : rows.with(at, next);
}

export function addSpent(sum: Spent, more: Spent): Spent {
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
    cost: more.cost === null ? sum.cost : (sum.cost ?? 0) + more.cost,
  };
}

export function totalSpent(rows: Spend): Spent {
  return rows.reduce(addSpent, NOTHING_SPENT);
}

export function allTokens({ input, output, cacheRead, cacheWrite }: Tokens): number {
  return input + output + cacheRead + cacheWrite;
}

/** US dollars, with more digits the smaller it is: `$1,204.50`, `$0.34`, `$0.0123`, `<$0.0001`. */
export function dollars(cost: number): string {
  if (cost === 0) return '$0.00';
  if (cost < 0.0001) return '<$0.0001';
  if (cost < 0.1) return `$${cost.toFixed(4)}`;
  return `$${cost.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')}`;
}
