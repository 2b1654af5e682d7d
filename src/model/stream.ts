import { z } from 'zod';
import type { ModelChunk, Usage } from '../core/ports';
import type { AssistantBlock } from '../protocol/blocks';
import { notUnderstood, streamCut } from './errors';

/**
 * Raw stream events to chunks. Blocks are kept as they came, with every key that this version does not know, since
 * they must go back unmodified; what is unknown among events and deltas is passed over, as the API asks of clients.
 */

const zTokens = z.number().nullish().catch(undefined);
const zUsage = z
  .looseObject({
    input_tokens: zTokens,
    output_tokens: zTokens,
    cache_creation_input_tokens: zTokens,
    cache_read_input_tokens: zTokens,
  })
  .nullish()
  .catch(undefined);
/** Left out by some servers that send one block at a time: then the newest is meant. */
const zIndex = z.number().optional();
const zEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message_start'),
    message: z.looseObject({ model: z.string().optional().catch(undefined), usage: zUsage }).optional(),
  }),
  z.looseObject({ type: z.literal('content_block_start'), index: zIndex, content_block: z.looseObject({ type: z.string() }) }),
  z.looseObject({ type: z.literal('content_block_delta'), index: zIndex, delta: z.looseObject({ type: z.string() }) }),
  z.looseObject({ type: z.literal('content_block_stop'), index: zIndex }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z
      .looseObject({
        stop_reason: z.string().nullish(),
        stop_details: z.looseObject({ category: z.string().nullish(), explanation: z.string().nullish() }).nullish(),
      })
      .optional(),
    usage: zUsage,
  }),
  z.looseObject({ type: z.literal('message_stop') }),
]);
const KNOWN: readonly unknown[] = zEvent.options.map((option) => option.shape.type.value);

type RawBlock = Readonly<Record<string, unknown>> & { readonly type: string };
type OpenBlock = {
  readonly index: number;
  readonly place: number;
  readonly start: RawBlock;
  text: string;
  signature: string;
  json: string;
  citations: unknown[];
};

const NOTHING: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/**
 * Yields `started`, then deltas and whole blocks, then `finished`.
 * @throws ModelError 'network' when the events end without `message_stop`, 'protocol' when one cannot be understood.
 */
export async function* readStream(events: AsyncIterable<unknown>): AsyncGenerator<ModelChunk> {
  /** By the order in which they began. */
  const blocks: (AssistantBlock | undefined)[] = [];
  const open = new Map<number, OpenBlock>();
  let newest = -1;
  let usage = NOTHING;
  let model = '';
  let stop: string | undefined;
  let refusal: string | undefined;
  let started = false;

  const close = (index: number): ModelChunk[] => {
    const ended = open.get(index);
    if (!ended) return [];
    open.delete(index);
    const block = finishBlock(ended);
    blocks[ended.place] = block;
    return [{ type: 'block', index, block }];
  };

  for await (const raw of events) {
    const event = parseEvent(raw);
    if (!event) continue;
    if (!started && event.type !== 'message_start') throw notUnderstood('the stream does not begin with message_start');
    switch (event.type) {
      case 'message_start':
        started = true;
        model = event.message?.model ?? '';
        usage = usageOf(event.message?.usage, NOTHING);
        yield { type: 'started', usage };
        break;
      case 'content_block_start': {
        newest = event.index ?? newest + 1;
        // Some servers leave out content_block_stop: a new block in the same place ends the one before it.
        yield* close(newest);
        const begun = { index: newest, place: blocks.length, start: event.content_block, text: '', signature: '', json: '', citations: [] };
        blocks.push(undefined);
        open.set(newest, begun);
        if (event.content_block.type === 'tool_use') yield toolInput(begun, '');
        break;
      }
      case 'content_block_delta': {
        const block = open.get(event.index ?? newest);
        if (!block) throw notUnderstood('a delta belongs to no open block');
        const chunk = applyDelta(block, event.delta);
        if (chunk) yield chunk;
        break;
      }
      case 'content_block_stop':
        yield* close(event.index ?? newest);
        break;
      case 'message_delta':
        usage = usageOf(event.usage, usage);
        stop = event.delta?.stop_reason ?? stop;
        if (event.delta?.stop_details) refusal = refusalText(event.delta.stop_details);
        break;
      case 'message_stop': {
        for (const index of [...open.keys()]) yield* close(index);
        const whole = blocks.filter((block) => block !== undefined);
        yield {
          type: 'finished',
          blocks: whole,
          stop: stop ?? (whole.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn'),
          ...(refusal === undefined ? {} : { refusal }),
          usage,
          model,
        };
        return;
      }
      default:
        event satisfies never;
    }
  }
  throw streamCut();
}

function parseEvent(raw: unknown): z.infer<typeof zEvent> | undefined {
  const type = typeof raw === 'object' && raw !== null ? (raw as { type?: unknown }).type : undefined;
  if (!KNOWN.includes(type)) return undefined;
  const parsed = zEvent.safeParse(raw);
  if (!parsed.success) throw notUnderstood(`${String(type)}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function applyDelta(block: OpenBlock, delta: RawBlock): ModelChunk | undefined {
  const piece = (key: string) => (typeof delta[key] === 'string' ? (delta[key] as string) : '');
  switch (delta.type) {
    case 'text_delta':
      block.text += piece('text');
      return { type: 'delta', of: 'text', index: block.index, text: piece('text') };
    case 'thinking_delta':
      block.text += piece('thinking');
      return { type: 'delta', of: 'thinking', index: block.index, text: piece('thinking') };
    case 'signature_delta':
      block.signature += piece('signature');
      return undefined;
    case 'input_json_delta':
      block.json += piece('partial_json');
      // The input of a tool that the service runs itself is no call of ours.
      return block.start.type === 'tool_use' && piece('partial_json') ? toolInput(block, piece('partial_json')) : undefined;
    case 'citations_delta':
      block.citations.push(delta.citation);
      return undefined;
    default:
      return undefined;
  }
}

function toolInput(block: OpenBlock, text: string): ModelChunk {
  return {
    type: 'delta',
    of: 'tool_input',
    index: block.index,
    text,
    tool: String(block.start.name ?? ''),
    callId: String(block.start.id ?? ''),
  };
}

function finishBlock({ start, text, signature, json, citations }: OpenBlock): AssistantBlock {
  const cited = citations.length > 0 ? { citations: [...(Array.isArray(start.citations) ? start.citations : []), ...citations] } : {};
  switch (start.type) {
    case 'text':
      return { ...start, type: 'text', text: stringOf(start.text) + text, ...cited };
    case 'thinking':
      return { ...start, type: 'thinking', thinking: stringOf(start.thinking) + text, signature: stringOf(start.signature) + signature };
    case 'redacted_thinking':
      return { ...start, type: 'redacted_thinking', data: stringOf(start.data) };
    case 'tool_use':
      return { ...start, type: 'tool_use', id: stringOf(start.id), name: stringOf(start.name), ...inputOf(start.input, json) };
    default: {
      const input = json === '' ? {} : { input: inputOf(start.input, json).input };
      return { type: 'other', raw: { ...start, ...(text === '' ? {} : { text: stringOf(start.text) + text }), ...input } };
    }
  }
}

/** Joined and parsed once, at the end of the block: what is no JSON object is kept as text for the model to be told. */
function inputOf(atStart: unknown, json: string): { input: Record<string, unknown>; malformed?: string } {
  // Servers that do not stream the input give it whole at the start.
  if (json.trim() === '') return { input: isObject(atStart) ? atStart : {} };
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return { input: value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { input: {}, malformed: json };
}

/** Counts are cumulative: each report replaces the one before, and what it leaves out stands. */
function usageOf(raw: z.infer<typeof zUsage>, before: Usage): Usage {
  return {
    input: raw?.input_tokens ?? before.input,
    output: raw?.output_tokens ?? before.output,
    cacheRead: raw?.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: raw?.cache_creation_input_tokens ?? before.cacheWrite,
  };
}

function refusalText(details: { category?: string | null; explanation?: string | null }): string | undefined {
  return details.explanation ?? details.category ?? undefined;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
