import { connect, type Socket } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { isObject, type JsonObject, parseObject, stringOf } from '../../../src/demo/wire/json';
import { type ModelServer, type ModelServerOptions, type Script, startModelServer } from './server';

/** Ways to speak to a model server: the unmodified SDK, and raw HTTP for what the SDK cannot express. */
export type Line = {
  readonly server: ModelServer;
  readonly client: Anthropic;
  /** Posts a body as it is, by default to `/v1/messages` with a key and the newest version. */
  post(body: JsonObject | string, options?: PostOptions): Promise<Posted>;
  /** The message of the refusal that a body gets. @throws Error when it is not refused with 400 */
  refusal(body: JsonObject, options?: PostOptions): Promise<string>;
};
export type PostOptions = { readonly headers?: { readonly [name: string]: string }; readonly path?: string };
export type Posted = { readonly status: number; readonly headers: Headers; readonly json: JsonObject; readonly text: string };

export const MODEL = 'claude-opus-5-5';
export const HEADERS = { 'x-api-key': 'test', 'anthropic-version': '2026-10-21', 'content-type': 'application/json' };

export async function openLine(script: Script = [], options: ModelServerOptions = {}): Promise<Line> {
  const server = await startModelServer(script, options);
  const client = new Anthropic({ apiKey: 'test', baseURL: server.url, maxRetries: 0 });
  const post: Line['post'] = async (body, { headers = {}, path = '/v1/messages' } = {}) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}${path}`, { method: 'POST', headers: { ...HEADERS, ...headers }, body: payload });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: parseObject(text) ?? {}, text };
  };
  return {
    server,
    client,
    post,
    refusal: async (body, more) => {
      const { status, json } = await post(body, more);
      const error = isObject(json.error) ? json.error : {};
      if (status !== 400 || error.type !== 'invalid_request_error')
        throw new Error(`not refused with 400 but ${status}: ${JSON.stringify(json)}`);
      return stringOf(error.message);
    },
  };
}

/** A request of one user message, with what a test adds. */
export function asking(more: JsonObject = {}): JsonObject {
  return { model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }], ...more };
}

/** The answer to a request over a bare socket until the connection ends, chunk framing taken off; rejects when it is reset. */
export async function rawAnswer(server: ModelServer, body: JsonObject): Promise<string> {
  const payload = JSON.stringify({ stream: true, ...body });
  const lines = Object.entries({ ...HEADERS, host: 'loopback', connection: 'close', 'content-length': String(Buffer.byteLength(payload)) });
  const socket: Socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
  socket.write(`POST /v1/messages HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${payload}`);
  const parts: Buffer[] = [];
  for await (const part of socket) if (Buffer.isBuffer(part)) parts.push(part);
  return unframed(Buffer.concat(parts));
}

/** Head and body, the body as it came in its chunks. */
function unframed(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n') + 4;
  if (end < 4) return raw.toString('utf8');
  const parts = [raw.subarray(0, end)];
  for (let at = end; at < raw.length; ) {
    const line = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.toString('ascii', at, line), 16);
    if (line < 0 || !(size > 0)) break;
    parts.push(raw.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}
