import type { FileState, FileStep } from '../../protocol/event-parts';
import { isAbort, ToolError } from '../errors';
import type { AppliedChange } from '../ports';
import type { Snapshot } from '../ports/search';
import type { Ready } from '../prepare';
import type { RunContext } from '../run-context';
import type { Touch } from '../tool';
import { sameState } from './checkpoints';
import { keepDoomed } from './deletion';
import { keepFile } from './keep-file';

/** How far the workspace is looked at before and after a command. */
const BEFORE = { files: 20_000, bytes: 16 * 1024 * 1024, ms: 1_000 };
const AFTER = { files: 20_000, bytes: 0, ms: 1_000 };
/** The disk's clock may stand that far behind the process's. */
const CLOCK_LAG_MS = 20;
/** A command that changes more files than this changed no file that the user would want back one by one. */
const MOST_CHANGED = 500;

/** An effect that is about to happen, with copies of what it is known to touch. */
export type Watched = {
  readonly kept: Readonly<Record<string, FileState>>;
  /** Afterwards: what became of the files, told as an event. */
  settle(changes: readonly AppliedChange[]): Promise<void>;
};

/** Copies what an effect is about to change. What can not be known beforehand is looked at: the workspace, within bounds. */
export async function watchEffect(ready: Ready, run: RunContext): Promise<Watched> {
  const touches = ready.assessment.subjects.flatMap((s) => s.touches.filter((t) => t.access !== 'read'));
  const doomed = await keepDoomed(await deletedInside(touches, run), run);
  const kept: Record<string, FileState> = { ...doomed.kept };
  for (const path of new Set(touches.map((t) => t.path))) {
    if (path in kept) continue;
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
      const found = before ? await differences(before, new Set(Object.keys(kept)), run) : { changed: [], missed: '' };
      const { changed } = found;
      const missed = [found.missed, await doomed.missed()].filter((part) => part !== '').join(' ');
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

/** What a call deletes of the workspace: elsewhere nothing is gone through. */
async function deletedInside(touches: readonly Touch[], { ports, facts }: RunContext): Promise<readonly string[]> {
  const { documents, scan } = ports;
  if (!scan || facts().roots.length === 0) return [];
  const paths: string[] = [];
  for (const path of new Set(touches.filter(({ access }) => access === 'delete').map((touch) => touch.path))) {
    try {
      const { path: full, inside } = await documents.resolve(path);
      if (inside) paths.push(full);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error; // a path that cannot be resolved leads to no file of the workspace
    }
  }
  return paths;
}

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

async function differences(
  before: Looked,
  known: ReadonlySet<string>,
  run: RunContext,
): Promise<{ changed: readonly Difference[]; missed: string }> {
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
  const paths = [...found, ...gone].filter((path) => !known.has(path));
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
