import type { Content } from '../protocol/blocks';
import type { EventOf } from '../protocol/events';
import { spill } from './context/spill';
import { isAbort, messageOf, ToolError } from './errors';
import { definedBy } from './held-tools';
import { redactDeep } from './observe/redact';
import type { AppliedChange } from './ports';
import { inputHash, type Ready, toolContext } from './prepare';
import { exitNote } from './recovery/exits';
import { type Image, imageOf } from './recovery/images';
import { type Watched, watchEffect } from './recovery/keep';
import type { RunContext } from './run-context';
import { stableJson } from './stable';
import { fileDiff } from './text/diff';
import type { ToolOutput } from './tool';

/** How long a stopped call may take to wind up before it is left behind. */
const GRACE_MS = 300;

type Finish = Pick<EventOf<'tool_finished'>, 'outcome' | 'output' | 'display' | 'summary' | 'spill' | 'files'>;
export type Executed = { readonly finish: Finish; readonly changes: readonly AppliedChange[] };

/** Writes what is about to happen to disk, so that a crash in the middle leaves an effect that is known to be unknown [W4]. */
export async function intend(ready: Ready, run: RunContext): Promise<Watched> {
  const touches = ready.assessment.subjects.flatMap((s) => s.touches.filter((t) => t.access !== 'read'));
  const paths = [...new Set(touches.map((t) => t.path))];
  const [images, watched] = await Promise.all([
    Promise.all(paths.map((path) => imageOf(path, run.ports.documents, run.signal))),
    watchEffect(ready, run),
  ]);
  const marks = (of: readonly (string | null | undefined)[]) => Object.fromEntries(paths.map((path, i) => [path, of[i] ?? null]));
  const after = ready.call.foresee(images.map((image) => image.text));
  run.emit({
    type: 'effect_intended',
    callId: ready.block.id,
    tool: ready.tool.name,
    class: ready.assessment.class,
    retrySafe: ready.assessment.safety.retrySafe,
    key: run.ports.hash(stableJson([run.session, ready.block.id, ready.inputHash])),
    preimages: marks(images.map((image) => image.mark)),
    ...(after ? { postimages: marks(after.map((text) => (text === null ? null : run.ports.hash(text)))) } : {}),
    kept: { ...watched.kept },
  });
  const announced = run.flush();
  const copied = foreseen(images, after, run);
  await announced;
  return {
    kept: watched.kept,
    settle: async (changes) => {
      await copied;
      await watched.settle(changes);
    },
  };
}

/**
 * What a file is going to be is copied while the disk is busy with the intent and then with the file itself: afterwards
 * the copy is there, or is waited for. Of a call that goes another way it is a copy that nothing refers to.
 */
function foreseen(
  images: readonly Image[],
  after: readonly (string | null)[] | undefined,
  { ports, session }: RunContext,
): Promise<unknown> {
  const texts = (after ?? []).filter((text, i) => text !== null && images[i]?.encoding === 'utf8');
  // What fails here fails again when what came of it is copied, and is told then.
  return Promise.allSettled(texts.map((text) => ports.store.keep(session, new TextEncoder().encode(text ?? ''))));
}

/** By what it was let pass, as far as that tells how it runs. */
type Grant = { readonly asked?: true; readonly confined?: true };

/** Runs an authorized call to its outcome. Never throws: a fault of ours is said to the model as one. */
export async function execute(ready: Ready, run: RunContext, signal: AbortSignal, why: () => string, grant: Grant = {}): Promise<Executed> {
  const effect = ready.assessment.class !== 'read_only';
  if (inputHash(ready.tool.name, ready.call.input, run.ports) !== ready.inputHash) {
    return { finish: plain('denied', CHANGED, CHANGED), changes: [] };
  }
  try {
    const exit = effect ? { exit: exitNote(ready.block.id, run.session, run.ports) } : {};
    const output = await withGrace(
      ready.call.run({
        ...toolContext(ready.block.id, run, signal),
        unasked: !effect && !grant.asked,
        confined: grant.confined ?? false,
        ...exit,
      }),
      signal,
    );
    return { finish: await finishOf(ready, output, run), changes: output.changes ?? [] };
  } catch (error) {
    if (error instanceof ToolError) return { finish: plain('error', error.text, error.message), changes: [] };
    if (error instanceof LeftBehind) {
      const text = effect ? `${why()} It had not ended: whether it took effect is not known. Check before you go on.` : why();
      return { finish: plain(effect ? 'unknown' : 'cancelled', text, why()), changes: [] };
    }
    if (isAbort(error) || signal.aborted) return { finish: plain('cancelled', why(), why()), changes: [] };
    const text = `${ready.tool.name} failed: ${messageOf(error)}\nThis is a fault in Plumb. Try another way.`;
    return { finish: plain('error', text, messageOf(error)), changes: [] };
  }
}

const CHANGED = 'This call is not the one any more that was judged and allowed, so it did not run. Send it anew.';

export function plain(outcome: Finish['outcome'], text: string, summary: string): Finish {
  return { outcome, output: [{ type: 'text', text }], summary: firstLine(summary) };
}

async function finishOf(ready: Ready, output: ToolOutput, run: RunContext): Promise<Finish> {
  // Before it is spilled: what the log redacts must not lie beside it whole.
  const content: readonly Content[] = redactDeep(
    typeof output.content === 'string' ? [{ type: 'text', text: output.content || '(no output)' }] : output.content,
  );
  const limit = Math.min(ready.assessment.safety.maxResultChars, run.settings.spillChars);
  const spilled = await spill(content, limit, run.ports.store, run.session, ready.block.id);
  if (spilled.path) run.emit({ type: 'context_changed', kind: 'spilled', detail: spilled.path, callId: ready.block.id });
  return {
    outcome: output.failed ? 'error' : 'ok',
    output: [...spilled.content],
    display: output.display,
    summary: firstLine(output.summary),
    spill: spilled.path,
    files: output.files ? { ...output.files } : undefined,
  };
}

/** Tells the panel and the reviewer what landed. */
export function announceChanges(ready: Ready, changes: readonly AppliedChange[], run: RunContext): void {
  for (const change of changes) {
    const diff = fileDiff(change);
    run.emit({ type: 'change_proposed', callId: ready.block.id, diff });
    run.ports.review?.track(change, diff, ready.block.id);
  }
}

/** Tells the panel and the log which tools the result brought. */
export function announceLoaded(callId: string, output: readonly Content[], run: RunContext): void {
  const names = definedBy(output);
  if (names.length > 0) run.emit({ type: 'context_changed', kind: 'tools_loaded', callId, detail: names.join(', ') });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

class LeftBehind extends Error {}

/** A call that does not heed its signal must not hold up a stop. */
async function withGrace<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = () => {};
  const left = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(new LeftBehind()), GRACE_MS);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
