import type { Models } from '@anthropic-ai/sdk/resources/models';
import { z } from 'zod';
import { isAbort, type ModelError } from '../core/errors';
import type { ModelProfile, ModelRequest } from '../core/ports';
import { tableProfile, tableProfiles } from './table';

export type Effort = Exclude<ModelRequest['effort'], 'default'>;
/** Effort levels from the least to the most. */
export const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** A profile, and what only the request builder needs: the effort levels that the model takes, or `unknown`. */
export type Capabilities = { readonly profile: ModelProfile; readonly efforts: readonly Effort[] | 'unknown' };

export type Profiles = {
  /** @throws ModelError 'auth' when the credential was refused: any other failure of the list yields the table. */
  list(signal: AbortSignal): Promise<readonly ModelProfile[]>;
  /** Rejects on abort only. */
  of(model: string, signal: AbortSignal): Promise<Capabilities>;
};

const LIST_TIMEOUT_MS = 10_000;
/** After a failure that may pass, how long the table is used before the service is asked again. */
const RETRY_LIST_MS = 60_000;
/** Offered first: the line that suits agent work best; unknown lines keep the service's own order, behind these. */
const LINES = ['opus', 'sonnet', 'fable', 'haiku', 'mythos'];

const zSupport = z.object({ supported: z.boolean() }).nullish().catch(undefined);
const zCount = z.number().int().positive().nullish().catch(undefined);

/** Tolerant on purpose: other servers list bare ids, or name their limits in their own way. */
const zModelInfo = z.object({
  id: z.string().min(1),
  display_name: z.string().nullish().catch(undefined),
  line: z.string().nullish().catch(undefined),
  lifecycle: z.string().nullish().catch(undefined),
  max_input_tokens: zCount,
  max_tokens: zCount,
  context_length: zCount,
  max_model_len: zCount,
  max_context_length: zCount,
  capabilities: z
    .object({
      image_input: zSupport,
      server_tools: zSupport,
      thinking: z
        .object({ types: z.object({ adaptive: zSupport, enabled: zSupport }).nullish().catch(undefined) })
        .nullish()
        .catch(undefined),
      effort: z
        .object({ supported: z.boolean(), low: zSupport, medium: zSupport, high: zSupport, xhigh: zSupport, max: zSupport })
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
type ModelInfo = z.infer<typeof zModelInfo>;

type Known = { readonly list: readonly ModelProfile[]; readonly byId: ReadonlyMap<string, Capabilities> };

/** Reads the service's model list once and keeps it; until then, and where there is none, the built-in table answers. */
export function createProfiles(models: Models, toModelError: (error: unknown) => ModelError): Profiles {
  let pending: Promise<Known> | undefined;
  let failure: { readonly error: ModelError; readonly at: number } | undefined;

  const fetchList = async (): Promise<Known> => {
    const infos: ModelInfo[] = [];
    for await (const entry of models.list({ limit: 100 }, { timeout: LIST_TIMEOUT_MS })) {
      const parsed = zModelInfo.safeParse(entry);
      if (parsed.success && parsed.data.lifecycle !== 'retired') infos.push(parsed.data);
    }
    const known = infos.map(capabilitiesOf);
    return {
      list: bestFirst(infos, known),
      byId: new Map(known.map((capabilities) => [capabilities.profile.id, capabilities])),
    };
  };

  /** `undefined` when the service has no usable list. */
  const known = async (signal: AbortSignal): Promise<Known | undefined> => {
    if (failure && (!failure.error.options.retryable || Date.now() - failure.at < RETRY_LIST_MS)) return undefined;
    // One fetch serves everyone who asks, so no caller's signal may end it; each waits on its own.
    pending ??= fetchList();
    try {
      const result = await unlessAborted(pending, signal);
      failure = undefined;
      return result;
    } catch (error) {
      if (signal.aborted && isAbort(error)) throw error;
      pending = undefined;
      failure = { error: toModelError(error), at: Date.now() };
      return undefined;
    }
  };

  return {
    async list(signal) {
      const result = await known(signal);
      if (result && result.list.length > 0) return result.list;
      if (failure?.error.options.status === 401) throw failure.error;
      return tableProfiles();
    },
    async of(model, signal) {
      const result = await known(signal);
      return result?.byId.get(model) ?? { profile: tableProfile(model), efforts: 'unknown' };
    },
  };
}

function capabilitiesOf(info: ModelInfo): Capabilities {
  const fallback = tableProfile(info.id);
  const { capabilities } = info;
  const types = capabilities?.thinking?.types;
  const effort = capabilities?.effort;
  const stated = info.max_input_tokens ?? info.max_tokens;
  return {
    profile: {
      id: info.id,
      name: info.display_name || fallback.name,
      contextWindow:
        info.max_input_tokens ?? info.context_length ?? info.max_model_len ?? info.max_context_length ?? fallback.contextWindow,
      maxOutput: info.max_tokens ?? fallback.maxOutput,
      thinking: types ? (types.adaptive?.supported ? 'adaptive' : types.enabled?.supported ? 'enabled' : 'none') : fallback.thinking,
      images: capabilities?.image_input?.supported ?? fallback.images,
      // The list has no word of its own for it; servers that state nothing of the kind know nothing of deferred tools.
      references: capabilities ? (capabilities.server_tools?.supported ? 'yes' : 'no') : fallback.references === 'no' ? 'no' : 'likely',
      price: fallback.price,
      source: stated ? 'service' : fallback.source,
    },
    efforts: effort ? EFFORTS.filter((level) => effort.supported && effort[level]?.supported) : 'unknown',
  };
}

function bestFirst(infos: readonly ModelInfo[], known: readonly Capabilities[]): readonly ModelProfile[] {
  const rank = (info: ModelInfo) => {
    const line = LINES.indexOf(info.line ?? LINES.find((name) => info.id.includes(name)) ?? '');
    return (info.lifecycle === 'deprecated' ? 100 : 0) + (line < 0 ? LINES.length : line);
  };
  return infos
    .map((info, at) => ({ at, rank: rank(info), profile: known[at]?.profile }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .flatMap(({ profile }) => (profile ? [profile] : []));
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException('The wait was cancelled.', 'AbortError'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
