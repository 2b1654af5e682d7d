import { ToolError } from '../../../src/core/errors';
import type { Ports } from '../../../src/core/ports';
import type { Assessment, Tool, ToolContext, ToolFacts, ToolOutput } from '../../../src/core/tool';
import type { Display, Task } from '../../../src/protocol/display';

/** One session as tools see it: remembers what the model has seen and its tasks, as the loop does. */
export type ToolSession = {
  readonly context: ToolContext;
  readonly progress: string[];
  tasks: readonly Task[];
  run(tool: Tool, input: unknown): Promise<ToolOutput>;
  /** Runs a call that must fail, by a ToolError or by its outcome, and gives what the model reads. */
  fail(tool: Tool, input: unknown): Promise<string>;
  assess(tool: Tool, input: unknown): Promise<Assessment>;
  preview(tool: Tool, input: unknown): Promise<Display | undefined>;
};

export function toolSession(ports: Ports, facts: Partial<ToolFacts> = {}, signal = new AbortController().signal): ToolSession {
  const seen = new Map<string, string>();
  const roots = ports.documents.roots();
  const progress: string[] = [];
  const context: ToolContext = {
    callId: 'call-1',
    session: 'session-1',
    signal,
    unasked: false,
    confined: false,
    ports,
    facts: { cwd: roots[0] ?? '/', roots, trusted: true, mode: 'ask', ...facts },
    settings: { shellTimeoutSeconds: 120 },
    seen: (path) => seen.get(path),
    held: { tools: [], loaded: () => new Set() },
    progress: (text) => progress.push(text),
    tasks: () => session.tasks,
    setTasks: (tasks) => {
      session.tasks = tasks;
    },
  };
  const session: ToolSession = {
    context,
    progress,
    tasks: [],
    async run(tool, input) {
      const output = await tool.parse(input).run(context);
      for (const [path, hash] of Object.entries(output.files ?? {})) seen.set(path, hash);
      return output;
    },
    async fail(tool, input) {
      try {
        const output = await session.run(tool, input);
        if (output.failed) return textOf(output);
        throw new Error(`${tool.name} did not fail: ${textOf(output)}`);
      } catch (error) {
        if (error instanceof ToolError) return error.text;
        throw error;
      }
    },
    assess: (tool, input) => tool.parse(input).assess(context),
    preview: (tool, input) => tool.parse(input).preview(context),
  };
  return session;
}

/** The text of a result; images stand as their media type. */
export function textOf(output: ToolOutput): string {
  if (typeof output.content === 'string') return output.content;
  return output.content.map((part) => (part.type === 'text' ? part.text : `[${part.mediaType}]`)).join('\n');
}
