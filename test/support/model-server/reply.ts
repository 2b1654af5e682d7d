import { typeOfStatus } from '../../../src/demo/wire/errors';
import type { Block, JsonObject } from '../../../src/demo/wire/json';
import type { ErrorReply, MessageReply, ReplyBlock, StopReason } from '../../../src/demo/wire/reply';

/** Where in an answer a fault strikes. `mid-delta` is inside the bytes of a delta in the middle of the answer. */
export type Point =
  | 'before-headers'
  | 'after-headers'
  | 'mid-delta'
  | 'before-message-stop'
  | { readonly afterDeltas: number }
  | { readonly afterEvents: number };

/** `eof` ends the HTTP answer properly but early; `fin` and `rst` end the connection. */
export type Hangup = 'eof' | 'fin' | 'rst';

/**
 * How the bytes are cut: one write an event (`events`); one write a byte; a write that ends inside every character of
 * several bytes; everything in one write; CRLF line ends; gzip. `json-split` and `escape-split` cut the deltas
 * themselves: tool input character by character, the latter with `\uXXXX` escapes to cut in.
 */
export type Chunks = 'events' | 'bytes' | 'utf8-split' | 'json-split' | 'escape-split' | 'one-write' | 'crlf' | 'gzip';

export type Fault =
  | { readonly do: 'hold'; readonly at: Point; readonly gate: string }
  | { readonly do: 'stall'; readonly at: Point }
  | { readonly do: 'disconnect'; readonly at: Point; readonly how: Hangup }
  | { readonly do: 'error'; readonly at: Point; readonly type: string; readonly message: string }
  | { readonly do: 'wait'; readonly at: Point; readonly ms: number }
  | { readonly do: 'ping'; readonly at: Point; readonly count: number };

export type ScriptedMessage = MessageReply & {
  readonly faults: readonly Fault[];
  readonly chunks: Chunks;
  readonly pingEverywhere: boolean;
  readonly unknownEvents: boolean;
  readonly headers: { readonly [name: string]: string };
  /** Counts that are claimed instead of the true ones. */
  readonly usage?: JsonObject;
};
export type Scripted = ScriptedMessage | ErrorReply;

export type HttpOptions = {
  readonly type?: string;
  readonly message?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly shouldRetry?: boolean;
  readonly errorCode?: string;
  readonly headers?: { readonly [name: string]: string };
};
export type Call = { readonly name: string; readonly input?: JsonObject; readonly id?: string };

/** A reply under construction. Every method returns a new one; the server takes it as it is. */
export type ReplyBuilder = {
  readonly scripted: ScriptedMessage;
  text(text: string, citations?: readonly JsonObject[]): ReplyBuilder;
  thinking(text: string): ReplyBuilder;
  redactedThinking(text: string): ReplyBuilder;
  tool(name: string, input?: JsonObject, id?: string): ReplyBuilder;
  tools(calls: readonly Call[]): ReplyBuilder;
  /** A call whose input is this text, valid JSON or not. */
  toolJson(name: string, json: string): ReplyBuilder;
  /** A call that the service itself runs; `result` follows it when given. */
  serverTool(name: string, input: JsonObject, id: string, result?: Block): ReplyBuilder;
  /** Any block, complete at its start. */
  block(block: Block): ReplyBuilder;
  stop(reason: StopReason): ReplyBuilder;
  refusal(category?: string, explanation?: string): ReplyBuilder;
  /** Ends the last call in the middle of its input, with stop reason `max_tokens`. */
  cutInsideToolJson(): ReplyBuilder;
  /** Claims this many output tokens, whatever the text. */
  outputTokens(count: number): ReplyBuilder;
  /** Claims these counts, by their names on the wire, whatever was sent and said. */
  usage(counts: JsonObject): ReplyBuilder;
  chunks(mode: Chunks): ReplyBuilder;
  /** Characters in a delta. */
  pieces(size: number): ReplyBuilder;
  pings(): ReplyBuilder;
  unknownEvents(): ReplyBuilder;
  /** Pause before each delta; before the first byte with `firstByte`. */
  slow(ms: { readonly firstByte?: number; readonly delta?: number }): ReplyBuilder;
  /** Falls silent for ever, with `pings` if told; ends when the client leaves or the server closes. */
  stall(at?: Point, options?: { readonly pings?: number }): ReplyBuilder;
  /** Waits for `server.release(gate)`. */
  hold(at?: Point, gate?: string): ReplyBuilder;
  disconnect(at: Point, how?: Hangup): ReplyBuilder;
  errorMidStream(type: string, at?: Point): ReplyBuilder;
  /** Extra response headers. */
  headers(headers: { readonly [name: string]: string }): ReplyBuilder;
};

const EMPTY: ScriptedMessage = {
  kind: 'message',
  blocks: [],
  faults: [],
  chunks: 'events',
  pingEverywhere: false,
  unknownEvents: false,
  headers: {},
};
const MESSAGES: { readonly [type: string]: string } = {
  overloaded_error: 'Overloaded',
  rate_limit_error: 'Number of requests has exceeded your rate limit',
  api_error: 'Internal server error',
};

function build(scripted: ScriptedMessage): ReplyBuilder {
  const having = (change: Partial<ScriptedMessage>) => build({ ...scripted, ...change });
  const block = (...blocks: readonly ReplyBlock[]) => having({ blocks: [...scripted.blocks, ...blocks] });
  const fault = (...faults: readonly Fault[]) => having({ faults: [...scripted.faults, ...faults] });
  const call = (name: string, json: string, id?: string): ReplyBlock => ({ kind: 'call', of: 'tool_use', name, json, id });

  return {
    scripted,
    text: (text, citations) => block({ kind: 'text', text, citations }),
    thinking: (text) => block({ kind: 'thinking', text }),
    redactedThinking: (text) => block({ kind: 'redacted', text }),
    tool: (name, input = {}, id) => block(call(name, JSON.stringify(input), id)),
    tools: (calls) => block(...calls.map(({ name, input = {}, id }) => call(name, JSON.stringify(input), id))),
    toolJson: (name, json) => block(call(name, json)),
    serverTool: (name, input, id, result) =>
      block(
        { kind: 'call', of: 'server_tool_use', name, json: JSON.stringify(input), id },
        ...(result ? [{ kind: 'whole' as const, block: result }] : []),
      ),
    block: (whole) => block({ kind: 'whole', block: whole }),
    stop: (stop) => having({ stop }),
    refusal: (category, explanation) =>
      having({ stop: 'refusal', stopDetails: { type: 'refusal', category: category ?? null, explanation: explanation ?? null } }),
    cutInsideToolJson: () => having({ stop: 'max_tokens', blocks: cutLastCall(scripted.blocks) }),
    outputTokens: (outputTokens) => having({ outputTokens }),
    usage: (usage) => having({ usage }),
    chunks: (chunks) => having({ chunks, ...(chunks === 'json-split' || chunks === 'escape-split' ? { eager: true, pieceSize: 1 } : {}) }),
    pieces: (pieceSize) => having({ pieceSize, eager: true }),
    pings: () => having({ pingEverywhere: true }),
    unknownEvents: () => having({ unknownEvents: true }),
    slow: ({ firstByte, delta }) => {
      const faults: readonly Fault[] = firstByte === undefined ? [] : [{ do: 'wait', at: 'before-headers', ms: firstByte }];
      return having({ paceMs: delta ?? scripted.paceMs, faults: [...scripted.faults, ...faults] });
    },
    stall: (at = 'after-headers', { pings = 0 } = {}) =>
      fault(...(pings > 0 ? [{ do: 'ping' as const, at, count: pings }] : []), { do: 'stall', at }),
    hold: (at = 'before-headers', gate = '') => fault({ do: 'hold', at, gate }),
    disconnect: (at, how = 'fin') => fault({ do: 'disconnect', at, how }),
    errorMidStream: (type, at = 'mid-delta') => fault({ do: 'error', at, type, message: MESSAGES[type] ?? type }),
    headers: (headers) => having({ headers: { ...scripted.headers, ...headers } }),
  };
}

/** An answer that is an HTTP error, with the type that goes with the status unless told. */
function http(status: number, options: HttpOptions = {}): ErrorReply {
  const type = options.type ?? typeOfStatus(status);
  return {
    kind: 'error',
    status,
    type,
    message: options.message ?? MESSAGES[type] ?? `Scripted answer ${status}`,
    details: options.errorCode ? { error_code: options.errorCode } : undefined,
    headers: {
      ...(options.retryAfter === undefined ? {} : { 'retry-after': String(options.retryAfter) }),
      ...(options.shouldRetry === undefined ? {} : { 'x-should-retry': String(options.shouldRetry) }),
      ...(status === 429 ? { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '0' } : {}),
      ...options.headers,
    },
  };
}

/** Where every scripted reply begins: `reply.text('Hello').tool('read_file', { path: 'a.ts' })`, `reply.http(529)`. */
export const reply = { ...build(EMPTY), empty: build(EMPTY), http };

function cutLastCall(blocks: readonly ReplyBlock[]): readonly ReplyBlock[] {
  const at = blocks.findLastIndex((block) => block.kind === 'call');
  const last = blocks[at];
  if (last?.kind !== 'call') throw new Error('cutInsideToolJson() needs a tool call to cut');
  return [...blocks.slice(0, at), { ...last, json: last.json.slice(0, Math.ceil(last.json.length / 2)) }];
}
