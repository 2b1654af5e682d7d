import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY } from './admit';
import { errorBody, WireError } from './errors';
import type { JsonObject } from './json';
import type { ErrorReply } from './reply';

/** One HTTP request as it came in, kept whole; the last fields fill in as it is answered. */
export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly at: number;
  /** Status of the answer, once it began. */
  status: number | undefined;
  /** What the answer refused, where it did. */
  error: string | undefined;
  /** The client left before the answer was complete. */
  aborted: boolean;
};

export function seenOf(message: IncomingMessage, url: URL, body: Buffer, at: number): Seen {
  const { method = 'GET', headers } = message;
  return { method, url: message.url ?? '/', path: url.pathname, headers, body, at, status: undefined, error: undefined, aborted: false };
}

/** Reads the whole body, so that the client is done sending before it is refused; what is far over the limit is not kept. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    if (!Buffer.isBuffer(part)) continue;
    if (size <= MAX_BODY) parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts);
}

export function sendJson(response: ServerResponse, seen: Seen, body: JsonObject, status = 200): void {
  seen.status = status;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Sends an error that the responder asked for. */
export function sendError(response: ServerResponse, seen: Seen, requestId: string, reply: ErrorReply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  seen.error = `${reply.type}: ${reply.message}`;
  sendJson(response, seen, errorBody(reply.type, reply.message, requestId, reply.details), reply.status);
}

/** Answers what was thrown: a refusal as such, anything else as the server's own fault. */
export function sendFailure(response: ServerResponse, seen: Seen, requestId: string, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof WireError ? error : new WireError('api_error', error instanceof Error ? error.message : String(error));
  const { type, message, details, status } = known;
  sendError(response, seen, requestId, { kind: 'error', status, type, message, details });
}

export function rateLimitHeaders(now: number): { readonly [name: string]: string } {
  const reset = new Date(now + 60_000).toISOString();
  const limits = { requests: 4_000, tokens: 2_000_000, 'input-tokens': 2_000_000, 'output-tokens': 400_000 };
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, limit]) => [
      [`anthropic-ratelimit-${name}-limit`, String(limit)],
      [`anthropic-ratelimit-${name}-remaining`, String(limit - 1)],
      [`anthropic-ratelimit-${name}-reset`, reset],
    ]),
  );
}
