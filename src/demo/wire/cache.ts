import { isObject, type JsonObject, objectsIn } from './json';
import { chain, type Position, promptTokens, type Ttl } from './prompt';
import type { WireRequest } from './request';

const LIFE_MS: { readonly [ttl in Ttl]: number } = { '5m': 5 * 60_000, '1h': 60 * 60_000 };
/** How many positions before it a breakpoint looks for an earlier write. */
const LOOK_BACK = 20;

export type CacheUsage = { readonly input: number; readonly read: number; readonly written: { readonly [ttl in Ttl]: number } };
export type CachePlan = {
  readonly usage: CacheUsage;
  /** Makes what this request wrote readable and refreshes what it read: called when its response begins. */
  readonly commit: () => void;
};

export type PromptCache = { plan(request: WireRequest, positions: readonly Position[]): CachePlan };

/**
 * The prompt cache, by true equality of prefixes: an entry is the hash of every block from the first to a breakpoint,
 * under one credential and one model. Whatever changes a byte of the prefix changes the hash and misses.
 */
export function createPromptCache(now: () => number): PromptCache {
  const entries = new Map<string, { until: number; readonly life: number }>();

  function plan(request: WireRequest, positions: readonly Position[]): CachePlan {
    const hashes = hashesOf(request, positions);
    const ends = runningTokens(positions);
    const live = (index: number) => (entries.get(hashes[index] ?? '')?.until ?? 0) > now();
    const breakpoints = [...positions.keys()].filter((index) => positions[index]?.ttl && (ends[index] ?? 0) >= request.model.cacheMinimum);

    let readAt = -1;
    for (const breakpoint of breakpoints) {
      for (let index = breakpoint; index >= breakpoint - LOOK_BACK && index > readAt; index--) {
        if (live(index)) readAt = index;
      }
    }

    const read = readAt < 0 ? 0 : (ends[readAt] ?? 0);
    const written = { '5m': 0, '1h': 0 };
    let from = read;
    for (const breakpoint of breakpoints.filter((index) => index > readAt)) {
      const to = ends[breakpoint] ?? from;
      written[positions[breakpoint]?.ttl ?? '5m'] += to - from;
      from = to;
    }

    const commit = () => {
      for (const index of [readAt, ...breakpoints]) {
        const hash = hashes[index];
        if (hash === undefined) continue;
        const entry = entries.get(hash);
        if (entry && entry.until > now()) entry.until = now() + entry.life;
        else if (index > readAt) {
          const life = LIFE_MS[positions[index]?.ttl ?? '5m'];
          entries.set(hash, { until: now() + life, life });
        }
      }
    };
    return { usage: { input: promptTokens(positions) - from, read, written }, commit };
  }

  return { plan };
}

/** One hash for each position. What belongs to a level but to no block is folded in where the level begins. */
function hashesOf(request: WireRequest, positions: readonly Position[]): readonly string[] {
  const { params, model, credential } = request;
  const salts = {
    tools: '',
    system: JSON.stringify([params.speed ?? 'standard', citationsOn(request)]),
    messages: JSON.stringify([params.tool_choice ?? null, params.thinking ?? null, effortOf(params), hasImages(request)]),
  };
  let hash = chain(chain('', credential), model.id);
  let level: Position['level'] = 'tools';
  return positions.map((position) => {
    if (level === 'tools' && position.level !== 'tools') hash = chain(hash, salts.system);
    if (level !== 'messages' && position.level === 'messages') hash = chain(hash, salts.messages);
    level = position.level;
    hash = chain(hash, position.canonical);
    return hash;
  });
}

function runningTokens(positions: readonly Position[]): readonly number[] {
  let sum = 0;
  return positions.map((position) => {
    sum += position.tokens;
    return sum;
  });
}

function effortOf(params: JsonObject): unknown {
  return isObject(params.output_config) ? (params.output_config.effort ?? null) : null;
}

function citationsOn(request: WireRequest): boolean {
  return request.turns.some((turn) => turn.content.some((block) => isObject(block.citations) && block.citations.enabled === true));
}

function hasImages(request: WireRequest): boolean {
  return request.turns.some((turn) =>
    turn.content.some((block) => block.type === 'image' || objectsIn(block.content).some((inner) => inner.type === 'image')),
  );
}
