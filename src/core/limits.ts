import type { EventOf } from '../protocol/events';
import { LIMIT, LIMITS, type LimitHit, type LimitName, type LimitUnit } from '../protocol/limits';
import type { Settings, SettingsProblem } from '../protocol/settings';
import { allTokens, dollars } from '../protocol/spend';
import { warmTokens } from './context/cache-watch';
import type { SessionState } from './fold';
import type { ModelProfile, ModelRequest, Usage } from './ports';
import { raiseOf, runOf } from './tally';

export type Stop = Pick<EventOf<'run_ended'>, 'reason' | 'detail' | 'next' | 'retryable' | 'error' | 'limit'>;

/** US dollars for one message, or null when the price is not known. */
export function costOf(usage: Usage, profile: ModelProfile): number | null {
  const { price } = profile;
  if (!price) return null;
  return (
    (usage.input * price.input + usage.output * price.output + usage.cacheRead * price.cacheRead + usage.cacheWrite * price.cacheWrite) /
    1e6
  );
}

/** A request is not sent when the limit would leave less than this for the reply; with room to think before it, twice as much. */
const LEAST_REPLY = 1_024;
/** What was not counted by the service yet is an estimate, and taken for this much more. */
const MARGIN = 1.25;
/** A reply that was cut is not continued by itself when this share of a limit is gone [G3]. */
const NEARLY = 0.9;

export type Projection = {
  readonly state: SessionState;
  /** Tokens of the prompt: as counted, and estimated where nothing has been counted. */
  readonly prompt: number;
  /** The prompt begins as the last one did, so that the service can have it in its cache. */
  readonly continues: boolean;
  readonly profile: ModelProfile;
  readonly settings: Settings;
  readonly now: number;
  /** A request of the loop counts as a turn; one beside it does not. */
  readonly turn: boolean;
  /** A reply that is cut shorter than this is of no use. */
  readonly least?: number;
};
export type Fit = { readonly ok: true; readonly request: ModelRequest } | { readonly ok: false; readonly stop: Stop };

/**
 * Whether a request may be sent: everything is projected before it leaves, so that none is sent past a limit [G1]. The
 * prompt is what the service counted last, and a generous estimate of what was added; it is paid as cached as far as
 * the cache is warm. The reply may become no longer than what the limits leave, so that the worst case fits too.
 */
export function fitRequest(request: ModelRequest, projection: Projection): Fit {
  const { profile, settings, state } = projection;
  const thinks = profile.thinking === 'enabled';
  const least = Math.min(request.maxTokens, projection.least ?? (thinks ? 2 * LEAST_REPLY : LEAST_REPLY));
  let { maxTokens } = request;
  for (const name of LIMITS) {
    const { unit } = LIMIT[name];
    const limit = limitOf(state, settings, name);
    if (limit === null || (unit === 'turns' && !projection.turn)) continue;
    const used = usedOf(state, name);
    const left = limit - used;
    let take = takes(unit, projection, true);
    if (!take) return { ok: false, stop: atLimit({ name, limit, used, next: null }, profile) };
    // Where the reply's length bounds the thinking, a shorter reply is another request, and the cache serves little of it.
    if (thinks && roomFor(left, take) < request.maxTokens) take = takes(unit, projection, false) ?? take;
    const room = roomFor(left, take);
    if (room < least) return { ok: false, stop: atLimit({ name, limit, used, next: take.prompt + least * take.token }, profile) };
    maxTokens = Math.min(maxTokens, room);
  }
  return { ok: true, request: maxTokens === request.maxTokens ? request : { ...request, maxTokens } };
}

/** What a request takes of a limit: for its prompt, and for each token of the reply; null when the price is not known. */
type Take = { readonly prompt: number; readonly token: number };

function takes(unit: LimitUnit, projection: Projection, cached: boolean): Take | null {
  if (unit === 'turns') return { prompt: 1, token: 0 };
  const prompt = generous(projection);
  if (unit === 'tokens') return { prompt, token: 1 };
  const { price } = projection.profile;
  if (!price) return null;
  const warm = cached ? warmOf(projection, prompt) : 0;
  return { prompt: (warm * price.cacheRead + (prompt - warm) * price.cacheWrite) / 1e6, token: price.output / 1e6 };
}

/** How long the reply may become. A limit that cannot hold the prompt has no room at all. */
function roomFor(left: number, { prompt, token }: Take): number {
  if (left < prompt) return -1;
  return token === 0 ? Number.POSITIVE_INFINITY : Math.floor((left - prompt) / token);
}

function generous({ state, prompt }: Projection): number {
  const counted = state.last ? allTokens(state.last) : 0;
  return Math.ceil(prompt <= counted ? prompt : counted + (prompt - counted) * MARGIN);
}

/** Of the prompt, what the service still has in its cache: nothing after a pause, a switch, or a change of what was said. */
function warmOf({ state, continues, profile, now }: Projection, prompt: number): number {
  if (!continues || !state.last || state.cache?.model !== profile.id) return 0;
  return Math.min(warmTokens(state, now), prompt);
}

/** What holds: the setting, or what the user raised it to since it has that value. Null: no limit. */
function limitOf(state: SessionState, settings: Settings, name: LimitName): number | null {
  const raise = raiseOf(state, name);
  const limit = raise?.from === settings[name] ? raise.to : settings[name];
  return limit === 0 ? null : limit;
}

function usedOf(state: SessionState, name: LimitName): number {
  const { unit, of } = LIMIT[name];
  const run = runOf(state);
  if (unit === 'turns') return of === 'run' ? run.turns : state.turnsSent;
  if (unit === 'tokens') return of === 'run' ? run.tokens : allTokens(state.spent);
  return of === 'run' ? run.cost : (state.spent.cost ?? 0);
}

function atLimit(limit: LimitHit, profile: ModelProfile): Stop {
  const { name, used, next } = limit;
  const { unit, of } = LIMIT[name];
  const most = amount(unit, limit.limit);
  if (next === null) {
    return {
      reason: 'max_budget',
      detail: `The price of ${profile.id} is not known, so the limit of ${most} for this ${of} cannot be held.`,
      next: `Choose a model whose price is known, go on without this limit, or take it away (${inSettings(name)}).`,
      retryable: true,
      limit,
    };
  }
  if (unit === 'turns') {
    return {
      reason: 'max_turns',
      detail: `Stopped after ${count(used, 'turn')}, the limit of one ${of}.`,
      next: `Raise the limit and go on (${inSettings(name)}), or end here.`,
      retryable: true,
      limit,
    };
  }
  return {
    reason: 'max_budget',
    detail: `Stopped before the next request: ${amount(unit, used)} ${unit === 'tokens' ? 'used' : 'spent'}, and it would take at least ${amount(unit, next)} more, over the limit of ${most} for this ${of}.`,
    next: `Raise the limit and go on (${inSettings(name)}), or end here.`,
    retryable: true,
    limit,
  };
}

/** A reply that was cut at the output limit goes on by itself only while a limit is not nearly reached [G3]. */
export function nearlySpent(state: SessionState, settings: Settings): Stop | null {
  for (const name of LIMITS) {
    const limit = limitOf(state, settings, name);
    const used = usedOf(state, name);
    const { unit, of } = LIMIT[name];
    if (limit === null || unit === 'turns' || used < limit * NEARLY) continue;
    return {
      reason: 'max_budget',
      detail: `The reply is not complete, and ${amount(unit, used)} of the limit of ${amount(unit, limit)} for this ${of} are gone: it is not continued by itself.`,
      next: `Raise the limit and go on (${inSettings(name)}), or end here.`,
      retryable: true,
      limit: { name, limit, used, next: 0 },
    };
  }
  return null;
}

/** No run without a limit that was set: one that can not be read is not taken for none. */
export function unreadable({ name, message }: SettingsProblem): Stop {
  return {
    reason: 'max_budget',
    error: 'settings',
    detail: `The limit plumb.${name} cannot be used: ${message}. Nothing is sent without a limit that was set.`,
    next: 'Correct it in the settings, then continue.',
    retryable: true,
  };
}

function inSettings(name: LimitName): string {
  return `plumb.${name}, --${LIMIT[name].flag}`;
}

function amount(unit: LimitUnit, value: number): string {
  if (unit === 'dollars') return dollars(value);
  return count(value, unit === 'tokens' ? 'token' : 'turn');
}

function count(value: number, what: string): string {
  const digits = String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${what}${value === 1 ? '' : 's'}`;
}
