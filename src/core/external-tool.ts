import { z } from 'zod';
import { shortened } from './held-tools';
import { stableJson } from './stable';
import { defineTool, type Loading, type Tool, type ToolContext, type ToolOutput } from './tool';

export type ExternalTool = {
  readonly name: string;
  readonly description: string;
  /** A JSON schema as its maker wrote it; without one it takes nothing. */
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** Who brings it, in words. */
  readonly source: string;
  readonly loading: Loading;
  run(input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolOutput>;
};

type Input = Record<string, unknown>;
const NOTHING = { type: 'object', properties: {} };

/**
 * A tool that somebody else wrote. What it does is not known, so every call counts as changing something and is asked,
 * in every mode, until a rule allows it; its input is checked against its own schema.
 */
export function externalTool({ name, description, inputSchema = NOTHING, source, loading, run }: ExternalTool): Tool {
  return defineTool({
    name,
    description: shortened(description),
    input: checkFor(inputSchema),
    // Keys in one order, whatever order they were registered in, so that two sessions send the same bytes.
    inputSchema: z.record(z.string(), z.unknown()).parse(JSON.parse(stableJson({ ...inputSchema, type: 'object' }))),
    source,
    loading,
    safety: { destructive: false },
    summarize: (input) => ({ title: name, detail: stableJson(input) }),
    run,
  });
}

/** What a schema says, as far as it can be read; one that cannot be read lets the tool itself judge its input. */
function checkFor(schema: Readonly<Record<string, unknown>>): z.ZodType<Input> {
  const anything = z.record(z.string(), z.unknown());
  try {
    return z.fromJSONSchema({ ...schema, type: 'object' }).pipe(anything);
  } catch {
    return anything;
  }
}
