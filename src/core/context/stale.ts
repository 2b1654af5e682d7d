import type { ContextBlock } from '../../protocol/context';
import type { AgentEvent, EventOf } from '../../protocol/events';
import { evictable } from './evict';
import type { View } from './view';
import { isSaid } from './view';

/** A file that nothing was said about for so many turns. */
const TURNS = 10;

/**
 * Results that can be told to be of no more use, by what the log shows and nothing else: the same call was made again
 * later, the file that it shows has become another since, or for ten turns no reply and no call named that file.
 */
export function staleResults(events: readonly AgentEvent[], view: View, blocks: readonly ContextBlock[]) {
  const turn = events.at(-1)?.turn ?? 0;
  const started = new Map(
    events.flatMap((e) => (e.type === 'tool_started' ? [[e.callId, `${e.tool} ${e.title} ${e.detail}`] as const] : [])),
  );
  const results = evictable(events, view);
  const lastCall = new Map(results.map((e) => [started.get(e.callId), e.seq]));
  const lastHash = new Map(events.flatMap((e) => (e.type === 'tool_finished' && isSaid(view, e.seq) ? Object.entries(e.files ?? {}) : [])));
  const named = namedIn(events, view);
  const isStale = (event: EventOf<'tool_finished'>) => {
    const call = started.get(event.callId);
    if (call !== undefined && (lastCall.get(call) ?? 0) > event.seq) return true;
    const files = Object.entries(event.files ?? {});
    if (files.length === 0) return false;
    const unnamed = ([path]: readonly [string, string]) => turn - Math.max(event.turn ?? 0, named.get(baseOf(path)) ?? 0) >= TURNS;
    return files.every((file) => lastHash.get(file[0]) !== file[1] || unnamed(file));
  };
  const ids = results.filter(isStale).map((e) => e.callId);
  const gone = new Set(ids);
  const tokens = blocks.reduce((sum, b) => sum + (b.source === 'result' && b.id && gone.has(b.id) ? b.tokens : 0), 0);
  return { ids, tokens };
}

/** The newest turn whose reply or calls named each word: file names are words. */
function namedIn(events: readonly AgentEvent[], view: View): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'assistant_message' && isSaid(view, event.seq)) for (const word of wordsOf(event)) named.set(word, event.turn ?? 0);
  }
  return named;
}

const words = new WeakMap<AgentEvent, ReadonlySet<string>>();

/** Messages never change, so each is read once. */
function wordsOf(event: EventOf<'assistant_message'>): ReadonlySet<string> {
  const known = words.get(event) ?? new Set(event.blocks.flatMap((b) => textOf(b).match(/[^\s"'`()[\]{}<>,;:\\/]+/g) ?? []).map(bare));
  words.set(event, known);
  return known;
}

function textOf(block: EventOf<'assistant_message'>['blocks'][number]): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'thinking':
      return block.thinking;
    case 'tool_use':
      return JSON.stringify(block.input);
    case 'redacted_thinking':
    case 'other':
      return '';
    default:
      return block satisfies never;
  }
}

/** Without the full stop of the sentence that it ends. */
function bare(word: string): string {
  return word.replace(/[.!?*_]+$/, '');
}

function baseOf(path: string): string {
  return bare(path.split(/[/\\]/).at(-1) ?? path);
}
