import type { FileState, FileStep } from '../../protocol/event-parts';
import { isAbort, ToolError } from '../errors';
import type { AppliedChange, Ports } from '../ports';
import type { Snapshot } from '../ports/search';
import type { Ready } from '../prepare';
import type { RunContext } from '../run-context';
import { sameState } from './checkpoints';

/** Larger files are not copied: a rewind names them and leaves them alone. */
export const MOST_BYTES = 10 * 1024 * 1024;
/** How far the workspace is looked at before and after a command. */
const BEFORE = { files: 20_000, bytes: 16 * 1024 * 1024, ms: 1_000 };
const AFTER = { files: 20_000, bytes: 0, ms: 1_000 };
/** The disk's clock may stand that far behind the process's. */
const CLOCK_LAG_MS = 20;
/** A command that changes more files than this changed no file that the user would want back one by one. */
const MOST_CHANGED = 500;

/** Where copies come from and go to. */
export type CopyPorts = { readonly session: string; readonly ports: Pick<Ports, 'documents' | 'store'> };

/** An effect that is about to happen, with copies of what it is known to touch. */
export type Watched = {
  readonly kept: Readonly<Record<string, FileState>>;
  /** Afterwards: what became of the files, told as an event. */
  settle(changes: readonly AppliedChange[]): Promise<void>;
};

/** Copies what an effect is about to change. What can not be known beforehand is looked at: the workspace, within bounds. */
export async function watchEffect(ready: Ready, run: RunContext): Promise<Watched> {
  const paths = ready.assessment.subjects.flatMap((s) => s.touches.filter((t) => t.access !== 'read').map((t) => t.path));
  const kept: Record<string, FileState> = {};
  for (const path of new Set(paths)) {
    const state = await keepFile(path, run);
    if (state) kept[path] = state;
  }
  const command = ready.tool.reach === 'workspace' && run.ports.scan !== undefined;
  const before = command ? await look(run, BEFORE) : null;

  return {
    kept,
    async settle(changes) {
      const steps = new Map<string, FileStep>();
      const take = async (path: string, was: FileState, from?: string) => {
        const after = await keepFile(path, run);
        if (after && !sameState(was, after)) steps.set(path, { path, ...(from ? { from } : {}), before: was, after });
      };
      for (const [path, was] of Object.entries(kept)) await take(path, was, changes.find((c) => c.path === path)?.from);
      for (const change of changes) if (!(change.path in kept)) await take(change.path, await fromText(change, run));
      const { changed, missed } = before ? await differences(before, run) : { changed: [], missed: '' };
      for (const { path, was } of changed) if (!steps.has(path)) await take(path, was);
      if (steps.size === 0 && !missed) return;
      run.emit({
        type: 'files_changed',
        callId: ready.block.id,
        by: command ? 'command' : 'tool',
        files: [...steps.values()],
        ...(missed ? { missed } : {}),
      });
    },
  };
}

/** A copy of the file as it is now; undefined for a folder or a device. */
export async function keepFile(path: string, { session, ports }: CopyPorts): Promise<FileState | undefined> {
  const { documents, store } = ports;
  try {
    const stat = await documents.stat(path);
    if (!stat) return { is: 'absent' };
    if (stat.kind !== 'file') return undefined;
    if (stat.size > MOST_BYTES) return { is: 'lost', why: TOO_LARGE };
    // To the end, whatever became of the run: what has happened is to be known.
    const bytes = await documents.readBytes(path, MOST_BYTES + 1, new AbortController().signal);
    if (bytes.length > MOST_BYTES) return { is: 'lost', why: TOO_LARGE };
    return { is: 'kept', hash: await store.keep(session, bytes) };
  } catch (error) {
    if (error instanceof ToolError) return { is: 'lost', why: error.message };
    throw error;
  }
}

const TOO_LARGE = 'it has more than 10 MB';

/** For a file that the call had not named: its bytes are known when its text is plain UTF-8. */
async function fromText({ before, after, path }: AppliedChange, run: RunContext): Promise<FileState> {
  if (before === null) return { is: 'absent' };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const now = await keepFile(path, run);
  const plain = after !== null && now?.is === 'kept' && now.hash === (await run.ports.store.keep(run.session, bytes(after)));
  return plain
    ? { is: 'kept', hash: await run.ports.store.keep(run.session, bytes(before)) }
    : { is: 'lost', why: 'its bytes were not kept' };
}

type Looked = { readonly snapshots: readonly Snapshot[]; readonly complete: boolean };

async function look({ ports, facts, signal }: RunContext, bounds: typeof BEFORE): Promise<Looked> {
  const snapshots: Snapshot[] = [];
  let complete = true;
  for (const root of facts().roots) {
    try {
      const snapshot = await ports.scan?.snapshot(root, bounds, signal);
      if (snapshot) snapshots.push(snapshot);
      complete = complete && (snapshot?.complete ?? false);
    } catch (error) {
      if (!isAbort(error) && !(error instanceof ToolError)) throw error;
      complete = false;
    }
  }
  return { snapshots, complete };
}

type Difference = { readonly path: string; readonly was: FileState };

async function differences(before: Looked, run: RunContext): Promise<{ changed: readonly Difference[]; missed: string }> {
  const after = await look({ ...run, signal: new AbortController().signal }, AFTER);
  const marks = new Map(before.snapshots.flatMap((s) => [...s.marks]));
  const contents = new Map(before.snapshots.flatMap((s) => [...s.contents]));
  const now = new Map(after.snapshots.flatMap((s) => [...s.marks]));
  const since = Math.min(...before.snapshots.map((s) => s.at)) - CLOCK_LAG_MS;
  const gone = after.complete ? [...marks.keys()].filter((path) => !now.has(path)) : [];
  const moved = [...now].filter(([path, { mark }]) => marks.get(path)?.mark !== mark).map(([path]) => path);
  // A file that is listed only now may have been ignored before: then it is not the command that made it.
  const otherRules = [...moved, ...gone].some((path) => /[\\/]\.(?:git)?ignore$/.test(path));
  const isNew = (path: string) => before.complete && !otherRules && (now.get(path)?.changedMs ?? 0) >= since;
  const found = moved.filter((path) => marks.has(path) || isNew(path));
  const paths = [...found, ...gone];
  const changed: Difference[] = [];
  for (const path of paths.slice(0, MOST_CHANGED)) {
    const bytes = contents.get(path);
    const was: FileState = !marks.has(path)
      ? { is: 'absent' }
      : bytes
        ? { is: 'kept', hash: await run.ports.store.keep(run.session, bytes) }
        : { is: 'lost', why: 'a command changed it, and no copy had been made before' };
    changed.push({ path, was });
  }
  const missed = [
    before.complete && after.complete ? '' : 'The folder is too large to be looked through around each command.',
    otherRules ? 'A command changed which files are ignored: files that it made are not known.' : '',
    paths.length > MOST_CHANGED ? `A command changed ${paths.length} files; the first ${MOST_CHANGED} are known.` : '',
  ];
  return { changed, missed: missed.filter((m) => m !== '').join(' ') };
}
