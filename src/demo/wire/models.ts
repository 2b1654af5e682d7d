import { WireError } from './errors';
import type { JsonObject } from './json';

/**
 * The models that the server knows, with what makes them behave differently. Newest first, as the service lists them.
 * Families share most of it, so a row names its family and what is its own.
 */

export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];
export type ThinkingType = 'adaptive' | 'enabled' | 'disabled' | 'between_tools';

type Family = {
  /** `disabled: 'to_high'` means: only while effort is at most high. */
  readonly thinking: { readonly [type in ThinkingType]: boolean | 'to_high' };
  readonly thinksByDefault: boolean;
  readonly showsThinking: boolean;
  /** Thinking is valid only under the prefix it was made in. */
  readonly binds: boolean;
  readonly forcedChoice: boolean;
  readonly prefill: boolean;
  readonly midSystem: boolean;
  /** Tools that the service runs, and tools that it loads by reference. */
  readonly serverTools: boolean;
  readonly efforts: readonly Effort[];
  readonly tokenFactor: number;
  readonly window: number;
  readonly maxOutput: number;
};

export type ModelSpec = Family & {
  readonly id: string;
  readonly name: string;
  readonly line: 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos';
  readonly created: string;
  readonly retires?: string;
  readonly cacheMinimum: number;
};

const ALWAYS_THINKING: Family = {
  thinking: { adaptive: true, enabled: false, disabled: false, between_tools: false },
  thinksByDefault: true,
  showsThinking: false,
  binds: true,
  forcedChoice: false,
  prefill: false,
  midSystem: true,
  serverTools: true,
  efforts: EFFORTS,
  tokenFactor: 1.3,
  window: 1_000_000,
  maxOutput: 128_000,
};
const FIVE: Family = { ...ALWAYS_THINKING, binds: false, forcedChoice: true };
const OPUS_4_8: Family = {
  ...FIVE,
  thinking: { adaptive: true, enabled: false, disabled: true, between_tools: false },
  thinksByDefault: false,
};
const FOUR_SIX: Family = {
  ...OPUS_4_8,
  thinking: { adaptive: true, enabled: true, disabled: true, between_tools: false },
  showsThinking: true,
  midSystem: false,
  efforts: ['low', 'medium', 'high', 'max'],
  tokenFactor: 1,
};
const FOUR_FIVE: Family = {
  ...FOUR_SIX,
  thinking: { adaptive: false, enabled: true, disabled: true, between_tools: false },
  prefill: true,
  efforts: [],
  window: 200_000,
  maxOutput: 64_000,
};

function model(id: string, name: string, created: string, cacheMinimum: number, family: Family, own: Partial<ModelSpec> = {}): ModelSpec {
  const line = (['haiku', 'sonnet', 'opus', 'fable', 'mythos'] as const).find((word) => id.includes(word)) ?? 'opus';
  return { ...family, id, name, line, created: `${created}T00:00:00Z`, cacheMinimum, ...own };
}

export const MODELS: readonly ModelSpec[] = [
  model('claude-opus-5-5', 'Claude Opus 5.5', '2026-10-21', 512, ALWAYS_THINKING),
  model('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-21', 1024, ALWAYS_THINKING, {
    thinking: { adaptive: true, enabled: false, disabled: false, between_tools: true },
  }),
  model('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-21', 1024, ALWAYS_THINKING, {
    thinking: { adaptive: true, enabled: false, disabled: 'to_high', between_tools: false },
    forcedChoice: true,
    midSystem: false,
  }),
  model('claude-fable-5-2', 'Claude Fable 5.2', '2026-10-01', 512, ALWAYS_THINKING),
  model('claude-mythos-5-2', 'Claude Mythos 5.2', '2026-10-01', 512, ALWAYS_THINKING),
  model('claude-fable-5-1', 'Claude Fable 5.1', '2026-08-31', 512, ALWAYS_THINKING),
  model('claude-mythos-5-1', 'Claude Mythos 5.1', '2026-08-31', 512, ALWAYS_THINKING),
  model('claude-fable-5', 'Claude Fable 5', '2026-06-01', 512, FIVE),
  model('claude-mythos-5', 'Claude Mythos 5', '2026-06-01', 512, FIVE),
  model('claude-opus-5', 'Claude Opus 5', '2026-05-20', 512, FIVE, {
    thinking: { adaptive: true, enabled: false, disabled: 'to_high', between_tools: false },
  }),
  model('claude-sonnet-5', 'Claude Sonnet 5', '2026-05-20', 1024, FIVE, {
    thinking: { adaptive: true, enabled: false, disabled: true, between_tools: false },
    midSystem: false,
  }),
  model('claude-mythos-preview', 'Claude Mythos Preview', '2026-04-07', 512, FIVE, { retires: '2027-04-07T00:00:00Z' }),
  model('claude-opus-4-8', 'Claude Opus 4.8', '2026-04-01', 1024, OPUS_4_8),
  model('claude-opus-4-7', 'Claude Opus 4.7', '2026-03-01', 2048, OPUS_4_8, { midSystem: false }),
  model('claude-opus-4-6', 'Claude Opus 4.6', '2026-02-05', 4096, FOUR_SIX),
  model('claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-02-17', 1024, FOUR_SIX),
  model('claude-opus-4-5-20251101', 'Claude Opus 4.5', '2025-11-01', 4096, FOUR_FIVE, { efforts: ['low', 'medium', 'high'] }),
  model('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-01', 4096, FOUR_FIVE),
  model('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', 1024, FOUR_FIVE, { retires: '2026-11-30T00:00:00Z' }),
];

/** The model of that id or alias (`claude-opus-4-5` for the dated id). @throws WireError 404 */
export function findModel(models: readonly ModelSpec[], id: string): ModelSpec {
  const found = models.find((spec) => spec.id === id || spec.id.replace(/-\d{8}$/, '') === id);
  if (!found) throw new WireError('not_found_error', `model: ${id}`);
  return found;
}

/** A model as `GET /v1/models` states it. */
export function modelInfo(spec: ModelSpec): JsonObject {
  const yes = { supported: true };
  const able = (supported: boolean) => ({ supported });
  const adaptive = spec.thinking.adaptive === true;
  const effort = (name: Effort) => able(spec.efforts.includes(name));
  return {
    type: 'model',
    id: spec.id,
    display_name: spec.name,
    created_at: spec.created,
    line: spec.line,
    lifecycle: spec.retires ? 'deprecated' : 'active',
    deprecated_at: spec.retires ? spec.created : null,
    retires_at: spec.retires ?? null,
    max_input_tokens: spec.window,
    max_tokens: spec.maxOutput,
    capabilities: {
      batch: yes,
      citations: yes,
      code_execution: yes,
      image_input: yes,
      pdf_input: yes,
      structured_outputs: yes,
      thinking: {
        supported: true,
        types: {
          adaptive: able(adaptive),
          between_tools: able(spec.thinking.between_tools === true),
          disabled: able(spec.thinking.disabled !== false),
          enabled: able(spec.thinking.enabled === true),
        },
      },
      effort: {
        supported: spec.efforts.length > 0,
        low: effort('low'),
        medium: effort('medium'),
        high: effort('high'),
        xhigh: spec.efforts.includes('xhigh') ? yes : null,
        max: effort('max'),
      },
      context_management: {
        supported: true,
        clear_tool_uses_20250919: yes,
        clear_thinking_20251015: yes,
        compact_20260112: able(adaptive),
      },
      server_tools: { supported: spec.serverTools, code_execution: able(spec.serverTools), web_search: able(spec.serverTools) },
    },
  };
}

/** One page of the model list. `query` is that of the URL: `limit`, `after_id`, `before_id`, `lifecycle[]`. */
export function modelPage(models: readonly ModelSpec[], query: URLSearchParams): JsonObject {
  const lifecycles = query.getAll('lifecycle[]');
  let rows = models.map(modelInfo);
  if (lifecycles.length > 0) rows = rows.filter((row) => lifecycles.includes(String(row.lifecycle)));
  const limit = Math.max(1, Number(query.get('limit') ?? 20) || 20);
  const after = rows.findIndex((row) => row.id === query.get('after_id'));
  const before = rows.findIndex((row) => row.id === query.get('before_id'));
  const backwards = before >= 0;
  const range = backwards ? rows.slice(0, before) : rows.slice(after + 1);
  const data = backwards ? range.slice(-limit) : range.slice(0, limit);
  return { data, has_more: range.length > data.length, first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
