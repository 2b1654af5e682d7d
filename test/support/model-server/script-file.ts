import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ReplyBuilder, reply } from './reply';
import type { Script, Step } from './server';

const zPoint = z.union([
  z.enum(['before-headers', 'after-headers', 'mid-delta', 'before-message-stop']),
  z.strictObject({ afterDeltas: z.number().int().min(0) }),
  z.strictObject({ afterEvents: z.number().int().min(0) }),
]);
const zCall = z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()).optional(), id: z.string().optional() });
const zHttp = z.strictObject({
  http: z.number().int().min(400).max(599),
  type: z.string().optional(),
  message: z.string().optional(),
  retryAfter: z.number().optional(),
  shouldRetry: z.boolean().optional(),
  errorCode: z.string().optional(),
  times: z.number().int().min(1).optional(),
});
const zMessage = z.strictObject({
  thinking: z.string().optional(),
  text: z.string().optional(),
  tool: zCall.optional(),
  tools: z.array(zCall).optional(),
  toolJson: z.strictObject({ name: z.string(), json: z.string() }).optional(),
  stop: z
    .enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal', 'model_context_window_exceeded'])
    .optional(),
  cutInsideToolJson: z.boolean().optional(),
  outputTokens: z.number().int().optional(),
  chunks: z.enum(['events', 'bytes', 'utf8-split', 'json-split', 'escape-split', 'one-write', 'crlf', 'gzip']).optional(),
  pings: z.boolean().optional(),
  unknownEvents: z.boolean().optional(),
  slow: z.strictObject({ firstByte: z.number().optional(), delta: z.number().optional() }).optional(),
  stall: zPoint.optional(),
  disconnect: z.strictObject({ at: zPoint, how: z.enum(['eof', 'fin', 'rst']).optional() }).optional(),
  errorMidStream: z.strictObject({ type: z.string(), at: zPoint.optional() }).optional(),
  times: z.number().int().min(1).optional(),
});
const zScript = z.array(z.union([zHttp, zMessage]));

/** Reads a script from a JSON file, or from a module by its default export. @throws Error when it is neither */
export async function readScript(file: string): Promise<Script> {
  if (file.endsWith('.json')) return fromJson(JSON.parse(await readFile(file, 'utf8')));
  const module: { default?: unknown } = await import(pathToFileURL(file).href);
  if (!isScript(module.default)) throw new Error(`${file} has no script as its default export: a list of steps or a function`);
  return module.default;
}

/** A script as JSON holds it. @throws Error naming what does not fit */
export function fromJson(value: unknown): Script {
  const parsed = zScript.safeParse(value);
  if (!parsed.success) throw new Error(`The script does not fit: ${z.prettifyError(parsed.error)}`);
  return parsed.data.flatMap((step) =>
    Array.from({ length: step.times ?? 1 }, (): Step => ('http' in step ? reply.http(step.http, step) : message(step))),
  );
}

function message(step: z.infer<typeof zMessage>): ReplyBuilder {
  let made = reply.empty;
  if (step.thinking !== undefined) made = made.thinking(step.thinking);
  if (step.text !== undefined) made = made.text(step.text);
  made = made.tools([...(step.tool ? [step.tool] : []), ...(step.tools ?? [])]);
  if (step.toolJson) made = made.toolJson(step.toolJson.name, step.toolJson.json);
  if (step.stop === 'refusal') made = made.refusal();
  else if (step.stop) made = made.stop(step.stop);
  if (step.cutInsideToolJson) made = made.cutInsideToolJson();
  if (step.outputTokens !== undefined) made = made.outputTokens(step.outputTokens);
  if (step.chunks) made = made.chunks(step.chunks);
  if (step.pings) made = made.pings();
  if (step.unknownEvents) made = made.unknownEvents();
  if (step.slow) made = made.slow(step.slow);
  if (step.stall) made = made.stall(step.stall);
  if (step.disconnect) made = made.disconnect(step.disconnect.at, step.disconnect.how);
  if (step.errorMidStream) made = made.errorMidStream(step.errorMidStream.type, step.errorMidStream.at);
  return made;
}

function isScript(value: unknown): value is Script {
  return typeof value === 'function' || Array.isArray(value);
}
