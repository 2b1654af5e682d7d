import type { Seen } from '../../../src/demo/wire/http';
import { countedIds } from '../../../src/demo/wire/ids';
import { type JsonObject, parseObject } from '../../../src/demo/wire/json';
import type { ModelSpec } from '../../../src/demo/wire/models';
import type { ErrorReply } from '../../../src/demo/wire/reply';
import { lastUserText, type WireRequest } from '../../../src/demo/wire/request';
import { startWireServer } from '../../../src/demo/wire/server';
import { escapeJson } from './bytes';
import { deliverScripted } from './deliver';
import { createGates, STALLED } from './gates';
import { type ReplyBuilder, reply, type Scripted, type ScriptedMessage } from './reply';

/** What to answer: a reply, or a function that sees the request first. */
export type Step = ReplyBuilder | Scripted | ((request: WireRequest, recorded: RecordedRequest) => Step | Promise<Step>);
/** A step that waits for a request of its kind, whatever comes before it. */
export type Conditional = { readonly when: (request: WireRequest) => boolean; readonly step: Step };
/** Steps that are used up in order, or one that answers everything. */
export type Script = readonly (Step | Conditional)[] | ((request: WireRequest, recorded: RecordedRequest) => Step | Promise<Step>);

export type RecordedRequest = Seen & {
  /** The parsed body; an empty object when it is none. */
  readonly json: JsonObject;
};

export type ModelServerOptions = {
  readonly port?: number;
  readonly models?: readonly ModelSpec[];
  /** Milliseconds; what cache entries and threads age by. */
  readonly now?: () => number;
};

export type ModelServer = {
  readonly url: string;
  /** Requests for messages, in order of arrival: also those that were refused (`status` 400, `error` says why). */
  readonly requests: readonly RecordedRequest[];
  /** Every request: counts and model lists too. */
  readonly all: readonly RecordedRequest[];
  /** The usage of each reply that was begun, in order: as far as its client has been told. */
  readonly account: readonly JsonObject[];
  /** What went wrong with the script: it ran out, or a step threw. */
  readonly failures: readonly string[];
  push(...steps: readonly (Step | Conditional)[]): void;
  /** Lets one reply that waits at `hold()` go on, or the next that comes there. */
  release(gate?: string): void;
  /** Resolves once a reply waits at `hold()`; everything before that point has been sent. */
  held(gate?: string): Promise<void>;
  /** Resolves once a reply has stalled. */
  stalled(): Promise<void>;
  /** Resolves with the nth request for a message (from 1) once it is here. */
  received(count: number): Promise<RecordedRequest>;
  /** Resolves once the client has left the nth request (from 1) before its end. */
  abandoned(count: number): Promise<void>;
  /** Steps that were not asked for yet. */
  remaining(): number;
  /** @throws Error when the script ran out, a step threw, or steps are left. */
  assertDone(): void;
  close(): Promise<void>;
};

/** Starts a scripted Messages API server on loopback. */
export async function startModelServer(script: Script = [], options: ModelServerOptions = {}): Promise<ModelServer> {
  const steps: (Step | Conditional)[] = typeof script === 'function' ? [] : [...script];
  const all: RecordedRequest[] = [];
  const requests: RecordedRequest[] = [];
  const failures: string[] = [];
  const account: JsonObject[] = [];
  const gates = createGates();
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const until = <T>(look: () => T | undefined) =>
    new Promise<T>((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        watchers.delete(check);
        resolve(found);
      };
      watchers.add(check);
      check();
    });

  async function respond(request: WireRequest, seen: Seen): Promise<ScriptedMessage | ErrorReply> {
    const recorded = recordOf(seen);
    try {
      const step = typeof script === 'function' ? script : take(steps, request);
      if (step === undefined) {
        throw new Error(
          `The script has no reply left for request ${requests.indexOf(recorded) + 1} (the user said: ${lastUserText(request)})`,
        );
      }
      return await settle(step, request, recorded);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push(message);
      return reply.http(500, { message: `Model server script: ${message}`, shouldRetry: false });
    }
  }

  function recordOf(seen: Seen): RecordedRequest {
    const found = all.find((recorded) => recorded === seen);
    if (!found) throw new Error('a request was answered that was never recorded');
    return found;
  }

  const server = await startWireServer<ScriptedMessage>({
    ...options,
    ids: countedIds(),
    respond,
    deliver: (exchange) => {
      let place = -1;
      return deliverScripted(exchange, gates, (usage) => {
        if (place < 0) place = account.push({}) - 1;
        account[place] = { ...account[place], ...usage };
      });
    },
    changed,
    observe: (seen) => {
      const recorded = Object.assign(seen, { json: parseObject(seen.body.toString('utf8')) ?? {} });
      all.push(recorded);
      if (seen.path === '/v1/messages') requests.push(recorded);
      changed();
    },
  });

  return {
    url: server.url,
    requests,
    all,
    failures,
    account,
    push: (...more) => {
      steps.push(...more);
    },
    release: (gate = '') => gates.release(gate),
    held: (gate = '') => gates.waiting(gate),
    stalled: () => gates.waiting(STALLED),
    received: (count) => until(() => requests[count - 1]),
    abandoned: async (count) => {
      await until(() => (requests[count - 1]?.aborted ? true : undefined));
    },
    remaining: () => steps.length,
    assertDone: () => {
      if (failures.length > 0) throw new Error(`The model server's script failed: ${failures.join('; ')}`);
      if (steps.length > 0) throw new Error(`The model server's script has ${steps.length} replies that nobody asked for`);
    },
    close: server.close,
  };
}

/** A reply for the first request that `when` accepts; for tests in which several conversations run at once. */
export function when(test: (request: WireRequest) => boolean, step: Step): Conditional {
  return { when: test, step };
}

/** The same reply several times: `...times(3, reply.http(529))`. */
export function times(count: number, step: Step): readonly Step[] {
  return Array.from({ length: count }, () => step);
}

function take(steps: (Step | Conditional)[], request: WireRequest): Step | undefined {
  const at = steps.findIndex((step) => !('when' in step) || step.when(request));
  const [step] = at < 0 ? [] : steps.splice(at, 1);
  return step && 'when' in step ? step.step : step;
}

async function settle(step: Step, request: WireRequest, recorded: RecordedRequest): Promise<Scripted> {
  if (typeof step === 'function') return settle(await step(request, recorded), request, recorded);
  const scripted = 'scripted' in step ? step.scripted : step;
  if (scripted.kind === 'error' || scripted.chunks !== 'escape-split') return scripted;
  const blocks = scripted.blocks.map((block) => (block.kind === 'call' ? { ...block, json: escapeJson(block.json) } : block));
  return { ...scripted, blocks };
}
