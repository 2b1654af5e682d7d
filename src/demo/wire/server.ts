import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { admit, credentialOf, versionOf } from './admit';
import { answer } from './answer';
import { createPromptCache } from './cache';
import { type Deliver, deliver as deliverPlainly } from './deliver';
import { WireError } from './errors';
import { rateLimitHeaders, readBody, type Seen, seenOf, sendError, sendFailure, sendJson } from './http';
import { type Ids, randomIds } from './ids';
import { stringOf } from './json';
import { findModel, MODELS, type ModelSpec, modelInfo, modelPage } from './models';
import { prepare } from './prepare';
import { promptTokens } from './prompt';
import type { ErrorReply, MessageReply } from './reply';
import type { WireRequest } from './request';
import { createThreads } from './threads';

export type WireOptions<R extends MessageReply> = {
  /** What the model says. Throwing is a bug of the responder: it is answered with a 500 that names it. */
  readonly respond: (request: WireRequest, seen: Seen) => R | ErrorReply | Promise<R | ErrorReply>;
  /** How it is sent; plainly when left out. */
  readonly deliver?: Deliver<R>;
  /** Called with each request once it is read, before any check. */
  readonly observe?: (seen: Seen) => void;
  /** Called when a request's `status` or `aborted` changed. */
  readonly changed?: () => void;
  readonly models?: readonly ModelSpec[];
  readonly port?: number;
  readonly host?: string;
  /** Milliseconds; what cache entries and threads age by. */
  readonly now?: () => number;
  readonly ids?: Ids;
  /** Characters in a streamed delta. */
  readonly pieceSize?: number;
};

export type WireServer = { readonly url: string; readonly port: number; readonly close: () => Promise<void> };

/** One request under way. */
type Open = {
  readonly url: URL;
  readonly seen: Seen;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly leaving: () => void;
};

/** Starts a Messages API server on loopback that answers by `respond`. */
export async function startWireServer<R extends MessageReply>(options: WireOptions<R>): Promise<WireServer> {
  const { models = MODELS, ids = randomIds, now = Date.now, host = '127.0.0.1' } = options;
  const send: Deliver<R> = options.deliver ?? deliverPlainly;
  const cache = createPromptCache(now);
  const threads = createThreads(now);
  const paused = new Set<string>();

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = ids('req', '');
    response.setHeader('request-id', requestId);
    response.setHeader('anthropic-organization-id', 'org_local');
    const url = new URL(message.url ?? '/', 'http://loopback');
    const seen = seenOf(message, url, await readBody(message), now());
    options.observe?.(seen);
    const gone = new AbortController();
    const closed = () => {
      if (response.writableFinished) return;
      seen.aborted = true;
      gone.abort(new Error('the client closed the connection'));
      options.changed?.();
    };
    response.on('close', closed);
    const leaving = () => {
      response.off('close', closed);
    };
    try {
      await route({ url, seen, response, requestId, signal: gone.signal, leaving });
    } catch (error) {
      if (!gone.signal.aborted) sendFailure(response, seen, requestId, error);
    }
    options.changed?.();
  }

  async function route(open: Open): Promise<void> {
    const { seen, url, response } = open;
    const credential = credentialOf(seen.headers);
    if (seen.method === 'GET') {
      const [found, id] = /^\/v1\/models(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
      if (found === undefined) throw new WireError('not_found_error', 'Not found');
      versionOf(seen.headers);
      sendJson(
        response,
        seen,
        id === undefined ? modelPage(models, url.searchParams) : modelInfo(findModel(models, decodeURIComponent(id))),
      );
    } else if (seen.method === 'POST' && url.pathname === '/v1/messages/count_tokens') count(open, credential);
    else if (seen.method === 'POST' && url.pathname === '/v1/messages') await converse(open, credential);
    else throw new WireError('not_found_error', 'Not found');
  }

  function count({ seen, response }: Open, credential: string): void {
    const { request } = admit('count_tokens', seen.headers, seen.body, credential, models, threads);
    const { positions, originalTokens, extra } = prepare(request, (prefix) => paused.has(prefix));
    const edited = extra.context_management ? { original_input_tokens: originalTokens } : null;
    const more = request.betas.size > 0 ? { context_management: edited } : {};
    sendJson(response, seen, { input_tokens: promptTokens(positions), ...more });
  }

  async function converse(open: Open, credential: string): Promise<void> {
    const { request, threadDone } = admit('messages', open.seen.headers, open.seen.body, credential, models, threads);
    try {
      const message = await say(open, request);
      const { writableEnded } = open.response;
      threadDone(message && writableEnded ? { kind: 'answered', ...message } : { kind: 'failed' });
    } catch (error) {
      threadDone({ kind: 'failed' });
      throw error;
    }
  }

  async function say(open: Open, request: WireRequest): Promise<{ readonly id: string; readonly content: unknown } | undefined> {
    const { seen, response, requestId, signal, leaving } = open;
    const prepared = prepare(request, (prefix) => paused.has(prefix));
    const respond = (whole: WireRequest) => options.respond(whole, seen);
    const said = await answer<R>({ prepared, cache, respond, ids, pieceSize: options.pieceSize ?? 24 });
    signal.throwIfAborted();
    if (said.kind === 'error') {
      sendError(response, seen, requestId, said.reply);
      return undefined;
    }
    const { message, events, prefix } = said.assembled;
    if (message.stop_reason === 'pause_turn') paused.add(prefix);
    const streams = request.params.stream === true;
    const begin = (headers: { readonly [name: string]: string } = {}) => {
      seen.status = 200;
      said.plan.commit();
      const type = streams ? 'text/event-stream; charset=utf-8' : 'application/json';
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache', ...rateLimitHeaders(now()), ...headers });
    };
    await send({ request, reply: said.reply, message, events, streams, response, signal, open: begin, leaving });
    return { id: stringOf(message.id), content: message.content };
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `http://${host}:${port}`, port, close };
}
