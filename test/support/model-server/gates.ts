/** Places where scripted replies wait until a test lets them go on; no clocks involved. */
export type Gates = {
  /** Resolves when released; rejects when the signal fires. */
  wait(gate: string, signal: AbortSignal): Promise<void>;
  /** Lets one waiting reply go on, or the next that comes. */
  release(gate: string): void;
  /** Resolves once a reply is waiting there. */
  waiting(gate: string): Promise<void>;
};

/** The gate of replies that never go on. */
export const STALLED = '(stalled)';

export function createGates(): Gates {
  const permits = new Map<string, number>();
  const waiters = new Map<string, (() => void)[]>();
  const watchers = new Map<string, (() => void)[]>();
  const listOf = (map: Map<string, (() => void)[]>, gate: string) => {
    const list = map.get(gate) ?? [];
    map.set(gate, list);
    return list;
  };

  return {
    wait: (gate, signal) =>
      new Promise((resolve, reject) => {
        const permit = permits.get(gate) ?? 0;
        if (permit > 0) {
          permits.set(gate, permit - 1);
          resolve();
          return;
        }
        const list = listOf(waiters, gate);
        const gone = () => {
          list.splice(list.indexOf(pass), 1);
          reject(signal.reason);
        };
        const pass = () => {
          signal.removeEventListener('abort', gone);
          resolve();
        };
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        signal.addEventListener('abort', gone, { once: true });
        list.push(pass);
        for (const seen of listOf(watchers, gate).splice(0)) seen();
      }),
    release: (gate) => {
      const next = listOf(waiters, gate).shift();
      if (next) next();
      else permits.set(gate, (permits.get(gate) ?? 0) + 1);
    },
    waiting: (gate) =>
      new Promise((resolve) => {
        if (listOf(waiters, gate).length > 0) resolve();
        else listOf(watchers, gate).push(resolve);
      }),
  };
}
