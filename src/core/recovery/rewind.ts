import type { FileState, FileStep, LeftFile, RewindPart } from '../../protocol/event-parts';
import type { AgentEvent } from '../../protocol/events';
import { messageOf, ToolError } from '../errors';
import { merge } from '../text/merge';
import { changesSince, type FileTrail, type Step, sameState } from './checkpoints';
import { type CopyPorts, keepFile, MOST_BYTES } from './keep-file';

/** What a rewind does to one file. `merged`: the user's own changes since stay in it. */
export type PlannedFile = FileStep & { readonly merged: boolean; readonly byCommand: boolean };

/** What a rewind would do, before it does anything: shown to the user first. */
export type RewindPlan = {
  readonly files: readonly PlannedFile[];
  /** Changed since, and left as they are: the user changed the same lines, or there is no copy. */
  readonly left: readonly LeftFile[];
  /** Why there may be more changes than are known. */
  readonly missed: readonly string[];
};

/** Works out how each file changed since a message gets back to what it was. Keeps a copy of each as it is now; changes nothing. */
export async function planRewind(events: readonly AgentEvent[], to: number, run: CopyPorts): Promise<RewindPlan> {
  const { files, missed } = changesSince(events, to);
  return { ...(await planFiles(files, run)), missed };
}

/** The way back from a rewind: its own steps, taken back the same way, so that changes made since are merged too. */
export function planRedo(files: readonly FileStep[], run: CopyPorts): Promise<Omit<RewindPlan, 'missed'>> {
  return planFiles(
    files.map(({ path, before, after }) => ({ path, steps: [{ before, after }], byCommand: false })),
    run,
  );
}

async function planFiles(trails: readonly FileTrail[], run: CopyPorts): Promise<Omit<RewindPlan, 'missed'>> {
  const files: PlannedFile[] = [];
  const left: LeftFile[] = [];
  for (const { path, steps, byCommand } of trails) {
    const now = (await keepFile(path, run)) ?? { is: 'lost' as const, why: 'it is a folder now' };
    const goal = await wayBack(now, steps, run);
    if ('why' in goal) left.push({ path, why: goal.why });
    else if (!sameState(now, goal.state)) files.push({ path, before: now, after: goal.state, merged: goal.merged, byCommand });
  }
  return { files, left };
}

type Goal = { readonly state: FileState; readonly merged: boolean } | { readonly why: string };

/** Takes the steps back one by one, newest first. What the user did in between is carried along. */
async function wayBack(now: FileState, steps: readonly Step[], run: CopyPorts): Promise<Goal> {
  let state = now;
  let merged = false;
  const known = steps.some(({ before, after }) => sameState(now, before) || sameState(now, after));
  for (const { before, after } of (known ? steps : withoutReturns(steps)).toReversed()) {
    if (sameState(state, before)) continue;
    if (before.is === 'lost') return { why: before.why };
    if (sameState(state, after)) {
      state = before;
      continue;
    }
    const mixed = await mix(state, after, before, run);
    if ('why' in mixed) return mixed;
    state = mixed;
    merged = true;
  }
  if (state.is === 'kept' && !(await run.ports.store.kept(state.hash))) return { why: NOT_KEPT };
  return { state, merged };
}

/** Steps that a later one took back whole: what the user changed since need not be carried there and back again. */
function withoutReturns(steps: readonly Step[]): readonly Step[] {
  const out: Step[] = [];
  for (const step of steps) {
    const last = out.at(-1);
    if (last && sameState(last.before, step.after) && sameState(last.after, step.before)) out.pop();
    else out.push(step);
  }
  return out;
}

const NOT_KEPT = 'its copy is not kept any more';

/** The user changed the file after the agent did: both go into one text, or it is left alone. */
async function mix(now: FileState, agents: FileState, before: FileState, run: CopyPorts): Promise<FileState | { readonly why: string }> {
  if (now.is === 'lost') return { why: now.why };
  if (agents.is === 'lost') return { why: agents.why };
  if (now.is === 'absent') return { why: 'it was deleted since' };
  if (before.is === 'absent') return { why: 'it was made since, and you changed it' };
  if (agents.is === 'absent') return { why: 'it was deleted, and is there again' };
  if (before.is === 'lost') return { why: before.why };
  const [ours, base, theirs] = await Promise.all([now.hash, agents.hash, before.hash].map((hash) => run.ports.store.kept(hash)));
  if (!ours || !base || !theirs) return { why: NOT_KEPT };
  const texts = [base, ours, theirs].map(textOf);
  const [baseText, oursText, theirsText] = texts;
  if (baseText === undefined || oursText === undefined || theirsText === undefined)
    return { why: 'you changed it since, and it is no plain text' };
  const text = merge(baseText, oursText, theirsText);
  if (text === null) return { why: 'you changed the same lines since' };
  return { is: 'kept', hash: await run.ports.store.keep(run.session, new TextEncoder().encode(text)) };
}

/** Its text when that can be turned into the same bytes again. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined; // no UTF-8, which the caller says
  }
}

/** Writes what was planned. A file that moved meanwhile, or can not be written, is left as it is and named. */
export async function applyFiles(files: readonly FileStep[], { ports }: CopyPorts): Promise<readonly LeftFile[]> {
  const left: LeftFile[] = [];
  for (const { path, before, after } of files) {
    try {
      const [seen, bytes] = await Promise.all([bytesOf(before, ports), bytesOf(after, ports)]);
      const done = await ports.documents.restore(path, bytes, seen, new AbortController().signal, modeOf(after));
      if (!done) left.push({ path, why: 'it changed just now' });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      left.push({ path, why: messageOf(error) });
    }
  }
  return left;
}

/** Known of files that were about to be deleted. */
function modeOf(state: FileState): number | undefined {
  return state.is === 'kept' ? state.mode : undefined;
}

async function bytesOf(state: FileState, { store }: CopyPorts['ports']): Promise<Uint8Array | null> {
  switch (state.is) {
    case 'absent':
      return null;
    case 'kept': {
      const bytes = await store.kept(state.hash);
      if (!bytes) throw new ToolError(NOT_KEPT, 'Nothing was written to it.');
      return bytes;
    }
    case 'lost':
      throw new ToolError(state.why, `Copies are kept of files up to ${MOST_BYTES / 1024 / 1024} MB.`);
    default:
      return state satisfies never;
  }
}

export function partsOf(what: RewindPart): { readonly files: boolean; readonly conversation: boolean } {
  return { files: what !== 'conversation', conversation: what !== 'files' };
}
