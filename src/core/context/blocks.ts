import type { AgentEvent, EventOf } from '../../protocol/events';
import type { ModelMessage } from '../ports';
import { pinnedIn } from './evict';
import { createHistory } from './history';
import { blockTokens, textTokens } from './tokens';

/** One part of what the model is sent [C9]. Passive parts are there whatever is said; active ones came with the conversation. */
export type ContextBlock = {
  readonly kind: 'passive' | 'active';
  readonly source: 'system' | 'tool' | 'user' | 'harness' | 'reply' | 'thinking' | 'call' | 'result';
  /** What it is in particular: the tool, or the beginning of the text. */
  readonly label: string;
  readonly tokens: number;
  /** Of calls and results. */
  readonly callId?: string;
  readonly evicted?: boolean;
  readonly pinned?: boolean;
};

/** Everything in the next request, in its order: a pure fold over the log. */
export function contextBlocks(events: readonly AgentEvent[]): readonly ContextBlock[] {
  const header = events.find((e) => e.type === 'session_started');
  const history = createHistory();
  for (const event of events) history.push(event);
  const { evicted } = history.view();
  const pinned = pinnedIn(events);
  const started = new Map(events.flatMap((e) => (e.type === 'tool_started' ? [[e.callId, `${e.title} ${e.detail}`.trim()] as const] : [])));
  return [...(header ? passiveBlocks(header) : []), ...history.messages().flatMap((message) => activeBlocks(message, started))].map(
    (block) =>
      block.source === 'result' && block.callId
        ? { ...block, evicted: evicted.has(block.callId), pinned: pinned.has(block.callId) }
        : block,
  );
}

/** What taking these results out frees, and what of the rest the service has to read anew because it stands behind them [C4]. */
export function priceOfEviction(
  blocks: readonly ContextBlock[],
  callIds: readonly string[],
): { readonly freed: number; readonly reread: number } {
  const goes = (b: ContextBlock) =>
    b.source === 'result' && b.callId !== undefined && callIds.includes(b.callId) && !b.evicted && !b.pinned;
  const first = blocks.findIndex(goes);
  if (first < 0) return { freed: 0, reread: 0 };
  const sum = (list: readonly ContextBlock[]) => list.reduce((total, b) => total + b.tokens, 0);
  const rest = blocks.slice(first);
  return { freed: sum(rest.filter(goes)), reread: sum(rest.filter((b) => !goes(b))) };
}

function passiveBlocks({ tools, system }: EventOf<'session_started'>): readonly ContextBlock[] {
  const passive = (source: ContextBlock['source'], label: string, text: string): ContextBlock => ({
    kind: 'passive',
    source,
    label,
    tokens: textTokens(text),
  });
  return [
    ...tools.filter((tool) => !tool.deferred).map((tool) => passive('tool', tool.name, JSON.stringify(tool))),
    passive('system', 'Instructions', system.fixed),
    passive('system', 'Session facts', system.facts),
  ];
}

function activeBlocks(message: ModelMessage, started: ReadonlyMap<string, string>): readonly ContextBlock[] {
  return message.content.map((block): ContextBlock => {
    const common = { kind: 'active' as const, tokens: blockTokens(block) };
    switch (block.type) {
      case 'text':
        if (message.role === 'assistant') return { ...common, source: 'reply', label: beginning(block.text) };
        return { ...common, source: block.text.startsWith('<plumb_notice>') ? 'harness' : 'user', label: beginning(block.text) };
      case 'image':
        return { ...common, source: 'user', label: block.mediaType };
      case 'thinking':
      case 'redacted_thinking':
        return { ...common, source: 'thinking', label: '' };
      case 'tool_use':
        return { ...common, source: 'call', label: started.get(block.id) ?? block.name, callId: block.id };
      case 'tool_result':
        return { ...common, source: 'result', label: started.get(block.callId) ?? '', callId: block.callId };
      case 'other':
        return { ...common, source: 'reply', label: block.raw.type };
      default:
        return block satisfies never;
    }
  });
}

function beginning(text: string): string {
  const line = text.replace(/^<plumb_notice>\n/, '').split('\n', 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
