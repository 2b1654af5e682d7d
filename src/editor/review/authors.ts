import { z } from 'zod';
import type { FileDiff } from '../../protocol/display';
import type { KeptState } from '../kept-state';
import type { Reviewed } from './decisions';

const KEY = 'plumb.authors';
const zAuthors = z.record(z.string(), z.array(z.string()));

/** Which sessions made the changes that wait in each file: what is decided about them is theirs to hear, whichever is shown. */
export type Authors = {
  /** A change of that session landed. */
  note(session: string, diff: Pick<FileDiff, 'path' | 'from'>): void;
  /** The user moved a file, or a folder with all that is in it. */
  move(from: string, to: string): void;
  /** Files in which only that session's changes wait. */
  alone(session: string): readonly string[];
  /** The session is deleted: nothing is told to it any more. */
  forget(session: string): void;
  /** The sessions that a decision concerns. */
  of(reviewed: Pick<Reviewed, 'path' | 'left'>): readonly string[];
};

/** Kept over a reload, as the pending changes are. */
export function createAuthors(kept: KeptState): Authors {
  const authors = new Map(Object.entries(zAuthors.catch({}).parse(kept.get(KEY) ?? {})));
  /** Files without an open decision. They are still known, since the editor's undo can bring a decided change back. */
  const settled = new Set<string>();
  const save = () => {
    const open = [...authors].filter(([path]) => !settled.has(path));
    void kept.update(KEY, open.length > 0 ? Object.fromEntries(open) : undefined);
  };

  return {
    note(session, { path, from }) {
      const before = [path, ...(from === undefined ? [] : [from])].flatMap((at) => (settled.has(at) ? [] : (authors.get(at) ?? [])));
      if (from !== undefined) authors.delete(from);
      settled.delete(path);
      authors.set(path, [...new Set([...before, session])]);
      save();
    },
    move(from, to) {
      for (const [path, sessions] of [...authors]) {
        const rest = path.slice(from.length);
        if (!path.startsWith(from) || !/^(?:$|[\\/])/.test(rest)) continue;
        authors.delete(path);
        authors.set(to + rest, sessions);
      }
      save();
    },
    alone: (session) => [...authors].flatMap(([path, who]) => (!settled.has(path) && who.every((id) => id === session) ? [path] : [])),
    forget(session) {
      for (const [path, who] of [...authors]) {
        const others = who.filter((id) => id !== session);
        if (others.length > 0) authors.set(path, others);
        else authors.delete(path);
      }
      save();
    },
    of({ path, left }) {
      if (left === 0) settled.add(path);
      else settled.delete(path);
      save();
      return authors.get(path) ?? [];
    },
  };
}
