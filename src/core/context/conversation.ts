import type { AssistantBlock, Content, ToolUseBlock } from '../../protocol/blocks';
import type { AgentEvent, EventOf } from '../../protocol/events';
import type { ModelMessage, ToolResult, UserBlock } from '../ports';
import { inert, notice } from './notice';
import { isBound, type View } from './view';

const INTERRUPTED = 'Interrupted: this call has no result. It may or may not have taken effect; check before you repeat it.';

const NO_ATTACHMENT: Content = { type: 'text', text: notice('The user took this attachment out of the context.') };

/**
 * Messages from events, under one view of the log. A tool call without a result can not leave here: what is missing
 * is filled with a synthetic error, and results stand in call order before any other text.
 */
export type Conversation = {
  push(event: AgentEvent): void;
  /** A line of the harness in the place of what is not sent. */
  mark(text: string): void;
  messages(): readonly ModelMessage[];
};

type OpenTurn = {
  readonly calls: readonly ToolUseBlock[];
  readonly results: Map<string, ToolResult>;
  readonly extra: Map<string, string[]>;
  readonly tail: Content[];
};

export function createConversation(view: View): Conversation {
  const done: ModelMessage[] = view.opening.length > 0 ? [{ role: 'user', content: view.opening }] : [];
  let open: OpenTurn | null = null;
  const messages = (): readonly ModelMessage[] => (open ? [...done, { role: 'user', content: contentOf(open) }] : done);

  function close(): void {
    if (!open) return;
    done.push({ role: 'user', content: contentOf(open) });
    open = null;
  }

  function say(content: readonly Content[]): void {
    if (open) {
      open.tail.push(...content);
      return;
    }
    const last = done.at(-1);
    if (last?.role === 'user') done[done.length - 1] = { role: 'user', content: [...last.content, ...content] };
    else done.push({ role: 'user', content });
  }

  return {
    push(event) {
      switch (event.type) {
        case 'user_message':
          say(event.content.map((part, i) => (view.evicted.has(partId(event, i)) ? NO_ATTACHMENT : harmless(part))));
          break;
        case 'notice':
          say([{ type: 'text', text: notice(event.text) }]);
          break;
        case 'assistant_message': {
          close();
          const blocks = sendable(event.blocks, isBound(view, event.seq));
          if (blocks.length === 0) break;
          done.push({ role: 'assistant', content: blocks });
          const calls = blocks.filter((b): b is ToolUseBlock => b.type === 'tool_use');
          if (calls.length > 0) open = { calls, results: new Map(), extra: new Map(), tail: [] };
          break;
        }
        case 'tool_finished':
          open?.results.set(event.callId, resultOf(event, view));
          break;
        case 'context_changed': {
          const result = event.callId && event.output ? open?.results.get(event.callId) : undefined;
          if (result && event.output && !view.evicted.has(result.callId))
            open?.results.set(result.callId, { ...result, content: event.output.map(harmless) });
          break;
        }
        case 'diagnostics':
          if (open && event.text) open.extra.set(event.callId, [...(open.extra.get(event.callId) ?? []), inert(event.text)]);
          break;
      }
    },
    mark: (text) => say([{ type: 'text', text: notice(text) }]),
    messages,
  };
}

/** Names one part of a message of the user. */
export function partId({ seq }: AgentEvent, index: number): string {
  return `${seq}.${index}`;
}

function resultOf(event: EventOf<'tool_finished'>, view: View): ToolResult {
  const by = view.evicted.get(event.callId);
  return {
    type: 'tool_result',
    callId: event.callId,
    content: by ? [{ type: 'text', text: evictedText(by, event.spill) }] : event.output.map(harmless),
    isError: event.outcome !== 'ok',
  };
}

function harmless(content: Content): Content {
  if (content.type !== 'text') return content;
  const text = inert(content.text);
  return text === content.text ? content : { ...content, text };
}

/** What stands in the place of a result that is sent no more. */
function evictedText(by: EventOf<'context_evicted'>['by'], spill: string | undefined): string {
  const where = spill ? ` The whole output is in ${spill}.` : '';
  return by === 'idle'
    ? `[An old result, taken out to save space.${where} Call again if you need it.]`
    : `[The user took this result out of the context.${where}]`;
}

/** Empty text is refused by the service, and a message of thinking alone has nothing to answer to. */
function sendable(blocks: readonly AssistantBlock[], bound: boolean): readonly AssistantBlock[] {
  const thinks = (b: AssistantBlock) => b.type === 'thinking' || b.type === 'redacted_thinking';
  const kept = blocks.filter((b) => (b.type !== 'text' || b.text.length > 0) && (bound || !thinks(b)));
  return kept.some((b) => !thinks(b)) ? kept : [];
}

function contentOf(turn: OpenTurn): readonly UserBlock[] {
  const results = turn.calls.map((call): ToolResult => {
    const result = turn.results.get(call.id);
    if (!result) return { type: 'tool_result', callId: call.id, content: [{ type: 'text', text: INTERRUPTED }], isError: true };
    const extra = turn.extra.get(call.id) ?? [];
    return extra.length === 0
      ? result
      : { ...result, content: [...result.content, ...extra.map((text): Content => ({ type: 'text', text }))] };
  });
  return [...results, ...turn.tail];
}
