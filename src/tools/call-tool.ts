import { z } from 'zod';
import { ToolError } from '../core/errors';
import { defineTool } from '../core/tool';

/** The way to a tool that the request does not define: the harness puts the call that it stands for in its place. */
export const callTool = defineTool({
  name: 'call_tool',
  description: 'Call a tool that find_tools loaded and that is not among your tools.',
  input: z.strictObject({ name: z.string().min(1), input: z.record(z.string(), z.unknown()).default({}) }),
  loader: true,
  standsFor: ({ name, input }) => ({ name, input }),
  summarize: ({ name }) => ({ title: 'Call', detail: name }),
  async run({ name }) {
    throw new ToolError(`${name} could not be called in this way.`, 'Call it by its name.');
  },
});
