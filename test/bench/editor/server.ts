import { setTimeout as pause } from 'node:timers/promises';
import { write } from '../../../src/demo/wire/deliver';
import { countedIds } from '../../../src/demo/wire/ids';
import type { WireRequest } from '../../../src/demo/wire/request';
import { startWireServer } from '../../../src/demo/wire/server';
import { frame } from '../../../src/demo/wire/sse';
import { type ReplyBuilder, reply, type ScriptedMessage } from '../../support/model-server/reply';
import { now } from '../server';

/** One answered request: when it was here, when each delta was sent, and when the answer was out. */
export type Paced = { readonly at: number; readonly deltasAt: number[]; sentAt: number };

export type PacedServer = {
  readonly url: string;
  /** What is said from now on at so many deltas a second, and the answers that come of it. */
  play(rate: number, script: (request: WireRequest) => ReplyBuilder): readonly Paced[];
  close(): Promise<void>;
};

/** The suite's model server, sending deltas by the clock: a pause after each would fall behind the rate. */
export async function startPacedServer(): Promise<PacedServer> {
  let script: (request: WireRequest) => ReplyBuilder = () => reply.text('Nothing is played.');
  let rate = Number.POSITIVE_INFINITY;
  let answers: Paced[] = [];
  const server = await startWireServer<ScriptedMessage>({
    now,
    ids: countedIds(),
    respond: (request) => script(request).scripted,
    observe: ({ path, at }) => {
      if (path === '/v1/messages') answers.push({ at, deltasAt: [], sentAt: 0 });
    },
    deliver: async ({ events, open, response, signal }) => {
      const mine = answers.at(-1);
      if (!mine) throw new Error('an answer to a request that nobody saw');
      open();
      response.socket?.setNoDelay(true);
      const from = now();
      for (const event of events) {
        if (event.type === 'content_block_delta') {
          const wait = from + (mine.deltasAt.length * 1000) / rate - now();
          if (wait > 0) await pause(wait);
          mine.deltasAt.push(now());
        }
        await write(response, frame(event), signal);
      }
      response.end();
      mine.sentAt = now();
    },
  });
  return {
    url: server.url,
    play(deltasASecond, next) {
      rate = deltasASecond;
      script = next;
      answers = [];
      return answers;
    },
    close: server.close,
  };
}
