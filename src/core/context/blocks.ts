import type { BlockSource, ContextBlock } from '../../protocol/context';
import type { AgentEvent, EventOf } from '../../protocol/events';
import type { ModelMessage } from '../ports';
import { partId } from './conversation';
import { isAttachment, pinnedIn } from './evict';
import { type History, historyOf } from './history';
import { blockTokens, textTokens } from './tokens';

type Block = ModelMessage['content'][number];
type Call = { readonly label: string; readonly problems: number };

/** `entries`: how many blocks, from the first on, the service has in its cache together; the last is the longest. */
export type WindowBlocks = { readonly blocks: readonly ContextBlock[]; readonly entries: readonly number[] };

/** Everything in the next request, in its order [C9]. What was asked for since `aliveSince` is still in the service's cache. */
export function contextBlocks(
  events: readonly AgentEvent[],
  history: History = historyOf(events),
  aliveSince = Number.POSITIVE_INFINITY,
): WindowBlocks {
  const header = events.findLast((e) => e.type === 'session_started');
  const view = history.view();
  const messages = history.messages();
  const pinned = pinnedIn(events);
  const describe = describer(events, new Set<object>(view.opening));
  const turns = turnsOfMessages(events, messages);
  const ends = history.sentEnds().filter(({ at, held }) => held && at > aliveSince);
  const blocks: Omit<ContextBlock, 'cached'>[] = header ? [...passiveBlocks(header)] : [];
  const ending = new Set(ends.map(({ message, block }) => `${message}.${block}`));
  // Tools and system are an entry of their own, unless all that was sent first was too short for the cache.
  const entries = aliveSince < Number.POSITIVE_INFINITY && history.sentEnds()[0]?.held !== false ? [blocks.length] : [];
  for (const [m, { role, content }] of messages.entries()) {
    const { before = 0, after = 0 } = turns[m] ?? {};
    for (const [b, block] of content.entries()) {
      const turn = role === 'assistant' || block.type === 'tool_result' ? before : after;
      for (const part of describe(block, role)) {
        const { source, id = '' } = part;
        const marks = isRemovable(source) ? { evicted: view.evicted.has(id), pinned: pinned.has(id) } : {};
        blocks.push({ ...part, ...(source === 'summary' || source === 'kept' ? {} : { turn }), ...marks });
      }
      if (ending.has(`${m}.${b}`)) entries.push(blocks.length);
    }
  }
  const cached = entries.at(-1) ?? 0;
  return { blocks: blocks.map((block, i) => ({ ...block, cached: i < cached })), entries };
}

function isRemovable(source: BlockSource): boolean {
  return source === 'result' || source === 'attachment';
}

/** For each message the turn that it ends or follows, and the one that answers it. */
function turnsOfMessages(events: readonly AgentEvent[], messages: readonly ModelMessage[]) {
  const known = new Map<object, number>();
  for (const e of events) if (e.type === 'assistant_message') for (const block of e.blocks) known.set(block, e.turn ?? 0);
  let newest = 0;
  const before = messages.map(({ role, content }) => {
    if (role === 'assistant') newest = content.map((b) => known.get(b)).find((turn) => turn !== undefined) ?? newest;
    return newest;
  });
  let next = newest + 1;
  const after = messages.toReversed().map(({ role }, i) => {
    const answer = next;
    if (role === 'assistant') next = before[messages.length - 1 - i] ?? next;
    return answer;
  });
  after.reverse();
  return before.map((turn, i) => ({ before: turn, after: after[i] ?? turn }));
}

type Part = Pick<ContextBlock, 'kind' | 'source' | 'label' | 'tokens' | 'id'>;

/** Tells what a block of a request is from the objects that the log holds. */
function describer(
  events: readonly AgentEvent[],
  opening: ReadonlySet<object>,
): (block: Block, role: ModelMessage['role']) => readonly Part[] {
  const attached = new Map<object, string>();
  const typed = new Set<object>();
  const calls = new Map<string, Call>();
  for (const event of events) {
    if (event.type === 'user_message')
      for (const [i, part] of event.content.entries()) {
        if (isAttachment(event, i)) attached.set(part, partId(event, i));
        else typed.add(part);
      }
    if (event.type === 'tool_started') calls.set(event.callId, { label: `${event.title} ${event.detail}`.trim(), problems: 0 });
    if (event.type === 'diagnostics' && event.text) {
      const call = calls.get(event.callId) ?? { label: '', problems: 0 };
      calls.set(event.callId, { ...call, problems: call.problems + textTokens(event.text) });
    }
  }
  return (block, role) => {
    const part = (source: BlockSource, label: string, id?: string): readonly Part[] => [
      { kind: 'active', source, label, tokens: blockTokens(block), ...(id === undefined ? {} : { id }) },
    ];
    switch (block.type) {
      case 'text': {
        if (opening.has(block)) return part(block.text.includes(SUMMARY) ? 'summary' : 'kept', beginning(block.text));
        if (role === 'assistant') return part('reply', beginning(block.text));
        const id = attached.get(block);
        if (id !== undefined) return part('attachment', beginning(block.text), id);
        return part(typed.has(block) ? 'user' : 'notice', beginning(block.text));
      }
      case 'image':
        return part('attachment', block.mediaType, attached.get(block));
      case 'thinking':
      case 'redacted_thinking':
        return part('thinking', '');
      case 'tool_use':
        return part('call', calls.get(block.id)?.label || block.name, block.id);
      case 'tool_result': {
        const { label = '', problems = 0 } = calls.get(block.callId) ?? {};
        const [result] = part('result', label, block.callId);
        if (!result || problems === 0) return result ? [result] : [];
        const tokens = Math.max(0, result.tokens - problems);
        return [
          { ...result, tokens },
          { kind: 'active', source: 'problems', label, tokens: result.tokens - tokens },
        ];
      }
      case 'other':
        return part('reply', block.raw.type);
      default:
        return block satisfies never;
    }
  };
}

/** How the summary of a compaction begins, in distinction to what is put back beside it. */
const SUMMARY = 'This summary stands in its place';

function passiveBlocks({ tools, system }: EventOf<'session_started'>): readonly Part[] {
  const passive = (source: BlockSource, label: string, text: string): Part => ({
    kind: 'passive',
    source,
    label,
    tokens: textTokens(text),
  });
  return [
    ...tools.filter((tool) => !tool.deferred).map((tool) => passive('tool', tool.name, JSON.stringify(tool))),
    passive('system', '', system.fixed),
    passive('facts', '', system.facts),
  ];
}

function beginning(text: string): string {
  const line = text
    .replace(/^<plumb_notice>\n/, '')
    .replace(/^<attached ([^\n]*)>\n[\s\S]*$/, '$1')
    .split('\n', 1)[0];
  return line === undefined ? '' : line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
