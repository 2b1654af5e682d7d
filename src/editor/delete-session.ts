import { l10n, window } from 'vscode';
import type { AgentEvent } from '../protocol/events';
import type { PanelMemory } from './panel/memory';
import type { Authors } from './review/authors';
import type { SessionController } from './session-controller';

/** All that keeps something of a session. */
export type Deletion = {
  readonly controller: Pick<SessionController, 'remove'>;
  readonly store: { read(id: string): Promise<{ readonly events: readonly AgentEvent[] }> };
  readonly memory: Pick<PanelMemory, 'forget'>;
  readonly authors: Pick<Authors, 'alone' | 'forget'>;
  readonly review: { pending(): readonly { readonly path: string }[]; keep(path: string): Promise<void>; flush(): Promise<void> };
  readonly systemLog: { forget(session: string): Promise<void> };
  readonly log: { warn(message: string): void };
};

/**
 * Removes a session and every trace of it, after a word of the user. Its changes that wait for review stay in the files
 * as they are, and their baselines go: who wants them back undoes them before.
 */
export async function deleteSession(parts: Deletion, id: string): Promise<void> {
  const { controller, memory, authors, review, systemLog } = parts;
  const waiting = () => {
    const own = new Set(authors.alone(id));
    return review.pending().filter(({ path }) => own.has(path));
  };
  const remove = l10n.t('Delete');
  const detail = [
    l10n.t('Its conversation, its log and everything it kept on disk are removed. This can not be undone.'),
    keptText(waiting().length),
  ];
  const options = { modal: true, detail: detail.filter(Boolean).join('\n\n') };
  if ((await window.showWarningMessage(l10n.t('Delete this session?'), options, remove)) !== remove) return;
  const prompts = await promptsOf(parts, id);
  for (const { path } of waiting()) await review.keep(path);
  await controller.remove(id);
  authors.forget(id);
  await review.flush();
  await memory.forget(id, prompts);
  await systemLog.forget(id);
}

function keptText(files: number): string {
  if (files === 0) return '';
  return files === 1
    ? l10n.t('Its changes in one file still wait for review: they stay in the file, and can no longer be undone here.')
    : l10n.t('Its changes in {0} files still wait for review: they stay in the files, and can no longer be undone here.', files);
}

/** What was asked in a session; nothing where its log cannot be read. */
async function promptsOf({ store, log }: Deletion, id: string): Promise<readonly string[]> {
  try {
    return (await store.read(id)).events.flatMap((event) => (event.type === 'user_message' ? [event.text] : []));
  } catch (error) {
    log.warn(error instanceof Error ? error.message : String(error));
    return [];
  }
}
