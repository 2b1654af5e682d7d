import { z } from 'zod';
import { checkBetaFields } from './beta-fields';
import { invalid } from './errors';
import { isObject, type JsonObject, objectsIn, stringOf } from './json';
import { BLOCKS, CUSTOM_TOOL, EDITS, THINKING, TOOL_CHOICES, zCountRequest, zMessage, zMessagesRequest, zSystemMessage } from './schema';

type Path = readonly (string | number)[];
type Shapes = { readonly [type: string]: z.core.$ZodShape };

const BUILT_IN_TOOLS = /^(bash|text_editor|memory|computer|browser|web_search|web_fetch|code_execution|advisor)_[a-z_]*\d{8}$/;
const OTHER_TOOLS = /^(tool_search_tool_(regex|bm25)(_20251119)?|mcp_toolset)$/;
const IN_RESULT = ['text', 'image', 'document', 'search_result', 'tool_reference'];
const IN_MESSAGE: { readonly [role: string]: readonly string[] } = {
  user: ['text', 'image', 'document', 'search_result', 'tool_result', 'container_upload', 'compaction'],
  system: ['text', 'tool_addition', 'tool_removal'],
  assistant: Object.keys(BLOCKS).filter((type) => !['image', 'search_result', 'tool_result', 'tool_reference'].includes(type)),
};

/** Checks every field of a request by itself. @throws WireError 400 worded as the service words it */
export function checkFields(params: JsonObject, route: 'messages' | 'count_tokens', version: string, betas: ReadonlySet<string>): void {
  const newest = version !== '2023-06-01';
  if (newest) {
    for (const name of ['temperature', 'top_p', 'top_k']) {
      if (Object.hasOwn(params, name)) throw invalid(`${name}: sampling parameters are not supported in anthropic-version ${version}`);
    }
  }
  parse(route === 'messages' ? zMessagesRequest : zCountRequest, params, []);
  checkBetaFields(params, betas);

  tagged(TOOL_CHOICES, params.tool_choice, ['tool_choice']);
  tagged(THINKING, params.thinking, ['thinking']);
  const context = isObject(params.context_management) ? params.context_management : {};
  objectsIn(context.edits).forEach((edit, index) => {
    tagged(EDITS, edit, ['context_management', 'edits', index]);
  });
  list(params.tools).forEach((tool, index) => {
    checkTool(tool, ['tools', index]);
  });
  list(params.system).forEach((block, index) => {
    parse(z.strictObject({ type: z.literal('text'), ...BLOCKS.text }), block, ['system', index]);
  });
  list(params.messages).forEach((message, index) => {
    checkMessage(message, ['messages', index], newest);
  });
}

function checkMessage(message: unknown, path: Path, newest: boolean): void {
  const role = isObject(message) ? stringOf(message.role) : '';
  parse(role === 'system' ? zSystemMessage : zMessage, message, path);
  const allowed = IN_MESSAGE[role] ?? [];
  list(isObject(message) ? message.content : undefined).forEach((block, index) => {
    const at = [...path, 'content', index];
    tagged(BLOCKS, block, at);
    const type = isObject(block) ? stringOf(block.type) : '';
    if (!allowed.includes(type)) throw invalid(`${path.join('.')}: \`${type}\` blocks can only be in ${homesOf(type)}`);
    if (newest && role === 'assistant' && type === 'document')
      throw invalid(`${at.join('.')}: \`document\` blocks can only be in \`user\` messages`);
    if (newest && role === 'user') checkNoCitations(block, at);
    list(isObject(block) && type === 'tool_result' ? block.content : undefined).forEach((inner, innerIndex) => {
      const innerPath = [...at, 'tool_result', 'content', innerIndex];
      tagged(BLOCKS, inner, innerPath);
      const innerType = isObject(inner) ? stringOf(inner.type) : '';
      if (!IN_RESULT.includes(innerType)) throw wrongTag(innerPath, innerType, IN_RESULT);
      if (newest) checkNoCitations(inner, innerPath);
    });
  });
}

/** Where a block may stand. */
function homesOf(type: string): string {
  const homes = Object.keys(IN_MESSAGE).filter((role) => IN_MESSAGE[role]?.includes(type));
  return homes.length > 0 ? `${homes.map((role) => `\`${role}\``).join(' or ')} messages` : '`tool_result` blocks';
}

/** Text that a user sends cites nothing; in a search result neither. */
function checkNoCitations(block: unknown, path: Path): void {
  if (!isObject(block)) return;
  if (block.type === 'text' && Array.isArray(block.citations) && block.citations.length > 0) {
    throw invalid(`${path.join('.')}.text.citations: citations are not permitted on user text blocks`);
  }
  if (block.type === 'search_result') {
    objectsIn(block.content).forEach((inner, index) => {
      checkNoCitations(inner, [...path, 'search_result', 'content', index]);
    });
  }
}

function checkTool(tool: unknown, path: Path): void {
  const type = isObject(tool) ? (tool.type ?? 'custom') : 'custom';
  if (type !== 'custom') {
    const known = typeof type === 'string' && (BUILT_IN_TOOLS.test(type) || OTHER_TOOLS.test(type));
    if (!known) throw wrongTag(path, String(type), ['custom', 'bash_20250124', 'text_editor_20250728', 'web_search_20260318']);
    return;
  }
  parse(z.strictObject({ type: z.literal('custom').nullish(), ...CUSTOM_TOOL }), tool, [...path, 'custom']);
}

/** Checks a value against the shape that its `type` names; the type becomes part of the path. */
function tagged(shapes: Shapes, value: unknown, path: Path): void {
  if (value === undefined || value === null) return;
  const type = isObject(value) ? value.type : undefined;
  if (type === undefined) throw invalid(`${[...path, 'type'].join('.')}: Field required`);
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (!shape) throw wrongTag(path, String(type), Object.keys(shapes));
  parse(z.strictObject({ type: z.literal(String(type)), ...shape }), value, [...path, String(type)]);
}

function wrongTag(path: Path, found: string, expected: readonly string[]) {
  const names = expected.map((name) => `'${name}'`).join(', ');
  return invalid(`${path.join('.')}: Input tag '${found}' found using 'type' does not match any of the expected tags: ${names}`);
}

function parse(schema: z.ZodType, value: unknown, path: Path): void {
  const result = schema.safeParse(value);
  const issue = result.error?.issues[0];
  if (issue) throw invalid(wording(issue, value, path));
}

function wording(issue: z.core.$ZodIssue, value: unknown, prefix: Path): string {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const at = (...more: readonly string[]) => [...path, ...more].join('.') || 'body';
  if (issue.code === 'unrecognized_keys') return `${at(issue.keys[0] ?? '')}: Extra inputs are not permitted`;
  if (found(value, issue.path) === undefined) return `${at()}: Field required`;
  switch (issue.code) {
    case 'invalid_type': {
      const names: { readonly [type: string]: string } = { array: 'list', object: 'dictionary', record: 'dictionary', int: 'integer' };
      return `${at()}: Input should be a valid ${names[issue.expected] ?? issue.expected}`;
    }
    case 'invalid_value':
      return `${at()}: Input should be ${issue.values.map((one) => `'${String(one)}'`).join(' or ')}`;
    case 'invalid_format':
      if (issue.format === 'base64') return `${at()}: Invalid base64 data`;
      return `${at()}: String should match pattern '${stringOf(issue.pattern).replace(/^\/|\/$/g, '')}'`;
    case 'too_small':
      if (issue.origin === 'string') return `${at()}: String should have at least ${issue.minimum} character`;
      return `${at()}: Input should be greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `${at()}: Input should be less than or equal to ${issue.maximum}`;
    case 'invalid_union':
      return `${at()}: Input does not match any of the expected forms`;
    default:
      return `${at()}: ${issue.message}`;
  }
}

function found(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) ? inner[String(key)] : undefined;
  }, value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
