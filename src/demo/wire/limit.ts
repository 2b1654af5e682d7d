import { type Position, promptTokens } from './prompt';
import type { MessageReply, ReplyBlock, StopReason } from './reply';
import type { WireRequest } from './request';
import { thinkingOn } from './thinking';
import { blockTokens, cutToTokens, textTokens } from './tokens';

/** What is left of a reply, and why it ends there. */
export type Limited = { readonly blocks: readonly ReplyBlock[]; readonly stop: StopReason; readonly sequence: string | null };

/** Cuts a reply where a real model would have had to stop: at a stop sequence, at max_tokens, at the end of the window. */
export function limit(reply: MessageReply, request: WireRequest, positions: readonly Position[]): Limited {
  const { model, params } = request;
  const sequences = Array.isArray(params.stop_sequences) ? params.stop_sequences.filter((one) => typeof one === 'string') : [];
  const room = model.window - promptTokens(positions);
  const allowed = typeof params.max_tokens === 'number' ? params.max_tokens : model.maxOutput;
  const cut: StopReason = room < allowed ? 'model_context_window_exceeded' : 'max_tokens';
  let left = Math.min(room, allowed);

  const blocks: ReplyBlock[] = [];
  for (const block of reply.blocks) {
    if ((block.kind === 'thinking' || block.kind === 'redacted') && !thinkingOn(request)) continue;
    const text = textOf(block);
    const hit = block.kind === 'text' ? firstHit(text, sequences) : undefined;
    if (block.kind === 'text' && hit) {
      const kept = text.slice(0, text.indexOf(hit));
      if (kept !== '') blocks.push({ ...block, text: kept });
      return { blocks, stop: 'stop_sequence', sequence: hit };
    }
    const cost = costOf(block, request);
    if (cost > left) {
      const kept = cutToTokens(text, left, model.tokenFactor);
      if (kept !== '')
        blocks.push(block.kind === 'call' ? { ...block, json: kept } : block.kind === 'whole' ? block : { ...block, text: kept });
      return { blocks, stop: cut, sequence: null };
    }
    left -= cost;
    blocks.push(block);
  }
  const calls = blocks.some((block) => block.kind === 'call' && block.of === 'tool_use');
  const natural: StopReason = allowed === 0 ? 'max_tokens' : calls ? 'tool_use' : 'end_turn';
  const stop = reply.stop ?? natural;
  return { blocks, stop, sequence: stop === 'stop_sequence' ? (sequences[0] ?? null) : null };
}

function textOf(block: ReplyBlock): string {
  if (block.kind === 'call') return block.json;
  return block.kind === 'whole' ? JSON.stringify(block.block) : block.text;
}

/** Tokens of one block. */
export function costOf(block: ReplyBlock, request: WireRequest): number {
  const factor = request.model.tokenFactor;
  if (block.kind === 'whole') return block.block.type === 'compaction' ? 0 : blockTokens(block.block, factor);
  return textTokens(block.kind === 'call' ? `${block.name}${block.json}` : block.text, factor);
}

/** Tokens of the blocks of these kinds. */
export function tokensOf(blocks: readonly ReplyBlock[], request: WireRequest, kinds: readonly ReplyBlock['kind'][]): number {
  return blocks.filter((block) => kinds.includes(block.kind)).reduce((sum, block) => sum + costOf(block, request), 0);
}

function firstHit(text: string, sequences: readonly string[]): string | undefined {
  const hits = sequences.filter((sequence) => sequence !== '' && text.includes(sequence));
  return hits.sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
}
