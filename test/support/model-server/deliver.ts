import { setImmediate as immediately, setTimeout as pause } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { type Exchange, write } from '../../../src/demo/wire/deliver';
import { errorBody } from '../../../src/demo/wire/errors';
import { isObject, type JsonObject } from '../../../src/demo/wire/json';
import type { StreamEvent } from '../../../src/demo/wire/sse';
import { writesOf } from './bytes';
import { type Gates, STALLED } from './gates';
import type { Fault, Hangup, Point, ScriptedMessage } from './reply';

/** What can strike inside an event; whatever sends an event of its own needs the one before to be whole. */
const SPLITS: ReadonlySet<Fault['do']> = new Set(['hold', 'stall', 'wait', 'disconnect']);
const PING: StreamEvent = { type: 'ping' };
const UNKNOWN: StreamEvent = { type: 'weather_report', sky: 'clear' };

/** Sends a scripted reply with its faults, each at its point. */
export async function deliverScripted(
  exchange: Exchange<ScriptedMessage>,
  gates: Gates,
  /** Hears the usage that a client has been told of, so far. */
  told: (usage: JsonObject) => void = () => {},
): Promise<void> {
  const { message, reply, response, signal, streams } = exchange;
  response.socket?.setNoDelay(true);
  const events = streams ? dressed(exchange.events, reply) : [];
  const sink = createSink(exchange);
  const due = reply.faults.map((fault) => {
    const position = positionOf(fault.at, events, streams);
    return { fault, ...position, half: position.half && SPLITS.has(fault.do) };
  });
  const strike = async (index: number, half: boolean) => {
    for (const { fault } of due.filter((one) => one.index === index && one.half === half)) {
      if ((await apply(fault)) === 'over') return 'over';
    }
    return 'go';
  };
  const apply = async (fault: Fault): Promise<'go' | 'over'> => {
    switch (fault.do) {
      case 'hold':
        await gates.wait(fault.gate, signal);
        return 'go';
      case 'stall':
        await gates.wait(STALLED, signal);
        return 'go';
      case 'wait':
        await pause(fault.ms, undefined, { signal });
        return 'go';
      case 'ping':
        for (let count = 0; count < fault.count; count++) await sink.send(PING);
        return 'go';
      case 'error': {
        const requestId = String(response.getHeader('request-id'));
        await sink.send({ ...errorBody(fault.type, fault.message, requestId), type: 'error' });
        await sink.end();
        return 'over';
      }
      case 'disconnect':
        await sink.flush();
        await hangUp(exchange, fault.how);
        return 'over';
      default:
        return fault satisfies never;
    }
  };

  if ((await strike(-1, false)) === 'over') return;
  exchange.open({ ...reply.headers, ...(reply.chunks === 'gzip' && streams ? { 'content-encoding': 'gzip' } : {}) });
  response.flushHeaders();
  if (!streams) {
    if ((await strike(0, false)) === 'over') return;
    response.end(JSON.stringify(message));
    return;
  }
  for (const [index, event] of events.entries()) {
    if ((await strike(index, false)) === 'over') return;
    if (reply.paceMs && event.type === 'content_block_delta') await pause(reply.paceMs, undefined, { signal });
    if (due.some((one) => one.index === index && one.half)) {
      await sink.sendHalf(event);
      if ((await strike(index, true)) === 'over') return;
      await sink.sendRest(event);
    } else await sink.send(event);
    const usage = usageIn(event);
    if (usage) told(usage);
  }
  if ((await strike(events.length, false)) === 'over') return;
  await sink.end();
}

/**
 * Makes `destroy()` send RST at once. `resetAndDestroy()` sets the same mark but ends the stream first, so that a client
 * who was sent anything sees a FIN.
 */
const RESET = { resetAndClosing: true };

/** What an event says of the usage so far. */
function usageIn(event: StreamEvent): JsonObject | undefined {
  const { usage } = event.type === 'message_start' && isObject(event.message) ? event.message : event;
  return isObject(usage) ? usage : undefined;
}

/** With the counts that the script claims instead of the true ones. */
function claiming(event: StreamEvent, claimed: JsonObject | undefined): StreamEvent {
  const usage = usageIn(event);
  if (!claimed || !usage) return event;
  const lies = { ...usage, ...claimed };
  return event.type === 'message_start' && isObject(event.message)
    ? { ...event, message: { ...event.message, usage: lies } }
    : { ...event, usage: lies };
}

/** Adds the events that a client must ignore. */
function dressed(events: readonly StreamEvent[], reply: ScriptedMessage): readonly StreamEvent[] {
  const unknownDelta = (event: StreamEvent): StreamEvent => ({ ...event, delta: { type: 'aroma_delta', aroma: 'mint' } });
  return events.flatMap((event) => [
    ...(reply.pingEverywhere ? [PING] : []),
    claiming(event, reply.usage),
    ...(reply.unknownEvents && event.type === 'content_block_start'
      ? [UNKNOWN, unknownDelta({ ...event, type: 'content_block_delta' })]
      : []),
  ]);
}

/** The event before which a fault strikes; -1 is before the headers. `half` strikes inside that event's bytes. */
function positionOf(at: Point, events: readonly StreamEvent[], streams: boolean): { readonly index: number; readonly half: boolean } {
  const deltas = events.flatMap((event, index) => (event.type === 'content_block_delta' ? [index] : []));
  const whole = (index: number) => ({ index: streams ? index : Math.min(index, 0), half: false });
  if (at === 'before-headers') return whole(-1);
  if (at === 'after-headers') return whole(0);
  if (at === 'before-message-stop') return whole(Math.max(0, events.length - 1));
  if (at === 'mid-delta') {
    const middle = deltas[Math.floor(deltas.length / 2)];
    return middle === undefined ? whole(1) : { index: middle, half: streams };
  }
  if ('afterEvents' in at) return whole(Math.min(at.afterEvents, events.length));
  const after = deltas[at.afterDeltas - 1];
  return whole(at.afterDeltas === 0 ? (deltas[0] ?? 1) : after === undefined ? Math.max(0, events.length - 1) : after + 1);
}

/** Writes events as the reply's mode cuts them. */
function createSink({ reply, response, signal }: Exchange<ScriptedMessage>) {
  const gzip = reply.chunks === 'gzip' ? createGzip() : undefined;
  const pending: Buffer[] = [];
  gzip?.on('data', (part: Buffer) => response.write(part));
  const put = async (bytes: Buffer) => {
    if (gzip) {
      await new Promise<void>((resolve) => gzip.write(bytes, () => gzip.flush(() => resolve())));
    } else if (reply.chunks === 'one-write') pending.push(bytes);
    else if (bytes.length > 0) await write(response, bytes, signal);
  };
  const flush = async () => {
    if (pending.length > 0) await write(response, Buffer.concat(pending.splice(0)), signal);
  };
  const halves = (event: StreamEvent) => {
    const bytes = Buffer.concat([...writesOf(event, reply.chunks)]);
    const middle = Math.floor(bytes.length / 2);
    return [bytes.subarray(0, middle), bytes.subarray(middle)] as const;
  };
  return {
    flush,
    async send(event: StreamEvent) {
      const writes = writesOf(event, reply.chunks);
      for (const part of writes) {
        await put(part);
        if (writes.length > 1) await immediately();
      }
    },
    sendHalf: (event: StreamEvent) => put(halves(event)[0]),
    sendRest: (event: StreamEvent) => put(halves(event)[1]),
    async end() {
      await flush();
      if (gzip) await new Promise<void>((resolve) => gzip.once('end', resolve).end());
      response.end();
    },
  };
}

async function hangUp({ leaving, response }: Exchange<ScriptedMessage>, how: Hangup): Promise<void> {
  leaving();
  if (how === 'eof') response.end();
  else if (how === 'fin') response.socket?.end();
  else {
    // Node takes bytes and RST that arrive in one poll for a plain end: let a client in this process read the bytes first.
    await immediately();
    await immediately();
    if (response.socket) Object.assign(response.socket, RESET).destroy();
  }
}
