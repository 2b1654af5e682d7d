import type { AgentEvent } from '../src/protocol/events';
import type { Item, Live, LiveBlock } from './view-state';

export const NO_LIVE: Live = { blocks: [], output: {} };

/** A card shows the end of a long output; holding more would only cost memory. */
const MAX_LIVE_OUTPUT = 100_000;

/** Previews: deltas add to them, the logged event that they foretold removes them. */
export function foldLive(live: Live, event: AgentEvent): Live {
  switch (event.type) {
    case 'delta': {
      if (event.of === 'tool_output') {
        const text = (live.output[event.of_id] ?? '') + event.text;
        return { ...live, output: { ...live.output, [event.of_id]: text.slice(-MAX_LIVE_OUTPUT) } };
      }
      return { ...live, blocks: grow(live.blocks, event.of_id, event.of, event.text, event.tool ?? '') };
    }
    case 'tool_finished': {
      if (!(event.callId in live.output)) return live;
      const { [event.callId]: _done, ...output } = live.output;
      return { ...live, output };
    }
    case 'state_changed':
      // A retry streams the same message from its beginning.
      return event.workflow.at === 'retrying' && live.blocks.length > 0 ? { ...live, blocks: [] } : live;
    case 'assistant_message':
    case 'turn_started':
      return live.blocks.length > 0 ? { ...live, blocks: [] } : live;
    case 'run_ended':
      return NO_LIVE;
    default:
      return live;
  }
}

function grow(blocks: readonly LiveBlock[], id: string, of: LiveBlock['of'], text: string, tool: string): readonly LiveBlock[] {
  const last = blocks.at(-1);
  if (last?.id === id && last.of === of) return [...blocks.slice(0, -1), { ...last, text: last.text + text, tool: tool || last.tool }];
  const at = blocks.findIndex((b) => b.id === id && b.of === of);
  const old = blocks[at];
  if (old) return blocks.with(at, { ...old, text: old.text + text, tool: tool || old.tool });
  return [...blocks, { id, of, text, tool }];
}

/** A preview is named `turn.attempt.index`, a call by its own id; the final card is keyed the same, without the attempt. */
function keyOf(block: LiveBlock): string {
  return block.id.replace(/^(\d+)\.\d+\.(\d+)$/, '$1.$2');
}

/** Previews as cards. Their keys are those of the final cards, which so take over the same elements. */
export function liveItems(live: Live): readonly Item[] {
  return live.blocks.map(itemOf);
}

function itemOf(block: LiveBlock): Item {
  switch (block.of) {
    case 'text':
      return { kind: 'text', key: keyOf(block), text: block.text, live: true };
    case 'thinking':
      return { kind: 'thinking', key: keyOf(block), text: block.text, live: true, redacted: false };
    case 'tool_input':
      return { kind: 'preparing', key: keyOf(block), tool: block.tool, chars: block.text.length };
  }
}
