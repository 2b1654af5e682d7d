import type { AppliedChange } from '../../core/ports';

/** Something that landed, with what only the adapter knows about it. */
export type Landing = {
  readonly change: AppliedChange;
  /** The exact bytes of a file that is gone. */
  readonly bytes?: Uint8Array;
  /** The user went back to an earlier state: nothing new to review, but what is pending changes with it. */
  readonly byUser?: boolean;
};

/**
 * Where the documents adapter tells the review, in the same tick, what it is writing and what has landed. Without it
 * the review could not tell the agent's edits (and what save participants made of them) from the user's typing.
 */
export type Landings = {
  /** True from before the first attempt until the landing was told: changes to this file are not judged meanwhile. */
  busy(path: string): boolean;
  /**
   * Runs `work` while the paths are busy, after what runs on them already, and tells its landing before anything else
   * can happen to them.
   */
  during(paths: readonly string[], work: () => Promise<Landing>): Promise<AppliedChange>;
  onLanded(listener: (landing: Landing) => void): { dispose(): void };
  /** Work on these paths failed: what happened to them meanwhile was not the agent's doing, and nobody was told. */
  onFailed(listener: (paths: readonly string[]) => void): { dispose(): void };
};

export function createLandings(): Landings {
  const counts = new Map<string, number>();
  const listeners = new Set<(landing: Landing) => void>();
  const onFailed = new Set<(paths: readonly string[]) => void>();
  const count = (path: string, by: 1 | -1) => {
    const left = (counts.get(path) ?? 0) + by;
    if (left > 0) counts.set(path, left);
    else counts.delete(path);
  };
  const last = new Map<string, Promise<void>>();
  /** Waits for the earlier work on these paths; the result ends ours. */
  const turn = async (paths: readonly string[]) => {
    const earlier = paths.map((path) => last.get(path));
    let end = () => {};
    const ours = new Promise<void>((resolve) => {
      end = resolve;
    });
    for (const path of paths) last.set(path, ours);
    await Promise.all(earlier);
    return () => {
      for (const path of paths) if (last.get(path) === ours) last.delete(path);
      end();
    };
  };
  return {
    busy: (path) => counts.has(path),
    async during(paths, work) {
      const end = await turn(paths);
      for (const path of paths) count(path, 1);
      let landed = false;
      try {
        const landing = await work();
        for (const listener of listeners) listener(landing);
        landed = true;
        return landing.change;
      } finally {
        for (const path of paths) count(path, -1);
        end();
        if (!landed) for (const listener of onFailed) listener(paths);
      }
    },
    onLanded(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    onFailed(listener) {
      onFailed.add(listener);
      return { dispose: () => onFailed.delete(listener) };
    },
  };
}
