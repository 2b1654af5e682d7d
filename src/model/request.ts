import type Anthropic from '@anthropic-ai/sdk';
import type { ModelMessage, ModelRequest, UserBlock } from '../core/ports';
import type { AssistantBlock, Content } from '../protocol/blocks';
import { type Capabilities, EFFORTS, type Effort } from './profiles';

/**
 * A `ModelRequest` in the wire's words. The same history always gives the same bytes, whether it comes from memory or
 * from the log, so that the service finds its cached prefix: every key is written in a fixed order.
 */

export type WireRequest = Anthropic.MessageCreateParamsStreaming;
type WireBlock = Readonly<Record<string, unknown>> & { readonly type: string };

/** Leaves room for the answer itself beside the thinking. */
const THINKING_SHARE = 0.5;
const MIN_THINKING = 1024;
const MAX_THINKING = 16_000;

/** The body of `POST /v1/messages`. */
export function buildRequest(request: ModelRequest, capabilities: Capabilities): WireRequest {
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    stream: true,
    ...thinkingOf(request.maxTokens, capabilities),
    ...effortOf(request.effort, capabilities),
    ...promptOf(request, capabilities),
  };
}

/** The body of `POST /v1/messages/count_tokens`. */
export function buildCount(request: ModelRequest, capabilities: Capabilities): Anthropic.MessageCountTokensParams {
  return { model: request.model, ...thinkingOf(request.maxTokens, capabilities), ...promptOf(request, capabilities) };
}

function promptOf(request: ModelRequest, { profile }: Capabilities): Pick<WireRequest, 'tools' | 'system' | 'messages'> {
  // A model that cannot load tools by reference gets their definitions as the text that the results hold.
  const sent = profile.references === 'no' ? request.tools.filter((tool) => !tool.deferred) : request.tools;
  const loadable = new Set(sent.flatMap((tool) => (tool.deferred ? [tool.name] : [])));
  const tools = sent.map(({ name, description, inputSchema, deferred }) => ({
    name,
    description,
    // The registry makes every schema an object schema; the SDK's type asks to be told.
    input_schema: { ...inputSchema, type: 'object' as const },
    ...(deferred ? { defer_loading: true } : {}),
  }));
  const system = request.system
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, mark }) => ({ type: 'text' as const, text, ...cache(mark) }));
  return {
    ...(tools.length > 0 ? { tools } : {}),
    ...(system.length > 0 ? { system } : {}),
    messages: request.messages.flatMap((message) => messageOnce(message, loadable)),
  };
}

function thinkingOf(maxTokens: number, { profile }: Capabilities): Pick<WireRequest, 'thinking'> {
  switch (profile.thinking) {
    case 'adaptive':
      return { thinking: { type: 'adaptive', display: 'summarized' } };
    case 'enabled': {
      const budget = Math.min(MAX_THINKING, Math.floor(maxTokens * THINKING_SHARE));
      return budget < MIN_THINKING ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
    }
    case 'none':
      return {};
    default:
      return profile.thinking satisfies never;
  }
}

/** The level asked for, or the next lower one that the model takes; nothing for models that take none. */
function effortOf(effort: ModelRequest['effort'], { efforts }: Capabilities): Pick<WireRequest, 'output_config'> {
  if (effort === 'default') return {};
  const taken = efforts === 'unknown' ? effort : nearest(effort, efforts);
  return taken === undefined ? {} : { output_config: { effort: taken } };
}

function nearest(asked: Effort, efforts: readonly Effort[]): Effort | undefined {
  const below = EFFORTS.slice(0, EFFORTS.indexOf(asked) + 1).filter((level) => efforts.includes(level));
  return below.at(-1) ?? efforts[0];
}

/** A message never changes, and all but the newest have been sent before: each is put into the wire's words once. */
const written = new WeakMap<ModelMessage, { readonly loadable: string; readonly wire: readonly Anthropic.MessageParam[] }>();

function messageOnce(message: ModelMessage, loadable: ReadonlySet<string>): readonly Anthropic.MessageParam[] {
  const names = [...loadable].join(' ');
  const known = written.get(message);
  if (known?.loadable === names) return known.wire;
  const wire = messageOf(message, loadable);
  written.set(message, { loadable: names, wire });
  return wire;
}

/** One message, or none when nothing in it can be sent. */
function messageOf(message: ModelMessage, loadable: ReadonlySet<string>): Anthropic.MessageParam[] {
  const blocks: { wire: WireBlock; mark: boolean }[] = [];
  for (const block of message.content) {
    const wire = message.role === 'user' ? userBlock(block as UserBlock, loadable) : assistantBlock(block as AssistantBlock);
    const mark = block.mark === true;
    const before = blocks.findLast((earlier) => markable(earlier.wire));
    // A block that cannot carry its mark hands it to the one before: the cached prefix ends a little earlier.
    if (wire && (!mark || markable(wire))) blocks.push({ wire, mark });
    else {
      if (wire) blocks.push({ wire, mark: false });
      if (mark && before) before.mark = true;
    }
  }
  if (blocks.length === 0) return [];
  // The blocks are the service's own words or built below; the SDK's types cannot know the former.
  const content = blocks.map(({ wire, mark }) => ({ ...wire, ...cache(mark) })) as unknown as Anthropic.ContentBlockParam[];
  return [{ role: message.role, content }];
}

function cache(mark: boolean): { cache_control?: { type: 'ephemeral' } } {
  return mark ? { cache_control: { type: 'ephemeral' } } : {};
}

function markable(block: WireBlock): boolean {
  return block.type !== 'thinking' && block.type !== 'redacted_thinking';
}

/** `undefined` for what the service refuses: text of white space only. */
function userBlock(block: UserBlock, loadable: ReadonlySet<string>): WireBlock | undefined {
  switch (block.type) {
    case 'text':
    case 'image':
      return contentBlock(block);
    case 'tool_result': {
      const content = block.content
        .map((part) => (part.type === 'text' && loadable.has(part.tool ?? '') ? referenceTo(part.tool) : contentBlock(part)))
        .filter((part) => part !== undefined);
      return {
        type: 'tool_result',
        tool_use_id: block.callId,
        ...(content.length > 0 ? { content } : {}),
        ...(block.isError ? { is_error: true } : {}),
      };
    }
    default:
      return block satisfies never;
  }
}

function referenceTo(tool: string | undefined): WireBlock {
  return { type: 'tool_reference', tool_name: tool };
}

function contentBlock(content: Content): WireBlock | undefined {
  switch (content.type) {
    case 'text':
      return content.text.trim() === '' ? undefined : { type: 'text', text: content.text };
    case 'image':
      return { type: 'image', source: { type: 'base64', media_type: content.mediaType, data: content.data } };
    default:
      return content satisfies never;
  }
}

function assistantBlock(block: AssistantBlock & { mark?: boolean }): WireBlock | undefined {
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? undefined : inOrder(block, ['type', 'text']);
    case 'thinking':
      return inOrder(block, ['type', 'thinking', 'signature']);
    case 'redacted_thinking':
      return inOrder(block, ['type', 'data']);
    case 'tool_use':
      return inOrder(block, ['type', 'id', 'name', 'input']);
    case 'other':
      return inOrder(block.raw, ['type']);
    default:
      return block satisfies never;
  }
}

/**
 * The named keys first, as they come back from the log too, then the rest in the order in which they came: a block that
 * a server signed or made up goes back as it was. What the harness added for itself is left behind.
 */
function inOrder(block: Readonly<Record<string, unknown>>, first: readonly string[]): WireBlock {
  const rest = Object.keys(block).filter((key) => !first.includes(key) && key !== 'mark' && key !== 'malformed');
  return Object.fromEntries([...first, ...rest].filter((key) => block[key] !== undefined).map((key) => [key, block[key]])) as WireBlock;
}
