import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelChunk, ModelRequest } from '../../../src/core/ports';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
export type Handler = (response: ServerResponse, seen: Seen) => void | Promise<void>;

/** A loopback server of one handler; everything that it was sent is kept. */
export async function startServer(handler: Handler): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const record = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(record);
    await handler(response, record);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers });
  response.end(JSON.stringify(body));
}

export function apiError(type: string, message: string, details?: unknown): unknown {
  return { type: 'error', error: { type, message, ...(details ? { details } : {}) }, request_id: 'req_1' };
}

export type RawEvent = Readonly<Record<string, unknown>> & { readonly type: string };

export function sse(events: readonly RawEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export const START: RawEvent = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'some-model', content: [], usage: { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 5 } },
};
export const STOP: RawEvent = { type: 'message_stop' };
export const end = (stop_reason: string, more: Record<string, unknown> = {}): RawEvent => ({
  type: 'message_delta',
  delta: { stop_reason, ...more },
  usage: { output_tokens: 9 },
});
export const blockStart = (index: number, content_block: RawEvent): RawEvent => ({ type: 'content_block_start', index, content_block });
export const delta = (index: number, value: RawEvent): RawEvent => ({ type: 'content_block_delta', index, delta: value });
export const blockStop = (index: number): RawEvent => ({ type: 'content_block_stop', index });
export const textBlock = (index: number, ...pieces: string[]): RawEvent[] => [
  blockStart(index, { type: 'text', text: '', citations: null }),
  ...pieces.map((text) => delta(index, { type: 'text_delta', text })),
  blockStop(index),
];
export const toolBlock = (index: number, ...pieces: string[]): RawEvent[] => [
  blockStart(index, { type: 'tool_use', id: `toolu_${index}`, name: 'grep', input: {}, caller: { type: 'direct' } }),
  ...pieces.map((partial_json) => delta(index, { type: 'input_json_delta', partial_json })),
  blockStop(index),
];

export async function collect(chunks: AsyncIterable<ModelChunk>): Promise<ModelChunk[]> {
  const all: ModelChunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

export function requestOf(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: 'some-model',
    maxTokens: 1000,
    tools: [],
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    effort: 'default',
    idleTimeoutMs: 5000,
    ...more,
  };
}

export const never = (): AbortSignal => new AbortController().signal;
