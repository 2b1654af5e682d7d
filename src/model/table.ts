import type { ModelProfile } from '../core/ports';

/**
 * The built-in table: what is known without asking the service. It is the fallback for limits, and the only source of
 * prices, which the service's model list does not carry.
 */

type Price = NonNullable<ModelProfile['price']>;
type Row = {
  readonly name: string;
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly thinking: ModelProfile['thinking'];
  readonly price: Price;
};

/** US dollars per million tokens. Writing to the 5-minute cache costs a quarter more, reading a tenth, unless stated. */
function price(input: number, output: number, cacheRead = input * 0.1): Price {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { input, output, cacheRead: round(cacheRead), cacheWrite: round(input * 1.25) };
}

const large = (name: string, cost: Price): Row => ({
  name,
  contextWindow: 1_000_000,
  maxOutput: 128_000,
  thinking: 'adaptive',
  price: cost,
});
const small = (name: string, cost: Price): Row => ({
  name,
  contextWindow: 200_000,
  maxOutput: 64_000,
  thinking: 'enabled',
  price: cost,
});

/** Best first: this is also the list that is offered when the service has none. */
const TABLE: Readonly<Record<string, Row>> = {
  'claude-opus-5-5': large('Claude Opus 5.5', price(4, 20, 0.2)),
  'claude-opus-5': large('Claude Opus 5', price(5, 25)),
  'claude-opus-4-8': large('Claude Opus 4.8', price(5, 25)),
  'claude-opus-4-7': large('Claude Opus 4.7', price(5, 25)),
  'claude-opus-4-6': large('Claude Opus 4.6', price(5, 25)),
  'claude-opus-4-5': small('Claude Opus 4.5', price(5, 25)),
  'claude-sonnet-5-5': large('Claude Sonnet 5.5', price(2, 10, 0.1)),
  'claude-sonnet-5': large('Claude Sonnet 5', price(2, 10)),
  'claude-sonnet-4-6': large('Claude Sonnet 4.6', price(3, 15)),
  'claude-sonnet-4-5': small('Claude Sonnet 4.5', price(3, 15)),
  'claude-fable-5-2': large('Claude Fable 5.2', price(8, 40)),
  'claude-fable-5-1': large('Claude Fable 5.1', price(10, 50, 0.25)),
  'claude-fable-5': large('Claude Fable 5', price(10, 50)),
  // Five times as much above a prompt of 100,000 tokens: not expressed here, so long prompts are shown too cheap.
  'claude-haiku-5-5': large('Claude Haiku 5.5', price(0.1, 0.5)),
  'claude-haiku-4-5': small('Claude Haiku 4.5', price(1, 5)),
  'claude-mythos-5-1': large('Claude Mythos 5.1', price(10, 50)),
  'claude-mythos-5': large('Claude Mythos 5', price(10, 50)),
};

/** A profile for any id: from the table, or a careful guess that fits most servers. */
export function tableProfile(id: string): ModelProfile {
  const row = TABLE[baseId(id)];
  if (row) return { id, images: true, references: 'likely', source: 'table', ...row };
  return {
    id,
    name: id,
    contextWindow: 128_000,
    maxOutput: 8_192,
    thinking: 'none',
    images: true,
    references: 'no',
    price: null,
    source: 'guess',
  };
}

/** Every row of the table, best first. */
export function tableProfiles(): readonly ModelProfile[] {
  return Object.keys(TABLE).map(tableProfile);
}

/** `anthropic/claude-opus-4-5@20251101` is priced as `claude-opus-4-5`. */
function baseId(id: string): string {
  return id.replace(/^.*[/:.](?=claude-)/, '').replace(/(-latest|[-@]\d{8}.*)$/, '');
}
