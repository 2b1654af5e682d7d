import { type Disposable, TabInputText, TabInputTextDiff, type Uri, window } from 'vscode';
import { ToolError } from '../core/errors';
import type { Diagnostics, DiagnosticsBaseline } from '../core/ports/language';
import type { Problem } from '../protocol/display';
import { type Answer, createActivity } from './diagnostics/activity';
import { bySeverity, compareProblems, type Located, onNewLines } from './diagnostics/compare';
import { dependentsOf } from './diagnostics/dependents';
import { withFixes } from './diagnostics/fixes';
import { locate, published } from './diagnostics/published';
import { createTsServer } from './diagnostics/ts-server';
import { openDocument, readDisk, statOf } from './documents/load';
import { uriOf } from './documents/uris';

/** A project that has not been loaded yet takes seconds; the wait before the edit is what makes "new" mean new. */
const COLD_MS = 15_000;
const WARM_MS = 5_000;
/** After a question that was not answered in all that time the next ones are not waited for so long. */
const DEAF_MS = 1_000;
const DEPENDENTS_MS = 1_500;
const MAX_ASKED = 20;

/** What the baseline of this adapter knows besides the problems themselves. */
type Knowledge = {
  /** The text before, of files whose problems were not known. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files that an edit of the named ones may break. */
  readonly dependents: readonly Uri[];
};

/** The diagnostics port over the editor's problem list and, for TypeScript and JavaScript, direct questions to the server. */
export function createEditorDiagnostics(now: () => number = Date.now): Diagnostics & Disposable {
  const activity = createActivity(now);
  const ts = createTsServer();
  const knowledge = new WeakMap<DiagnosticsBaseline, Knowledge>();

  let patience = COLD_MS;

  /** Asks the server about files. Paths without an answer are missing in the result. */
  async function ask(uris: readonly Uri[], end: number, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, readonly Problem[]>> {
    const answers = new Map<string, readonly Problem[]>();
    for (const uri of uris) {
      if (now() >= end) break;
      const path = uri.fsPath;
      const problems = await ts.problems(uri, path, end - now(), signal);
      if (problems) answers.set(path, problems);
      else if (now() >= end) patience = DEAF_MS;
    }
    if (answers.size > 0) patience = WARM_MS;
    return answers;
  }

  return {
    async current(paths) {
      if (!paths) return published().sort(bySeverity);
      const uris = paths.map(uriOf);
      const askable = await filterAsync(uris.slice(0, MAX_ASKED), (uri) => ts.handles(uri));
      const asked = await ask(askable, now() + patience, undefined);
      return merge(published(uris), asked).sort(bySeverity);
    },

    async baseline(paths, signal) {
      const uris = paths.map(uriOf);
      const existing = await filterAsync(uris, async (uri) => (await statOf(uri, uri.fsPath)) !== undefined);
      const askable = await filterAsync(existing, (uri) => ts.handles(uri));
      const asked = await ask(askable, now() + patience, signal);
      const dependents = new Map<string, Uri>();
      const end = now() + DEPENDENTS_MS;
      for (const uri of askable) {
        if (!asked.has(uri.fsPath)) continue;
        for (const dependent of await dependentsOf(uri, end - now(), signal)) dependents.set(dependent.fsPath, dependent);
      }
      for (const path of asked.keys()) dependents.delete(path);
      const askedToo = await ask([...dependents.values()].slice(0, MAX_ASKED), now() + DEPENDENTS_MS, signal);
      const known = new Map([...asked, ...askedToo]);
      const covered = new Set([
        ...known.keys(),
        ...uris.filter((uri) => !existing.includes(uri) || activity.heard(uri) || hasTab(uri)).map((uri) => uri.fsPath),
      ]);
      const texts = new Map<string, string>();
      for (const uri of existing) if (!covered.has(uri.fsPath)) texts.set(uri.fsPath, await textOf(uri));
      const baseline = { problems: await locate(merge(published(), known), uriOf) };
      knowledge.set(baseline, { texts, dependents: [...dependents.values()].filter((uri) => askedToo.has(uri.fsPath)) });
      return baseline;
    },

    async settled(baseline, paths, ms, signal) {
      const end = now() + ms;
      const before = knowledge.get(baseline);
      const uris = paths.map(uriOf);
      const there = await filterAsync(uris, async (uri) => (await statOf(uri, uri.fsPath)) !== undefined);
      const askable = await filterAsync(there, (uri) => ts.handles(uri));
      const asked = await ask(askable, end, signal);
      signal.throwIfAborted();

      // Linters publish on their own time, so a file that is shown is waited for even when the server has answered; but
      // not for long, once the problem list shows that answer.
      const listened = there.filter((uri) => hasTab(uri) || activity.heard(uri));
      const shown = listened.filter((uri) => isShown(uri, asked.get(uri.fsPath)));
      const answers = await activity.wait(listened, shown, end - now(), signal);
      const asking = (before?.dependents ?? []).filter((uri) => !asked.has(uri.fsPath));
      const dependents = await ask(asking, Math.max(end, now() + DEPENDENTS_MS), signal);
      signal.throwIfAborted();

      const unchecked = there.filter((uri) => !asked.has(uri.fsPath) && !isAnswer(answers.get(uri.toString())));
      const late = unchecked.filter((uri) => askable.includes(uri) || answers.get(uri.toString()) === 'late');
      const found = await locate(merge(published(), new Map([...asked, ...dependents])), uriOf);
      const { added, fixed } = compareProblems(baseline.problems, found);
      const blamed = added.filter((p) => isOfEdit(p, before)).sort(bySeverity);
      const fresh = late.length === 0 && asking.length === dependents.size && unchecked.length < Math.max(1, there.length);
      const problems = (await withFixes(blamed, uriOf)).map(({ lineText: _text, ...problem }) => problem);
      signal.throwIfAborted();
      return { fresh, added: problems, fixed, unchecked: unchecked.map((uri) => uri.fsPath) };
    },

    dispose: () => activity.dispose(),
  };
}

function isAnswer(answer: Answer | undefined): boolean {
  return answer === 'answered' || answer === 'silent';
}

/** The problem list has caught up with what the server answered, so that quick fixes can be found for it. */
function isShown(uri: Uri, asked: readonly Problem[] | undefined): boolean {
  const listed = new Set(published([uri]).map((p) => `${p.line}:${p.code}`));
  return asked?.every((p) => listed.has(`${p.line}:${p.code}`)) ?? false;
}

/** In a file whose problems were unknown before, only those on lines that the edit brought are its doing. */
function isOfEdit(problem: Located, before: Knowledge | undefined): boolean {
  const text = before?.texts.get(problem.path);
  return text === undefined || onNewLines([problem], text).length > 0;
}

/** Where the server was asked, its answer replaces what it had published before. */
function merge(listed: readonly Problem[], asked: ReadonlyMap<string, readonly Problem[]>): Problem[] {
  return [...listed.filter((p) => !(asked.has(p.path) && p.source === 'ts')), ...[...asked.values()].flat()];
}

function hasTab(uri: Uri): boolean {
  const key = uri.toString();
  return window.tabGroups.all.some((group) =>
    group.tabs.some(({ input }) => {
      if (input instanceof TabInputText) return input.uri.toString() === key;
      return input instanceof TabInputTextDiff && input.modified.toString() === key;
    }),
  );
}

async function textOf(uri: Uri): Promise<string> {
  const open = openDocument(uri);
  if (open) return open.getText();
  try {
    return (await readDisk(uri, uri.fsPath)).text;
  } catch (error) {
    if (error instanceof ToolError) return '';
    throw error;
  }
}

async function filterAsync<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, i) => kept[i]);
}
