import type { AssistantBlock, ToolUseBlock } from '../protocol/blocks';
import type { ModelMessage } from './ports';

/**
 * The ids of the calls of one message. Results, cards and the record of effects are found by the id of their call, and
 * the service refuses a conversation in which two calls share one; servers that count from zero in each message, or
 * name nothing at all, are given ids that the conversation has not seen.
 */
export type CallIds = {
  /** The id of the call that is being written at this place of the message. */
  writing(index: number, id: string): string;
  /** The call, under its id, now that it is whole. */
  whole(index: number, call: ToolUseBlock): ToolUseBlock;
  /** All blocks of the message, as they were given one by one. */
  message(blocks: readonly AssistantBlock[]): readonly AssistantBlock[];
};

export function createCallIds(conversation: readonly ModelMessage[]): CallIds {
  const taken = new Set(
    conversation.flatMap(({ role, content }) =>
      role === 'assistant' ? content.flatMap((b) => (b.type === 'tool_use' ? [b.id] : [])) : [],
    ),
  );
  const writing = new Map<number, string>();
  const named = new Map<AssistantBlock, ToolUseBlock>();

  const free = (id: string): string => {
    let own = id || 'call_1';
    for (let n = 2; taken.has(own); n++) own = `${id || 'call'}_${n}`;
    taken.add(own);
    return own;
  };
  const ids: CallIds = {
    writing(index, id) {
      const own = writing.get(index) ?? free(id);
      writing.set(index, own);
      return own;
    },
    whole(index, call) {
      const id = ids.writing(index, call.id);
      writing.delete(index);
      const own = id === call.id ? call : { ...call, id };
      named.set(call, own);
      return own;
    },
    message: (blocks) => blocks.map((block, i) => (block.type === 'tool_use' ? (named.get(block) ?? ids.whole(i, block)) : block)),
  };
  return ids;
}
