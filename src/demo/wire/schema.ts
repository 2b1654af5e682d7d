import { z } from 'zod';

/**
 * The fields of a request, part by part. Lists whose members differ by `type` are checked member by member in
 * `validate.ts`, so that a refusal names the member as the service does (`tools.0.custom.foo`).
 */

const zAny = z.unknown();
const zCacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() });
const cache = { cache_control: zCacheControl.nullish() };
const zRecord = z.record(z.string(), z.unknown());
const zId = z.string().regex(/^[a-zA-Z0-9_-]+$/);
const zCitations = z.strictObject({ enabled: z.boolean().optional() });
const zCaller = z.strictObject({ type: z.string(), tool_id: z.string().optional() });

const zImageSource = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('base64'),
    media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
    data: z.base64(),
  }),
  z.strictObject({ type: z.literal('url'), url: z.string() }),
  z.strictObject({ type: z.literal('file'), file_id: z.string() }),
]);
const zDocumentSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.base64() }),
  z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
  z.strictObject({ type: z.literal('content'), content: zAny }),
  z.strictObject({ type: z.literal('url'), url: z.string() }),
  z.strictObject({ type: z.literal('file'), file_id: z.string() }),
]);

const call = { id: zId, name: z.string().min(1).max(200), input: zRecord, caller: zCaller.optional(), ...cache };
const serverResult = { tool_use_id: zId, content: zAny, caller: zCaller.optional(), ...cache };
const toolChange = { tool: zRecord, ...cache };
const compaction = {
  content: z.string().min(1).nullish(),
  encrypted_content: z.string().nullish(),
  signature: z.string().nullish(),
  tool_changes: z.array(zRecord).nullish(),
  ...cache,
};

/** Fields of each kind of content block, `type` aside. */
export const BLOCKS = {
  text: { text: z.string(), citations: z.array(zRecord).nullish(), ...cache },
  image: { source: zImageSource, transformations: zRecord.nullish(), ...cache },
  document: {
    source: zDocumentSource,
    title: z.string().nullish(),
    context: z.string().nullish(),
    citations: zCitations.nullish(),
    ...cache,
  },
  search_result: { source: z.string(), title: z.string(), content: z.array(zRecord), citations: zCitations.nullish(), ...cache },
  thinking: { thinking: z.string(), signature: z.string() },
  redacted_thinking: { data: z.string() },
  tool_use: { ...call, toolset_name: z.string().nullish() },
  tool_result: {
    tool_use_id: zId,
    content: zAny.optional(),
    is_error: z.boolean().optional(),
    toolset_name: z.string().nullish(),
    ...cache,
  },
  tool_reference: { tool_name: z.string(), ...cache },
  server_tool_use: call,
  web_search_tool_result: serverResult,
  web_fetch_tool_result: serverResult,
  code_execution_tool_result: serverResult,
  bash_code_execution_tool_result: serverResult,
  text_editor_code_execution_tool_result: serverResult,
  tool_search_tool_result: serverResult,
  container_upload: { file_id: z.string(), ...cache },
  advisor_tool_result: serverResult,
  mcp_tool_use: { ...call, server_name: z.string() },
  mcp_tool_result: { tool_use_id: zId, content: zAny, is_error: z.boolean().optional(), ...cache },
  mcp_tool_listing: { server_name: z.string(), tools: z.array(zRecord), ...cache },
  compaction,
  fallback: { from: zRecord, to: zRecord, trigger: zAny },
  tool_addition: toolChange,
  tool_removal: toolChange,
} as const;

const zFlag = z.boolean().optional();
/** A tool that the caller defines. */
export const CUSTOM_TOOL = {
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  strict: zFlag,
  eager_input_streaming: z.boolean().nullish(),
  defer_loading: zFlag,
  allowed_callers: z.array(z.string()).optional(),
  input_examples: z.array(zRecord).optional(),
  ...cache,
};

const parallel = { disable_parallel_tool_use: zFlag };
export const TOOL_CHOICES = { auto: parallel, any: parallel, tool: { name: z.string(), ...parallel }, none: {} };

const shown = {
  display: z.enum(['summarized', 'omitted', 'updates']).nullish(),
  block_binding: z.strictObject({ prefix_mismatch_behavior: z.enum(['error', 'drop_block']).nullish() }).nullish(),
};
export const THINKING = {
  adaptive: shown,
  enabled: { budget_tokens: z.int().min(1024), ...shown },
  disabled: {},
  between_tools: {},
};

const zTokens = z.int().min(1);
const zTrigger = z.strictObject({ type: z.enum(['input_tokens', 'tool_uses']), value: zTokens });
export const EDITS = {
  clear_thinking_20251015: {
    keep: z
      .union([
        z.literal('all'),
        z.strictObject({ type: z.literal('all') }),
        z.strictObject({ type: z.literal('thinking_turns'), value: zTokens }),
      ])
      .optional(),
  },
  clear_tool_uses_20250919: {
    trigger: zTrigger.optional(),
    keep: z.strictObject({ type: z.literal('tool_uses'), value: z.int().min(0) }).optional(),
    clear_at_least: z.strictObject({ type: z.literal('input_tokens'), value: zTokens }).nullish(),
    exclude_tools: z.array(z.string()).nullish(),
    clear_tool_inputs: z.union([z.boolean(), z.array(z.string())]).nullish(),
  },
  compact_20260112: {
    trigger: z.strictObject({ type: z.literal('input_tokens'), value: z.int().min(50_000) }).nullish(),
    pause_after_compaction: zFlag,
    instructions: z.string().nullish(),
  },
} as const;

const zFormat = z.strictObject({ type: z.literal('json_schema'), schema: zRecord });
const counted = {
  model: z.string().min(1),
  messages: z.array(zAny).max(100_000),
  system: z.union([z.string(), z.array(zAny)]).optional(),
  tools: z.array(zAny).optional(),
  tool_choice: zAny.optional(),
  thinking: zAny.optional(),
  cache_control: zCacheControl.nullish(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: zFormat.nullish(),
      task_budget: z.strictObject({ type: z.literal('tokens'), total: zTokens, remaining: z.int().min(0).nullish() }).nullish(),
    })
    .optional(),
  output_format: zFormat.nullish(),
  speed: z.enum(['standard', 'fast']).nullish(),
  mcp_servers: z.array(zRecord).optional(),
  context_management: z.strictObject({ edits: z.array(zAny).optional() }).nullish(),
  compaction: z.strictObject({ type: z.literal('summarize'), instructions: z.string().nullish() }).nullish(),
  billing_policy: zRecord.nullish(),
};

/** What `count_tokens` takes. */
export const zCountRequest = z.strictObject(counted);
/** What `/v1/messages` takes, with the sampling parameters that the newer version refuses. */
export const zMessagesRequest = z.strictObject({
  ...counted,
  max_tokens: z.int().min(0),
  stream: zFlag,
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  inference_geo: z.string().nullish(),
  container: z.union([z.string(), z.strictObject({ id: z.string().nullish(), skills: z.array(zRecord).nullish() })]).nullish(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_k: z.number().optional(),
  thread: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('create') }),
      z.strictObject({ type: z.literal('continue'), previous_message_id: z.string() }),
    ])
    .nullish(),
  fallbacks: z.union([z.literal('default'), z.array(zRecord)]).nullish(),
  fallback_credit_token: z.union([z.string(), zRecord]).nullish(),
});

export const zMessage = z.strictObject({ role: z.enum(['user', 'assistant', 'system']), content: z.union([z.string(), z.array(zAny)]) });
/** A system message in the conversation may also say how long it holds. */
export const zSystemMessage = zMessage.extend({
  content: zMessage.shape.content.optional(),
  clear_at: z.enum(['next_user_message', 'never']).nullish(),
  output_config: zRecord.nullish(),
});
