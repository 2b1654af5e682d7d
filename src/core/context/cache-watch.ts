import type { Layers } from '../../protocol/event-parts';
import type { EventOf } from '../../protocol/events';
import type { SessionState } from '../fold';
import type { ModelMessage, ModelProfile, ModelRequest } from '../ports';
import type { RunContext } from '../run-context';

/** How long the service keeps what nobody reads. */
export const CACHE_MS = 5 * 60_000;
/** A smaller loss is the service's rounding, and nobody's concern. */
const LEAST_TOKENS = 1_000;
const LEAST_SHARE = 0.05;

/** What was asked last, and what the service had in its cache after it. */
export type CacheState = { readonly layers: Layers; readonly model: string; readonly at: number; readonly tokens: number };

type Missed = Pick<EventOf<'cache_missed'>, 'cause' | 'expected' | 'read' | 'detail'>;
type Hash = (text: string) => string;

/** Messages that were sent never change, so each is hashed once. */
const hashes = new WeakMap<ModelMessage, string>();

/** The layers of a request; `messages` are those without cache marks. */
export function layersOf(
  request: ModelRequest,
  messages: readonly ModelMessage[],
  previous: CacheState | null,
  hash: Hash,
  service?: string,
): Layers {
  const last = messages.at(-1);
  const before = previous?.layers.messages;
  return {
    tools: short(hash(JSON.stringify(request.tools))),
    system: short(hash(JSON.stringify(request.system.map((s) => s.text)))),
    effort: request.effort,
    service,
    messages: {
      hash: prefixHash(messages, messages.length, last?.content.length ?? 0, hash),
      messages: messages.length,
      blocks: last?.content.length ?? 0,
    },
    before: before && prefixHash(messages, before.messages, before.blocks, hash),
  };
}

/** The messages up to a block of the `count`th. */
function prefixHash(messages: readonly ModelMessage[], count: number, blocks: number, hash: Hash): string {
  const whole = messages.slice(0, Math.max(0, count - 1)).map((message) => {
    const known = hashes.get(message) ?? hash(JSON.stringify(message));
    hashes.set(message, known);
    return known;
  });
  const last = messages[count - 1];
  return short(hash([...whole, JSON.stringify(last ? [last.role, last.content.slice(0, blocks)] : null)].join('\n')));
}

function short(hash: string): string {
  return hash.slice(0, 16);
}

/** Why less was read from the cache than it held [K4]; null when nothing worth a word was lost. */
export function missOf(before: CacheState | null, now: Omit<CacheState, 'tokens'>, read: number): Missed | null {
  if (!before) return null;
  const lost = before.tokens - read;
  if (lost < LEAST_TOKENS || lost < before.tokens * LEAST_SHARE) return null;
  return { expected: before.tokens, read, ...causeOf(before, now) };
}

function causeOf(before: CacheState, now: Omit<CacheState, 'tokens'>): Pick<Missed, 'cause' | 'detail'> {
  const [was, is] = [before.layers.service, now.layers.service];
  if (was !== undefined && is !== undefined && was !== is)
    return { cause: 'connection', detail: 'The key or the address changed: each has a cache of its own.' };
  if (before.model !== now.model) return { cause: 'model', detail: `The model changed from ${before.model} to ${now.model}.` };
  if (before.layers.tools !== now.layers.tools) return { cause: 'tools', detail: 'The set of tools changed.' };
  if (before.layers.system !== now.layers.system) return { cause: 'system', detail: 'The system prompt changed.' };
  if (before.layers.effort !== now.layers.effort)
    return { cause: 'effort', detail: `The effort changed from ${before.layers.effort} to ${now.layers.effort}.` };
  if (now.layers.before !== before.layers.messages.hash)
    return { cause: 'messages', detail: 'Earlier messages are no longer what was sent: they were condensed, or taken out.' };
  const minutes = Math.round((now.at - before.at) / 60_000);
  if (now.at - before.at > CACHE_MS) return { cause: 'expired', detail: `The service kept it for 5 minutes, and ${minutes} had passed.` };
  return { cause: 'service', detail: 'The request was the same: the service no longer had it.' };
}

/** Says when the request that was just answered read less than it could have. `before` is the state of the cache at its start. */
export function reportMiss(run: RunContext, before: CacheState | null, read: number): void {
  const { cache } = run.state();
  const missed = cache && missOf(before, cache, read);
  if (missed) run.emit({ type: 'cache_missed', ...missed });
}

/** Tokens that a switch of the model would have the service read anew now; 0 when nothing is cached any more. */
export function warmTokens(state: SessionState, now: number): number {
  return state.cache && now - state.cache.at < CACHE_MS ? state.cache.tokens : 0;
}

/** Below this a change of the model or the effort costs too little for a word before it. */
const WORTH_TOKENS = 20_000;

/** What the dearest of these sessions would have the service read anew, where that is worth a warning; else 0 [K5]. */
export function warnedTokens(states: readonly SessionState[], now: number): number {
  const most = Math.max(0, ...states.map((state) => warmTokens(state, now)));
  return most < WORTH_TOKENS ? 0 : most;
}

/** US dollars for a prompt of so many tokens read anew, and from the cache; null where the price is not known. */
export function rereadPrice(tokens: number, profile: ModelProfile | undefined): { readonly anew: number; readonly cached: number } | null {
  const price = profile?.price;
  return price && price.cacheWrite > 0 ? { anew: (tokens * price.cacheWrite) / 1e6, cached: (tokens * price.cacheRead) / 1e6 } : null;
}

/** Those that a change to this effort has read anew: what was asked with that very effort stays cached, as when a change is taken back. */
export function askedOtherwise(states: readonly SessionState[], effort: string): readonly SessionState[] {
  return states.filter(({ cache }) => cache?.layers.effort !== effort);
}
