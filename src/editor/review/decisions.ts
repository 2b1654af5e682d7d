import { l10n } from 'vscode';
import { isAbort, ToolError } from '../../core/errors';
import { createFile, currentText, deleteFile, moveFile, recreate, requireFree } from '../documents/files';
import type { Landings } from '../documents/landings';
import { rewrite } from '../documents/rewrite';
import { uriOf } from '../documents/uris';
import { editedByUser, type Hunk, hunksOf, kept, openDecisions, type Pending, sameHunk, seenText } from './pending';
import type { Prompts } from './prompts';
import type { Queue } from './queue';
import { describeHunks, planUndo, undone } from './undo';

/** A decision as the session logs it and the model hears of it. */
export type Reviewed = {
  readonly path: string;
  readonly decision: 'kept' | 'undone';
  readonly hunks: number;
  /** Decisions that are still open in this file. */
  readonly left: number;
  readonly detail?: string;
  readonly feedback?: string;
};

export type Decisions = {
  /** The hunks, or the whole file when none are named. */
  keep(path: string, hunks?: readonly Hunk[]): void;
  undo(path: string, hunks?: readonly Hunk[], feedback?: string): Promise<void>;
};

type Deps = {
  readonly queue: Queue;
  readonly landings: Landings;
  readonly prompts: Prompts;
  readonly hash: (text: string) => string;
  readonly onReviewed: (reviewed: Reviewed) => void;
};

/** What keep and undo do. Nothing here moves a caret, a tab or the focus. */
export function createDecisions({ queue, landings, prompts, hash, onReviewed }: Deps): Decisions {
  const never = new AbortController().signal;

  function report(path: string, decision: Reviewed['decision'], hunks: number, detail?: string, feedback?: string): void {
    if (hunks === 0) return;
    const left = queue.get(path);
    onReviewed({
      path,
      decision,
      hunks,
      left: left ? openDecisions(left) : 0,
      ...(detail ? { detail } : {}),
      ...(feedback ? { feedback } : {}),
    });
  }

  /** Takes hunks back in the document; merges with what was typed since, and asks before it would go over it. */
  async function undoHunks(pending: Pending, wanted: readonly Hunk[]): Promise<readonly Hunk[]> {
    const { path } = pending;
    const { edited } = planUndo(pending, wanted, false);
    const force = edited.length > 0 && (await confirmEdited(path, edited.length));
    const hunks = force ? wanted : wanted.filter((h) => !edited.includes(h));
    if (hunks.length === 0) return [];
    let done: readonly Hunk[] = [];
    await landings.during([path], async () => {
      const uri = uriOf(path);
      const { before, after } = await rewrite(
        uri,
        path,
        (current) => {
          const seen = seenText(queue.get(path) ?? pending, current);
          done = hunks.flatMap((h) => sameHunk(hunksOf(seen), h) ?? []);
          return undone(seen, done, force, current);
        },
        never,
        { exact: true },
      );
      return { change: { path, kind: 'edit', before, after, hash: hash(after) } };
    });
    return done;
  }

  async function confirmEdited(path: string, count: number): Promise<boolean> {
    return prompts.confirm(
      count === 1 ? l10n.t('You edited lines of this change.') : l10n.t('You edited lines of {0} of these changes.', count),
      l10n.t('Undoing it in {0} takes your edits on those lines back too. Without it they stay as they are.', path),
      l10n.t('Undo with my edits'),
    );
  }

  async function undoCreated({ path, base, ...rest }: Pending): Promise<boolean> {
    const pending = { path, base, ...rest };
    if (editedByUser(pending)) {
      const agreed = await prompts.confirm(
        l10n.t('You edited this new file.'),
        l10n.t('Undoing it deletes {0} with your edits.', path),
        l10n.t('Delete the file'),
      );
      if (!agreed) return false;
    }
    await landings.during([path], async () => {
      await deleteFile(uriOf(path), path);
      return { change: { path, kind: 'delete', before: pending.text, after: null, hash: '' } };
    });
    return true;
  }

  async function undoDeleted({ path, base, bytes, raw }: Pending): Promise<boolean> {
    const uri = uriOf(path);
    await requireFree(uri, path);
    await landings.during([path], async () => {
      if (bytes) await recreate(uri, path, bytes, raw ?? base);
      else await createFile(uri, path, raw ?? base, never);
      return { change: { path, kind: 'create', before: null, after: base, hash: hash(base) } };
    });
    return true;
  }

  async function undoRenamed(pending: Pending): Promise<boolean> {
    const { path, from } = pending;
    if (from === undefined) return false;
    await undoHunks(pending, hunksOf(pending));
    const target = uriOf(from);
    await requireFree(target, from);
    await landings.during([path, from], async () => {
      const text = await currentText(uriOf(path), path);
      await moveFile(uriOf(path), target, path, from);
      return { change: { path: from, from: path, kind: 'rename', before: text, after: text, hash: text === null ? '' : hash(text) } };
    });
    return true;
  }

  async function undoFile(pending: Pending, feedback: string | undefined): Promise<void> {
    const { path } = pending;
    const open = openDecisions(pending);
    switch (pending.kind) {
      case 'edit': {
        const done = await undoHunks(pending, hunksOf(pending));
        return report(path, 'undone', done.length, describeHunks(done), feedback);
      }
      case 'create':
        if (await undoCreated(pending)) report(path, 'undone', open, l10n.t('The new file was deleted.'), feedback);
        return;
      case 'delete':
        if (await undoDeleted(pending)) report(path, 'undone', open, l10n.t('The deleted file was restored.'), feedback);
        return;
      case 'rename':
        if (await undoRenamed(pending))
          report(path, 'undone', open, l10n.t('The file has its old name again: {0}', pending.from ?? ''), feedback);
        return;
      default:
        return pending.kind satisfies never;
    }
  }

  return {
    keep(path, hunks) {
      const pending = queue.get(path);
      if (!pending) return;
      const open = openDecisions(pending);
      if (hunks && pending.kind !== 'create') {
        const known = hunks.flatMap((h) => sameHunk(hunksOf(pending), h) ?? []);
        queue.set(kept(pending, known));
        return report(path, 'kept', known.length);
      }
      queue.set({
        ...kept(pending, hunksOf(pending)),
        kind: 'edit',
        from: undefined,
        ...(pending.kind === 'delete' ? { base: '', text: '' } : {}),
      });
      report(path, 'kept', open);
    },

    async undo(path, hunks, feedback) {
      const pending = queue.get(path);
      if (!pending) return;
      try {
        if (!hunks || pending.kind === 'create') return await undoFile(pending, feedback);
        const done = await undoHunks(pending, hunks);
        report(path, 'undone', done.length, describeHunks(done), feedback);
      } catch (error) {
        if (isAbort(error)) return;
        if (!(error instanceof ToolError)) throw error;
        prompts.tell(l10n.t('Not undone: {0}', error.message));
      }
    },
  };
}
