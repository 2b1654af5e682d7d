import type { Answer } from '../../protocol/call-events';
import type { Approver, Asker, PermissionAnswer } from '../ports';

/**
 * Where a person's answers meet the calls that wait for them. Whoever shows the asks (the panel, a modal) calls
 * `decide` and `answer` with the id of something that is pending; anything else is refused, so a message from the
 * panel can never approve what was not asked.
 */
export type Desk = {
  readonly approver: Approver;
  readonly asker: Asker;
  /** False when no such ask is pending. */
  decide(askId: string, answer: PermissionAnswer): boolean;
  answer(callId: string, answers: readonly Answer[]): boolean;
};

export function createDesk(): Desk {
  const asks = new Map<string, (answer: PermissionAnswer) => void>();
  const questions = new Map<string, (answers: readonly Answer[] | null) => void>();

  /** Waits for an entry of `waiting` to be called, or gives `stopped` when the signal fires. */
  function wait<T>(waiting: Map<string, (value: T) => void>, id: string, stopped: T, signal: AbortSignal): Promise<T> {
    return new Promise((resolve) => {
      const settle = (value: T) => {
        waiting.delete(id);
        signal.removeEventListener('abort', stop);
        resolve(value);
      };
      const stop = () => settle(stopped);
      if (signal.aborted) return resolve(stopped);
      signal.addEventListener('abort', stop, { once: true });
      waiting.set(id, settle);
    });
  }

  function settle<T>(waiting: Map<string, (value: T) => void>, id: string, value: T): boolean {
    const found = waiting.get(id);
    found?.(value);
    return found !== undefined;
  }

  return {
    approver: {
      handler: 'interactive',
      decide: (ask, signal) => wait<PermissionAnswer>(asks, ask.askId, { choice: 'cancel' }, signal),
    },
    asker: { ask: (callId, _questions, signal) => wait<readonly Answer[] | null>(questions, callId, null, signal) },
    decide: (askId, answer) => settle(asks, askId, answer),
    answer: (callId, answers) => settle<readonly Answer[] | null>(questions, callId, answers),
  };
}
