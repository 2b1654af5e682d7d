import type { Pending } from './pending';

/** How much text one file's memory may hold. */
const MAX_CHARS = 8_000_000;
const MAX_STATES = 300;

/**
 * The editor's undo and redo bring back an earlier text; what was pending then must come back with it. So the
 * states that went with recent texts are remembered, newest last, and a text that is seen again restores its own.
 */
export type Memory = {
  remember(pending: Pending): void;
  recall(path: string, text: string): Pending | undefined;
  rename(from: string, to: string): void;
};

export function createMemory(): Memory {
  const states = new Map<string, Pending[]>();
  return {
    remember(pending) {
      const list = states.get(pending.path) ?? [];
      const known = list.findIndex((s) => s.text === pending.text);
      if (known >= 0) list.splice(known, 1);
      list.push(pending);
      let chars = list.reduce((sum, s) => sum + s.text.length, 0);
      while (list.length > 1 && (list.length > MAX_STATES || chars > MAX_CHARS)) chars -= list.shift()?.text.length ?? 0;
      states.set(pending.path, list);
    },
    recall: (path, text) => states.get(path)?.find((s) => s.text === text),
    rename(from, to) {
      const list = states.get(from);
      if (!list) return;
      states.delete(from);
      states.set(
        to,
        list.map((s) => ({ ...s, path: to })),
      );
    },
  };
}
