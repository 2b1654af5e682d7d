import { APIError, BaseAnthropic } from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { Messages } from '@anthropic-ai/sdk/resources/messages';
import { Models } from '@anthropic-ai/sdk/resources/models';
import { z } from 'zod';
import type { ModelError } from '../core/errors';
import { holdSecret } from '../core/observe/redact';
import type { ModelChunk, ModelClient, ModelRequest } from '../core/ports';
import { hostOf, normaliseBaseUrl } from './connection';
import { type ErrorContext, notTheMessagesApi, notUnderstood, silence, streamCut, toModelError } from './errors';
import { createProfiles } from './profiles';
import { buildCount, buildRequest } from './request';
import { readStream } from './stream';
import { createWatchdog } from './watchdog';

export type ModelClientOptions = {
  readonly apiKey?: string;
  readonly authToken?: string;
  /** Absent means the SDK's own service. */
  readonly baseUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
};

const SERVICE = 'https://api.anthropic.com';
/** Local servers ask for no key, and the SDK does not start without one. */
const NO_KEY = 'none';
/** Roughly what a token weighs, in bytes of the request's JSON, and what an image costs at most. */
const BYTES_PER_TOKEN = 3.6;
const TOKENS_PER_IMAGE = 1600;

/** The `ModelClient` port over any server that speaks the Messages API, be it only in part. */
export function createModelClient(options: ModelClientOptions): ModelClient {
  const baseURL = normaliseBaseUrl(options.baseUrl ?? '') || SERVICE;
  for (const secret of [options.apiKey, options.authToken]) if (secret) holdSecret(secret);
  const context: ErrorContext = { host: hostOf(baseURL) };
  const client = isolatedClient(baseURL, options);
  const messages = new Messages(client);
  const profiles = createProfiles(new Models(client), (error) => toModelError(error, context));
  let counts = true;

  return {
    service: () => markOf(`${baseURL} ${options.apiKey || options.authToken || NO_KEY}`),
    models: (signal) => profiles.list(signal),
    profile: async (model, signal) => (await profiles.of(model, signal)).profile,

    async countTokens(request, signal) {
      if (!counts) return estimateTokens(request);
      const body = buildCount(request, await profiles.of(request.model, signal));
      try {
        const { input_tokens } = await messages.countTokens(body, { signal });
        if (typeof input_tokens === 'number') return input_tokens;
      } catch (error) {
        rethrowAbort(error, signal);
        const failure = toModelError(error, { ...context, model: request.model });
        if (!isMissingRoute(failure, request.model)) throw failure;
      }
      counts = false;
      return estimateTokens(request);
    },

    async *stream(request, signal) {
      const body = buildRequest(request, await profiles.of(request.model, signal));
      const controller = new AbortController();
      const abort = () => controller.abort();
      if (signal.aborted) throw aborted();
      signal.addEventListener('abort', abort, { once: true });
      const watchdog = createWatchdog(request.idleTimeoutMs, abort);
      let begun = false;
      try {
        const response = await watchdog.watch(() =>
          // The watchdog ends a silent request; the SDK's own limit only has to lie behind it.
          messages.create(body, { signal: controller.signal, timeout: request.idleTimeoutMs + 60_000 }).asResponse(),
        );
        begun = true;
        const chunks = readStream(eventsOf(response, controller, context.host, watchdog.touch));
        for (;;) {
          const next: IteratorResult<ModelChunk> = await watchdog.watch(() => chunks.next());
          if (next.done) return;
          yield next.value;
        }
      } catch (error) {
        rethrowAbort(error, signal);
        if (watchdog.fired) throw silence(request.idleTimeoutMs, begun);
        throw toModelError(error, { ...context, model: request.model });
      } finally {
        signal.removeEventListener('abort', abort);
        // Leaving early, for whatever reason, ends the request as well.
        controller.abort();
      }
    },
  };
}

/** A short mark of a text (FNV-1a): other texts have others, and far too many have the same for one to be guessed from it. */
function markOf(text: string): string {
  let mark = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) mark = Math.imul(mark ^ byte, 0x01000193);
  return (mark >>> 0).toString(16).padStart(8, '0');
}

/**
 * The SDK's base client (the whole one brings every part of the service along, and takes twice as long to load). It uses
 * what it is given and nothing else: no key, address, log level or header from the environment, no profile from disk,
 * no tracing, no retries (the core retries, and shows that it does).
 */
function isolatedClient(baseURL: string, { apiKey, authToken, fetch }: ModelClientOptions): BaseAnthropic {
  const secret = apiKey || authToken || NO_KEY;
  return new BaseAnthropic({
    ...(apiKey || !authToken ? { apiKey: secret } : { authToken: secret }),
    baseURL,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    webhookKey: null,
    // Named here too, so that no header of the environment takes its place.
    defaultHeaders: { authorization: `Bearer ${secret}` },
    fetch: onlyOwnHeaders(fetch ?? ((input, init) => globalThis.fetch(input, init))),
  });
}

const OWN_HEADERS = /^(accept|authorization|content-type|user-agent|anthropic-version|x-stainless-.*)$/;

/** Lets through the headers that the SDK itself sets: it also adds those of ANTHROPIC_CUSTOM_HEADERS, unasked. */
function onlyOwnHeaders(send: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    for (const name of [...headers.keys()]) if (!OWN_HEADERS.test(name)) headers.delete(name);
    return send(input, { ...init, headers });
  };
}

/** The raw events of a response, each arriving byte being a sign of life: pings never reach the SDK's callers. */
async function* eventsOf(response: Response, controller: AbortController, host: string, touch: () => void): AsyncGenerator<unknown> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  if (!response.body || !(type === '' || type === 'text/event-stream')) {
    throw notTheMessagesApi(host, `it answered with ${type || 'nothing'} instead of an event stream.`, response.status);
  }
  const watched = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, out) {
        touch();
        out.enqueue(bytes);
      },
    }),
    { signal: controller.signal },
  );
  const copy = new Response(watched, { status: response.status, headers: response.headers });
  try {
    for await (const { event, data } of Stream.rawEvents(copy, controller)) {
      // Some servers leave the names of the events out; what an event is stands in its data as well.
      if (event === 'ping' || data === '' || (event === null && data === '[DONE]')) continue;
      const value: unknown = JSON.parse(data);
      if (event === 'error' || typeOf(value) === 'error') throw errorEvent(value, response.headers);
      yield value;
    }
  } catch (error) {
    if (error instanceof APIError) throw error;
    throw error instanceof SyntaxError ? notUnderstood(error.message) : streamCut(error);
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
}

const zErrorEvent = z.looseObject({ error: z.looseObject({ type: z.string().optional().catch(undefined) }) });

/** An `error` event of a stream, as the SDK itself would throw it. */
function errorEvent(value: unknown, headers: Headers): APIError {
  const { data: body } = zErrorEvent.safeParse(value);
  return new APIError(undefined, body, undefined, headers, (body?.error.type ?? 'api_error') as APIError['type']);
}

function rethrowAbort(error: unknown, signal: AbortSignal): void {
  if (signal.aborted) throw aborted(error);
}

/** Under the one name that `isAbort` callers and the platform share: the SDK has its own, and a reason may be anything. */
function aborted(cause?: unknown): Error {
  return Object.assign(new Error('The request was cancelled.', { cause }), { name: 'AbortError' });
}

/** A 404 may also mean that there is no such model. */
function isMissingRoute(error: ModelError, model: string): boolean {
  const { status } = error.options;
  if (status === 404) return !error.message.includes(model);
  return error.kind === 'protocol' || status === 405 || status === 501;
}

/** For servers that cannot count: by weight, images at their highest price. */
export function estimateTokens(request: ModelRequest): number {
  let images = 0;
  const json = JSON.stringify([request.tools, request.system, request.messages], (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'image') return value;
    images += 1;
    return undefined;
  });
  return Math.ceil(new TextEncoder().encode(json).length / BYTES_PER_TOKEN) + images * TOKENS_PER_IMAGE;
}
