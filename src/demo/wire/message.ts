import type { CacheUsage } from './cache';
import type { Ids } from './ids';
import { type Block, isObject, type JsonObject, parseObject, without } from './json';
import { costOf, limit, tokensOf } from './limit';
import { canonicalOf, chain, type Position } from './prompt';
import type { MessageReply, ReplyBlock } from './reply';
import type { WireRequest } from './request';
import { seal } from './seal';
import { blockEvents, type StreamEvent, type Written } from './sse';
import { showsThinking } from './thinking';

export type Assembled = {
  readonly message: JsonObject;
  readonly events: readonly StreamEvent[];
  /** What thinking after this message is bound to. */
  readonly prefix: string;
};

export type AssembleInput = {
  readonly request: WireRequest;
  readonly reply: MessageReply;
  readonly positions: readonly Position[];
  readonly cache: CacheUsage;
  /** What the thinking of this message is bound to, and what binds whatever follows a compaction block. */
  readonly binding: { readonly prefix: string; readonly base: string };
  readonly ids: Ids;
  /** Characters in a delta. */
  readonly pieceSize: number;
  /** Fields that betas add to the message and to `message_delta`. */
  readonly extra: JsonObject;
  /** What a compaction took that ran for this answer; it is counted apart. */
  readonly compacted?: { readonly usage: CacheUsage; readonly outputTokens: number };
};

/** Makes the message that a reply stands for, with its usage, and the events that stream it. */
export function assemble(input: AssembleInput): Assembled {
  const { request, reply, positions, cache, ids, binding } = input;
  const body = JSON.stringify(request.params);
  const limited = limit(reply, request, positions);
  const { written, prefix } = write(limited.blocks, request, binding, (kind) => ids(kind, body));
  const thinkingTokens = tokensOf(limited.blocks, request, ['thinking', 'redacted']);
  const outputTokens = reply.outputTokens ?? tokensOf(limited.blocks, request, ['text', 'thinking', 'redacted', 'call', 'whole']);

  const onBeta = request.betas.size > 0 ? { iterations: iterationsOf(input, outputTokens), fallback_credit: null } : {};
  const usage = (output: number, thinking: number) => ({
    ...counts(cache, output),
    output_tokens_details: { thinking_tokens: thinking },
    server_tool_use: serverToolUse(limited.blocks),
    service_tier: 'standard',
    inference_geo: request.params.inference_geo ?? 'global',
    speed: request.params.speed ?? 'standard',
    ...onBeta,
  });
  const ending = {
    stop_reason: limited.stop,
    stop_sequence: limited.sequence,
    stop_details: reply.stopDetails ?? null,
    container: null,
  };
  const message = {
    id: ids('msg', body),
    type: 'message',
    role: 'assistant',
    model: request.model.id,
    content: written.map((one) => one.block),
    diagnostics: isObject(request.params.diagnostics) ? { cache_miss_reason: { type: 'unavailable' } } : null,
    ...ending,
    usage: usage(outputTokens, thinkingTokens),
    ...input.extra,
  };

  const start = { ...message, content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: usage(1, 0) };
  const eager = new Set(request.tools.filter((tool) => tool.eager_input_streaming === true).map((tool) => tool.name));
  const events: StreamEvent[] = [
    { type: 'message_start', message: start },
    ...written.flatMap((one, index) =>
      blockEvents(index, one, reply.pieceSize ?? input.pieceSize, reply.eager === true || eager.has(one.block.name)),
    ),
    {
      type: 'message_delta',
      delta: ending,
      usage: {
        ...without(counts(cache, outputTokens), 'cache_creation'),
        output_tokens_details: { thinking_tokens: thinkingTokens },
        server_tool_use: serverToolUse(limited.blocks),
        ...onBeta,
      },
      ...input.extra,
    },
    { type: 'message_stop' },
  ];
  return { message, events, prefix };
}

function counts(cache: CacheUsage, outputTokens: number): JsonObject {
  return {
    input_tokens: cache.input,
    output_tokens: outputTokens,
    cache_creation_input_tokens: cache.written['5m'] + cache.written['1h'],
    cache_read_input_tokens: cache.read,
    cache_creation: { ephemeral_5m_input_tokens: cache.written['5m'], ephemeral_1h_input_tokens: cache.written['1h'] },
  };
}

/** Compaction and message apart, where one ran for the other. */
function iterationsOf({ compacted, cache, request }: AssembleInput, outputTokens: number): readonly JsonObject[] | null {
  if (!compacted) return null;
  const summary = { type: 'compaction', ...counts(compacted.usage, compacted.outputTokens) };
  return outputTokens === 0 ? [summary] : [summary, { type: 'message', model: request.model.id, ...counts(cache, outputTokens) }];
}

/** Gives blocks their ids and signatures; each signature covers what stands before it, the message's own blocks included. */
function write(
  blocks: readonly ReplyBlock[],
  request: WireRequest,
  binding: AssembleInput['binding'],
  id: (kind: 'toolu' | 'srvtoolu') => string,
): { readonly written: readonly Written[]; readonly prefix: string } {
  let { prefix } = binding;
  const written = blocks.map((source): Written => {
    const one = writeOne(source, request, prefix, id);
    prefix = chain(one.block.type === 'compaction' ? binding.base : prefix, canonicalOf('assistant', one.block));
    return one;
  });
  return { written, prefix };
}

function writeOne(source: ReplyBlock, request: WireRequest, prefix: string, id: (kind: 'toolu' | 'srvtoolu') => string): Written {
  const model = request.model.id;
  switch (source.kind) {
    case 'text':
      return { block: { type: 'text', text: source.text, citations: source.citations ?? null } };
    case 'thinking': {
      const shown = showsThinking(request) ? source.text : '';
      const signature = seal({ model, prefix, shown, tokens: costOf(source, request) });
      return { block: { type: 'thinking', thinking: shown, signature } };
    }
    case 'redacted':
      return {
        block: { type: 'redacted_thinking', data: seal({ model, prefix, shown: source.text, tokens: costOf(source, request) }) },
      };
    case 'call': {
      const callId = source.id ?? id(source.of === 'tool_use' ? 'toolu' : 'srvtoolu');
      const input = source.json === '' ? {} : (parseObject(source.json) ?? {});
      const block: Block = { type: source.of, id: callId, name: source.name, input, caller: { type: 'direct' } };
      return { block, json: source.json === '' ? '{}' : source.json };
    }
    case 'whole':
      return { block: source.block };
    default:
      return source satisfies never;
  }
}

function serverToolUse(blocks: readonly ReplyBlock[]): JsonObject {
  const uses = (name: string) =>
    blocks.filter((block) => block.kind === 'call' && block.of === 'server_tool_use' && block.name === name).length;
  return { web_search_requests: uses('web_search'), web_fetch_requests: uses('web_fetch') };
}
