import { commands, Disposable, l10n, Uri, window } from 'vscode';
import { pathOf } from '../documents/uris';
import type { Decisions } from './decisions';
import { goToHunk, openAll, openFile } from './open';
import { type Hunk, hunkAt, hunksOf, type Pending } from './pending';
import type { Prompts } from './prompts';
import type { Queue } from './queue';

type Deps = { readonly queue: Queue; readonly decisions: Decisions; readonly prompts: Prompts };
type Action = (deps: Deps, args: readonly unknown[]) => unknown;

/** The review's commands; each has its twin in `package.json`. */
export const REVIEW_COMMANDS: Readonly<Record<string, Action>> = {
  'plumb.review.keepHunk': (deps, args) => {
    const at = hunkOf(deps, args);
    if (at) deps.decisions.keep(at.path, [at.hunk]);
  },
  'plumb.review.undoHunk': async (deps, args) => {
    const at = hunkOf(deps, args);
    if (at) await deps.decisions.undo(at.path, [at.hunk]);
  },
  'plumb.review.undoHunkWithReason': async (deps, args) => {
    const at = hunkOf(deps, args);
    if (!at) return;
    const reason = await deps.prompts.reason();
    if (reason !== undefined) await deps.decisions.undo(at.path, [at.hunk], reason.trim() || undefined);
  },
  'plumb.review.keepFile': (deps, args) => {
    const pending = pendingOf(deps, args);
    if (pending) deps.decisions.keep(pending.path);
  },
  'plumb.review.undoFile': async (deps, args) => {
    const pending = pendingOf(deps, args);
    if (pending) await deps.decisions.undo(pending.path);
  },
  'plumb.review.keepAll': (deps) => {
    for (const { path } of allPending(deps)) deps.decisions.keep(path);
  },
  'plumb.review.undoAll': async (deps) => {
    for (const { path } of allPending(deps)) await deps.decisions.undo(path);
  },
  'plumb.review.nextHunk': (deps) => (allPending(deps).length > 0 ? goToHunk(deps.queue, 1) : undefined),
  'plumb.review.previousHunk': (deps) => (allPending(deps).length > 0 ? goToHunk(deps.queue, -1) : undefined),
  'plumb.review.openFile': async (deps, args) => {
    const pending = pendingOf(deps, args);
    if (pending) await openFile(pending, typeof args[1] === 'number' ? args[1] : undefined);
  },
  'plumb.review.openAll': ({ queue }) => openAll(queue.all()),
};

export function registerReviewCommands(deps: Deps): Disposable {
  return Disposable.from(
    ...Object.entries(REVIEW_COMMANDS).map(([id, action]) => commands.registerCommand(id, (...args: unknown[]) => action(deps, args))),
  );
}

/** The file that a command is about: given as a path or by a menu, else the one that is shown. */
function fileOf([given]: readonly unknown[]): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof Uri) return pathOf(given);
  if (isResource(given)) return pathOf(given.resourceUri);
  return window.activeTextEditor && pathOf(window.activeTextEditor.document.uri);
}

function isResource(given: unknown): given is { readonly resourceUri: Uri } {
  return typeof given === 'object' && given !== null && 'resourceUri' in given && given.resourceUri instanceof Uri;
}

/** Every file that waits; where none does, a command says so. */
function allPending({ queue, prompts }: Deps): readonly Pending[] {
  const files = queue.all();
  if (files.length === 0) prompts.tell(l10n.t('No changes wait for your review.'));
  return files;
}

function pendingOf({ queue, prompts }: Deps, args: readonly unknown[]): Pending | undefined {
  const path = fileOf(args);
  const pending = path === undefined ? undefined : queue.get(path);
  if (!pending) prompts.tell(l10n.t('No changes in this file wait for your review.'));
  return pending;
}

/** The hunk that a command is about: at the given line (0-based), at the change of a quick diff, or at the caret. */
function hunkOf(deps: Deps, args: readonly unknown[]): { readonly path: string; readonly hunk: Hunk } | undefined {
  const pending = pendingOf(deps, args);
  if (!pending) return undefined;
  const line = lineOf(args) ?? window.activeTextEditor?.selection.active.line;
  const hunk = line === undefined ? undefined : hunkAt(hunksOf(pending), line);
  if (!hunk) deps.prompts.tell(l10n.t('There is no change at the caret: go to the next one first.'));
  return hunk && { path: pending.path, hunk };
}

/** Lenses and hovers give the line; the quick diff peek gives its changes and the index of the one it shows. */
function lineOf([, second, third]: readonly unknown[]): number | undefined {
  if (typeof second === 'number') return second;
  if (!Array.isArray(second) || typeof third !== 'number') return undefined;
  const change: unknown = second[third];
  if (typeof change !== 'object' || change === null || !('modifiedStartLineNumber' in change)) return undefined;
  const { modifiedStartLineNumber: start } = change;
  return typeof start === 'number' ? Math.max(0, start - 1) : undefined;
}
