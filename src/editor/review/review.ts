import { Disposable, EventEmitter, l10n, type Uri } from 'vscode';
import type { Review } from '../../core/ports';
import { fileDiff } from '../../core/text/diff';
import type { PendingFile } from '../../protocol/messages';
import type { Landings } from '../documents/landings';
import { registerReviewCommands } from './commands';
import { createDecisions, type Reviewed } from './decisions';
import { openAll, openFile } from './open';
import type { Pending } from './pending';
import { editorPrompts, type Prompts } from './prompts';
import { createQueue, type Queue } from './queue';
import { createReviewStore } from './store';
import { registerSurfaces } from './surfaces';
import { watchFiles } from './watch';

export type ReviewOptions = {
  /** Where the pending state survives a reload; none when no workspace is open. */
  readonly storage: Uri | undefined;
  /** The same object that the documents adapter got: it says which changes are the agent's. */
  readonly landings: Landings;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
  readonly log: { error(message: string): void };
  readonly prompts?: Prompts;
};

/** The review of the agent's changes in the editor: nothing waits for it, and nothing is decided by closing a tab. */
export type EditorReview = Review &
  Disposable & {
    pending(): readonly PendingFile[];
    /** Something about the pending files changed. */
    onPending(listener: () => void): Disposable;
    onReviewed(listener: (reviewed: Reviewed) => void): Disposable;
    /** One file, or every pending file. */
    keep(path?: string): Promise<void>;
    undo(path?: string, feedback?: string): Promise<void>;
    open(path?: string): Promise<void>;
    /** What was pending before the window was reloaded is back. */
    readonly ready: Promise<void>;
    /** The pending state is on disk. */
    flush(): Promise<void>;
  };

/** The review with everything that shows it: one per window, since it owns commands and a file system scheme. */
export function createReview(options: ReviewOptions): EditorReview {
  const { review, parts, changed } = createReviewCore(options);
  const surfaces = Disposable.from(registerSurfaces(parts.queue, changed), registerReviewCommands(parts));
  return { ...review, dispose: () => Disposable.from(surfaces, review).dispose() };
}

/** The review without its surfaces. `changed` tells the listeners of `onPending`. */
export function createReviewCore({ storage, landings, hash, log, prompts = editorPrompts }: ReviewOptions) {
  const failed = (error: unknown) =>
    log.error(l10n.t('Review: {0}', error instanceof Error ? (error.stack ?? error.message) : String(error)));
  const queue = createQueue();
  const store = createReviewStore(storage, hash, failed);
  const pendingChanged = new EventEmitter<void>();
  const reviewed = new EventEmitter<Reviewed>();
  const decisions = createDecisions({ queue, landings, prompts, hash, onReviewed: (r) => reviewed.fire(r) });
  const watch = watchFiles(queue, landings, failed);
  const saving = queue.onChange((path) => store.save(path, () => queue.get(path)));
  const ready = restore(queue, store.load, watch.refresh).catch(failed);

  const review: EditorReview = {
    track(change) {
      // What the documents adapter landed is here already; this takes in what landed by another way.
      if (!queue.knows(change)) queue.land({ change }, undefined);
    },
    pending: () => queue.all().map(pendingFile),
    onPending: (listener) => pendingChanged.event(listener),
    onReviewed: (listener) => reviewed.event(listener),
    async keep(path) {
      for (const file of path === undefined ? queue.all() : [{ path }]) decisions.keep(file.path);
    },
    async undo(path, feedback) {
      for (const file of path === undefined ? queue.all() : [{ path }]) await decisions.undo(file.path, undefined, feedback);
    },
    async open(path) {
      const pending = path === undefined ? undefined : queue.get(path);
      if (pending) await openFile(pending);
      else if (path === undefined) await openAll(queue.all());
    },
    ready,
    flush: store.flush,
    dispose() {
      Disposable.from(watch, saving, pendingChanged, reviewed).dispose();
      store.flush().catch(failed);
    },
  };
  return { review, parts: { queue, decisions, prompts }, changed: () => pendingChanged.fire() };
}

/** Brings back what was pending. What happened to a file meanwhile was not the agent's doing. */
async function restore(queue: Queue, load: () => Promise<readonly Pending[]>, refresh: (path: string) => Promise<void>): Promise<void> {
  for (const pending of await load()) {
    if (queue.get(pending.path)) continue;
    queue.set(pending);
    await refresh(pending.path);
  }
}

const shown = new WeakMap<Pending, PendingFile>();

/** As the panel shows it; worked out once per state, since it is asked for at every redraw. */
function pendingFile(pending: Pending): PendingFile {
  const known = shown.get(pending);
  if (known) return known;
  const { path, kind, from, base, text } = pending;
  const before = kind === 'create' ? null : base;
  const after = kind === 'delete' ? null : text;
  const file = { path, diff: fileDiff({ path, kind, from, before, after }) };
  shown.set(pending, file);
  return file;
}
