import { ToolError } from '../errors';
import type { SessionState } from '../fold';
import type { Documents } from '../ports';
import type { Seen } from '../seen';

/** Files looked at between two requests, newest first: a bound on the work, not on what the edit tool checks. */
const MOST = 50;

/** What a changed file has become: the hash of its text, or one of these words. */
type Change = string;

/**
 * Tells which files changed since the model last saw them, and what each has become. Cheap while nothing moves: a file
 * is read again only when its size or time changed. Each change is told once, also when the session is taken up again.
 */
export function createFileWatch(documents: Documents): {
  changed({ seen, told }: Pick<SessionState, 'seen' | 'told'>, signal: AbortSignal): Promise<ReadonlyMap<string, Change>>;
} {
  const known = new Map<string, string>();

  async function current(path: string, hash: string, signal: AbortSignal): Promise<Change> {
    const stat = await documents.stat(path);
    const mark = `${hash} ${stat ? `${stat.size}:${stat.mtimeMs}` : 'gone'}`;
    if (known.get(path) === mark) return hash;
    known.set(path, mark);
    return stat ? hashOf(path, signal) : 'gone';
  }

  async function hashOf(path: string, signal: AbortSignal): Promise<Change> {
    try {
      return (await documents.readText(path, signal)).hash;
    } catch (error) {
      if (error instanceof ToolError) return 'unreadable';
      throw error;
    }
  }

  return {
    async changed({ seen, told }, signal) {
      const latest = newestOf(seen).reverse();
      const now = await Promise.all(latest.map(async ([path, hash]) => ({ path, hash, change: await current(path, hash, signal) })));
      const fresh = now.filter(({ path, hash, change }) => change !== hash && told.files.get(path) !== change);
      return new Map(fresh.map(({ path, change }) => [path, change]));
    },
  };
}

function newestOf(seen: Seen): (readonly [string, string])[] {
  const newest: (readonly [string, string])[] = [];
  for (const one of seen.newest()) if (newest.push(one) === MOST) break;
  return newest;
}
