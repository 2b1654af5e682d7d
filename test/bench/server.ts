import { countedIds } from '../../src/demo/wire/ids';
import { isObject, type JsonObject } from '../../src/demo/wire/json';
import type { WireRequest } from '../../src/demo/wire/request';
import { startWireServer } from '../../src/demo/wire/server';
import { deliverScripted } from '../support/model-server/deliver';
import { createGates } from '../support/model-server/gates';
import { type ReplyBuilder, reply, type ScriptedMessage } from '../support/model-server/reply';

/** One answered request, with the moments that the bench asks about, in milliseconds since the epoch. */
export type Exchange = {
  /** The request was read whole. */
  readonly at: number;
  readonly bytes: number;
  /** When each delta was handed to the socket. */
  readonly deltasAt: number[];
  /** The answer was handed to the socket whole; 0 while it was not. */
  sentAt: number;
  usage: Usage;
};
export type Usage = { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number };

export type BenchServer = {
  readonly url: string;
  /** What is said from now on, and the exchanges that come of it. */
  play(script: (request: WireRequest) => ReplyBuilder): readonly Exchange[];
  close(): Promise<void>;
};

/** The test suite's model server, with a clock on it. */
export async function startBenchServer(): Promise<BenchServer> {
  let script: (request: WireRequest) => ReplyBuilder = () => reply.text('Nothing is played.');
  let exchanges: Exchange[] = [];
  const server = await startWireServer<ScriptedMessage>({
    now,
    ids: countedIds(),
    respond: (request) => script(request).scripted,
    observe: (seen) => {
      if (seen.path === '/v1/messages')
        exchanges.push({ at: seen.at, bytes: seen.body.length, deltasAt: [], sentAt: 0, usage: usageOf({}) });
    },
    deliver: async (exchange) => {
      const mine = exchanges.at(-1);
      if (!mine) throw new Error('an answer to a request that nobody saw');
      mine.usage = usageOf(exchange.message);
      const write = exchange.response.write.bind(exchange.response);
      exchange.response.write = (chunk: unknown, ...rest: unknown[]) => {
        if (String(chunk).includes('content_block_delta')) mine.deltasAt.push(now());
        return Reflect.apply(write, exchange.response, [chunk, ...rest]);
      };
      await deliverScripted(exchange, createGates());
      mine.sentAt = now();
    },
  });
  return {
    url: server.url,
    play(next) {
      script = next;
      exchanges = [];
      return exchanges;
    },
    close: server.close,
  };
}

/** Finer than a millisecond, and the same clock in every process of the machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

function usageOf(message: JsonObject): Usage {
  const usage = isObject(message.usage) ? message.usage : {};
  const count = (name: string) => (typeof usage[name] === 'number' ? usage[name] : 0);
  return {
    input: count('input_tokens'),
    output: count('output_tokens'),
    cacheRead: count('cache_read_input_tokens'),
    cacheWrite: count('cache_creation_input_tokens'),
  };
}
