import { z } from 'zod';
import { definitionText, findHeld } from '../core/held-tools';
import { count } from '../core/text/lines';
import { defineTool } from '../core/tool';

/** Definitions that one search loads, at most [T2]. */
const AT_ONCE = 5;

export const findTools = defineTool({
  name: 'find_tools',
  description: `Load tools that you know by name only, at most ${AT_ONCE} at a time. Call one that was loaded by its name if it is among your tools, otherwise through call_tool.`,
  input: z.strictObject({ query: z.string().min(1).describe('names, or words for what the tool should do') }),
  safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
  loader: true,
  summarize: ({ query }) => ({ title: 'Find tools', detail: query }),
  async run({ query }, { held }) {
    const found = findHeld(held.tools, query, AT_ONCE);
    const loaded = held.loaded();
    const fresh = found.filter((tool) => !loaded.has(tool.name));
    const known = found.filter((tool) => loaded.has(tool.name)).map((tool) => tool.name);
    if (fresh.length > 0) {
      return {
        content: fresh.map((tool) => ({ type: 'text', text: definitionText(tool), tool: tool.name })),
        summary: `${count(fresh.length, 'tool')} loaded`,
      };
    }
    if (known.length > 0) return { content: `Loaded already: ${known.join(', ')}. Call them.`, summary: 'Loaded already' };
    return {
      content: `No tool fits ${JSON.stringify(query)}. Try other words, or names from the list that you were given.`,
      summary: 'Nothing fits',
    };
  },
});
