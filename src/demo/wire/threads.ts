import { invalid, WireError } from './errors';
import { isObject, type JsonObject, stringOf } from './json';

const LIFE_MS = 5 * 60_000;

type Thread = {
  readonly credential: string;
  /** The request that led to the response, and what the response said. */
  readonly params: JsonObject;
  readonly content: unknown;
  state: 'open' | 'in_flight' | 'continued';
  until: number;
};

export type Threads = {
  /** The whole request that one in thread mode stands for. @throws WireError when the thread cannot be continued */
  resolve(params: JsonObject, credential: string): { readonly params: JsonObject; readonly done: (outcome: Outcome) => void };
};
export type Outcome = { readonly kind: 'answered'; readonly id: string; readonly content: unknown } | { readonly kind: 'failed' };

/** Conversations that the server holds, each under the id of its last response. */
export function createThreads(now: () => number): Threads {
  const threads = new Map<string, Thread>();

  function continued(params: JsonObject, id: string, credential: string): { readonly thread: Thread; readonly whole: JsonObject } {
    const thread = threads.get(id);
    if (!thread || thread.credential !== credential || thread.until <= now()) {
      throw new WireError('not_found_error', `Thread not found: ${id}`, { error_code: 'thread_not_found' });
    }
    if (thread.state === 'continued') throw invalid(`Thread already continued: ${id}`, { error_code: 'thread_already_continued' });
    if (thread.state === 'in_flight') throw invalid(`Thread is being continued: ${id}`, { error_code: 'thread_continue_in_flight' });
    const { messages, system, tools } = thread.params;
    const fresh = Array.isArray(params.messages) ? params.messages : [];
    const earlier = Array.isArray(messages) ? messages : [];
    const answer = Array.isArray(thread.content) && thread.content.length > 0 ? [{ role: 'assistant', content: thread.content }] : [];
    const held = { ...(system === undefined ? {} : { system }), ...(tools === undefined ? {} : { tools }) };
    return { thread, whole: { ...params, ...held, messages: [...earlier, ...answer, ...fresh] } };
  }

  return {
    resolve(params, credential) {
      const ask = isObject(params.thread) ? params.thread : undefined;
      if (!ask) return { params, done: () => {} };
      refuseUnsupported(params, ask.type === 'continue');
      const from = ask.type === 'continue' ? continued(params, stringOf(ask.previous_message_id), credential) : undefined;
      const whole = from?.whole ?? params;
      if (from) from.thread.state = 'in_flight';
      return {
        params: whole,
        done: (outcome) => {
          if (from) from.thread.state = outcome.kind === 'answered' ? 'continued' : 'open';
          if (outcome.kind === 'failed') return;
          const until = now() + LIFE_MS;
          threads.set(outcome.id, { credential, params: whole, content: outcome.content, state: 'open', until });
        },
      };
    },
  };
}

function refuseUnsupported(params: JsonObject, continues: boolean): void {
  const fields = ['context_management', 'fallbacks', ...(continues ? ['system', 'tools'] : [])];
  const unsupported = fields.filter((field) => params[field] !== undefined && params[field] !== null);
  if (unsupported.length === 0) return;
  throw invalid(`Threads do not support: ${unsupported.join(', ')}`, { error_code: 'thread_unsupported_request', unsupported });
}
