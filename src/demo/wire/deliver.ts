import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from './json';
import type { MessageReply } from './reply';
import type { WireRequest } from './request';
import { frame, type StreamEvent } from './sse';

/** One answered request, ready to be sent. */
export type Exchange<R extends MessageReply = MessageReply> = {
  readonly request: WireRequest;
  readonly reply: R;
  readonly message: JsonObject;
  /** What a stream carries; the whole message is sent instead when `streams` is false. */
  readonly events: readonly StreamEvent[];
  readonly streams: boolean;
  readonly response: ServerResponse;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Sends status and headers; from here on what the request wrote to the cache can be read. */
  readonly open: (headers?: { readonly [name: string]: string }) => void;
  /** Tells that the server itself is about to end the connection, so that this is not taken for the client's doing. */
  readonly leaving: () => void;
};
export type Deliver<R extends MessageReply> = (exchange: Exchange<R>) => Promise<void>;

/** Sends a message without any fault: one event a write, at the pace that the reply asks for. */
export async function deliver(exchange: Exchange): Promise<void> {
  const { events, message, reply, response, signal, streams } = exchange;
  exchange.open();
  if (!streams) {
    response.end(JSON.stringify(message));
    return;
  }
  for (const event of events) {
    if (reply.paceMs && event.type === 'content_block_delta') await pause(reply.paceMs, undefined, { signal });
    await write(response, frame(event), signal);
  }
  response.end();
}

/** Writes and waits until the client has taken it, or has gone. */
export async function write(response: ServerResponse, data: string | Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (response.write(data)) return;
  await new Promise<void>((resolve, reject) => {
    const gone = () => reject(signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    response.once('drain', () => {
      signal.removeEventListener('abort', gone);
      resolve();
    });
  });
}
