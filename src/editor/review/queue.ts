import type { AppliedChange } from '../../core/ports';
import type { Landing } from '../documents/landings';
import { applyChanges, type TextChange } from '../documents/text-changes';
import { createMemory } from './memory';
import { changedByUser, isSettled, landed, type Pending, seenText } from './pending';

/** The files that wait for review, by path. A file leaves when its baseline and its text agree. */
export type Queue = {
  get(path: string): Pending | undefined;
  all(): readonly Pending[];
  /** Something of the agent landed. `now` is the file's text at this moment, when it can be known. */
  land(landing: Landing, now: string | undefined): void;
  /** Whether this very change was the last to land in its file. */
  knows(change: AppliedChange): boolean;
  /** The user (or the editor's undo) changed an open document. */
  typed(path: string, changes: readonly TextChange[], next: string, undoing: boolean): void;
  /** The file reads like this now; who changed it is not known, so it was not the agent. */
  see(path: string, text: string): void;
  /** Takes a new state over, or drops the file when nothing is left to review. */
  set(pending: Pending): void;
  drop(path: string): void;
  /** Another path for the same file, when the user moved it. */
  move(from: string, to: string): void;
  onChange(listener: (path: string) => void): { dispose(): void };
};

export function createQueue(): Queue {
  const files = new Map<string, Pending>();
  const memory = createMemory();
  const last = new Map<string, AppliedChange>();
  const listeners = new Set<(path: string) => void>();
  const tell = (path: string) => {
    for (const listener of listeners) listener(path);
  };

  function set(pending: Pending): void {
    memory.remember(pending);
    if (isSettled(pending)) files.delete(pending.path);
    else files.set(pending.path, pending);
    tell(pending.path);
  }

  function drop(path: string): void {
    if (files.delete(path)) tell(path);
  }

  return {
    get: (path) => files.get(path),
    all: () => [...files.values()],

    land({ change, bytes, byUser }, now) {
      const { path, from } = change;
      // Gone back on the user's word: what was not pending does not become so.
      if (byUser && (change.after === null || !files.has(path))) return drop(path);
      last.set(path, change);
      const known = files.get(from ?? path);
      if (from !== undefined) {
        memory.rename(from, path);
        drop(from);
      }
      const before = change.before ?? '';
      // What the editor's undo goes back to. Behind a new file there is nothing.
      if (known) memory.remember({ ...seenText(known, before), path });
      else if (change.kind === 'edit') memory.remember({ path, kind: 'edit', base: before, agent: before, text: before });
      const pending = landed(known, change, bytes);
      if (!pending) return drop(path);
      set(now === undefined || pending.kind === 'delete' ? pending : seenText(pending, now));
    },

    knows(change) {
      const known = last.get(change.path);
      return known !== undefined && known.kind === change.kind && known.before === change.before && known.after === change.after;
    },

    typed(path, changes, next, undoing) {
      const known = files.get(path);
      const recalled = undoing ? memory.recall(path, next) : undefined;
      if (recalled) return set(recalled);
      if (!known || known.kind === 'delete') return;
      set(applyChanges(known.text, changes) === next ? changedByUser(known, changes, next) : seenText(known, next));
    },

    see(path, text) {
      const known = files.get(path);
      if (!known) return;
      // A file that the agent had deleted is there again: what is left to review is its text.
      if (known.kind === 'delete') return set({ ...known, kind: 'edit', agent: text, text, bytes: undefined });
      const seen = seenText(known, text);
      if (seen !== known) set(seen);
    },

    set,
    drop,

    move(from, to) {
      const known = files.get(from);
      if (!known) return;
      memory.rename(from, to);
      files.delete(from);
      tell(from);
      set({ ...known, path: to });
    },

    onChange(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
}
