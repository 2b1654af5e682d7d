import { invalid } from './errors';
import { blocksIn, isObject, type JsonObject, objectsIn, stringOf } from './json';

/**
 * Fields, blocks and tools that exist only for callers that named a beta. To the others they are unknown, and refused
 * like any unknown field.
 */

const CONTEXT = ['context-management-2025-06-27', 'compact-2026-01-12'];
const COMPACT = ['compact-2026-01-12', 'compact-2026-09-04'];
const MCP = ['mcp-client-2025-04-04', 'mcp-client-2025-11-20', 'mcp-client-2026-09-15'];
const FALLBACK = ['server-side-fallback-2026-06-01', 'server-side-fallback-2026-07-01'];
const CREDIT = ['fallback-credit-2026-06-01', 'fallback-credit-2026-07-01'];
const TOOL_CHANGES = ['mid-conversation-tool-changes-2026-07-01', 'inline-tools-2026-09-15'];
const FORMAT = ['structured-outputs-2025-11-13', 'structured-outputs-2025-12-15'];
const BINDING = ['thinking-binding-controls-2026-08-01'];
const UPDATES = ['thinking-display-updates-2026-08-18'];
const CLEAR_AT = ['mid-conversation-system-clear-at-2026-08-21'];
const OUTPUT_CONFIG = ['mid-conversation-output-config-2026-07-01'];
const ADVISOR = ['advisor-tool-2026-03-01'];

const FIELDS: { readonly [field: string]: readonly string[] } = {
  context_management: CONTEXT,
  compaction: ['compact-2026-09-04'],
  thread: ['message-threads-2026-08-12'],
  mcp_servers: MCP,
  fallbacks: FALLBACK,
  fallback_credit_token: CREDIT,
  billing_policy: ['user-profiles-billing-2026-10-01'],
  output_format: FORMAT,
};
const BLOCKS: { readonly [type: string]: readonly string[] } = {
  compaction: COMPACT,
  mcp_tool_use: MCP,
  mcp_tool_result: MCP,
  mcp_tool_listing: MCP,
  advisor_tool_result: ADVISOR,
  fallback: FALLBACK,
  tool_addition: TOOL_CHANGES,
  tool_removal: TOOL_CHANGES,
};
const TOOLS: { readonly [type: string]: readonly string[] } = {
  mcp_toolset: MCP,
  advisor_20260301: ADVISOR,
  computer_20251124: ['computer-use-2025-11-24'],
};
const EDITS: { readonly [type: string]: readonly string[] } = {
  clear_thinking_20251015: ['context-management-2025-06-27'],
  clear_tool_uses_20250919: ['context-management-2025-06-27'],
  compact_20260112: ['compact-2026-01-12'],
};

/** @throws WireError 400 for what the request uses without having named the beta */
export function checkBetaFields(params: JsonObject, betas: ReadonlySet<string>): void {
  const need = (path: string, names: readonly string[] | undefined) => {
    if (names && !names.some((name) => betas.has(name))) throw invalid(`${path}: Extra inputs are not permitted`);
  };
  const set = (value: unknown) => value !== undefined && value !== null;

  for (const [field, names] of Object.entries(FIELDS)) if (set(params[field])) need(field, names);
  const output = isObject(params.output_config) ? params.output_config : {};
  if (set(output.task_budget)) need('output_config.task_budget', ['task-budgets-2026-03-13']);
  const thinking = isObject(params.thinking) ? params.thinking : {};
  const tag = `thinking.${stringOf(thinking.type)}`;
  if (set(thinking.block_binding)) need(`${tag}.block_binding`, BINDING);
  if (thinking.display === 'updates') need(`${tag}.display`, UPDATES);
  const context = isObject(params.context_management) ? params.context_management : {};
  objectsIn(context.edits).forEach((edit, index) => {
    need(`context_management.edits.${index}`, EDITS[stringOf(edit.type)]);
  });
  objectsIn(params.tools).forEach((tool, index) => {
    need(`tools.${index}.${stringOf(tool.type)}`, TOOLS[stringOf(tool.type)]);
  });
  objectsIn(params.messages).forEach((message, at) => {
    if (set(message.clear_at)) need(`messages.${at}.clear_at`, CLEAR_AT);
    if (set(message.output_config)) need(`messages.${at}.output_config`, OUTPUT_CONFIG);
    blocksIn(message.content).forEach((block, index) => {
      need(`messages.${at}.content.${index}.${block.type}`, BLOCKS[block.type]);
    });
  });
}
