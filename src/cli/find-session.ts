import type { SessionInfo, Store } from '../core/ports/store';
import { Failure } from './failure';

/** The session that `--resume` means: `last` is the newest of this folder; otherwise an id or the beginning of one. */
export async function findSession(store: Store, wanted: string, cwd: string): Promise<SessionInfo> {
  const sessions = await store.list();
  const found = wanted === 'last' ? sessions.filter((s) => s.roots.includes(cwd)).slice(0, 1) : matching(sessions, wanted);
  const [only] = found;
  if (found.length === 1 && only) return only;
  if (wanted === 'last') {
    // The beginning of a log says what folder it is of.
    const lost = sessions.filter((s) => s.state === 'damaged' && s.roots.length === 0);
    const next = lost.length > 0 ? `Of a damaged log nobody can tell its folder; it may be one of these:\n${rowsOf(lost)}\n` : '';
    throw new Failure(2, `There is no session of ${cwd} to resume.`, `${next}Start one with -p, or name another by its id.`);
  }
  if (found.length === 0) throw new Failure(2, `There is no session ${wanted}.`, recent(sessions));
  throw new Failure(
    2,
    `${wanted} begins the ids of ${found.length} sessions.`,
    `Give more of the id: ${found.map((s) => s.id).join(', ')}.`,
  );
}

function matching(sessions: readonly SessionInfo[], wanted: string): readonly SessionInfo[] {
  const exact = sessions.filter((s) => s.id === wanted);
  return exact.length > 0 ? exact : sessions.filter((s) => s.id.startsWith(wanted));
}

function recent(sessions: readonly SessionInfo[]): string {
  if (sessions.length === 0) return 'None have been saved yet; start one with -p.';
  return `The newest are:\n${rowsOf(sessions)}`;
}

function rowsOf(sessions: readonly SessionInfo[]): string {
  return sessions
    .slice(0, 5)
    .map((s) => `  ${s.id}  ${s.title}`)
    .join('\n');
}
