import type { CachePlan, CacheUsage, PromptCache } from './cache';
import { compactionBlock, summarise } from './context';
import type { Ids } from './ids';
import { type Assembled, assemble } from './message';
import type { Prepared } from './prepare';
import { layout } from './prompt';
import type { ErrorReply, MessageReply } from './reply';
import type { WireRequest } from './request';
import { textTokens } from './tokens';

export type AnswerInput<R extends MessageReply> = {
  readonly prepared: Prepared;
  readonly cache: PromptCache;
  readonly respond: (request: WireRequest) => R | ErrorReply | Promise<R | ErrorReply>;
  readonly ids: Ids;
  readonly pieceSize: number;
};
export type Answer<R> =
  | { readonly kind: 'error'; readonly reply: ErrorReply }
  | { readonly kind: 'message'; readonly reply: R; readonly assembled: Assembled; readonly plan: CachePlan };

const NOTHING: CacheUsage = { input: 0, read: 0, written: { '5m': 0, '1h': 0 } };

/** Has the responder answer, and makes the message of it; a compaction that is asked for or due comes in between. */
export async function answer<R extends MessageReply>(input: AnswerInput<R>): Promise<Answer<R>> {
  const { prepared, cache, respond, ids, pieceSize } = input;
  const { request, prompt, positions, binding, extra } = prepared;
  const plan = cache.plan(prompt, positions);
  const reply = await respond(request);
  if (reply.kind === 'error') return { kind: 'error', reply };
  const common = { ids, pieceSize, binding, extra };
  if (prepared.compaction === 'none') {
    const assembled = assemble({ ...common, request: prompt, reply, positions, cache: plan.usage });
    return { kind: 'message', reply, assembled, plan };
  }

  const written = reply.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n');
  const summary = prepared.compaction === 'asked' && written !== '' ? written : summarise(prompt);
  const block = compactionBlock(summary);
  const compacted = { usage: plan.usage, outputTokens: textTokens(summary, request.model.tokenFactor) };
  const whole = { kind: 'whole' as const, block };
  if (prepared.compaction === 'due') {
    const after: WireRequest = { ...prompt, turns: [{ role: 'assistant', content: [block], paths: ['messages.0.content.0'] }] };
    const left = layout(after);
    const usage = cache.plan(after, left).usage;
    const blocks = [whole, ...reply.blocks];
    const assembled = assemble({ ...common, request: after, reply: { ...reply, blocks }, positions: left, cache: usage, compacted });
    return { kind: 'message', reply, assembled, plan };
  }
  const only: MessageReply = { ...reply, blocks: [whole], stop: 'compaction', outputTokens: 0 };
  const assembled = assemble({ ...common, request: prompt, reply: only, positions, cache: NOTHING, compacted });
  return { kind: 'message', reply, assembled, plan };
}
