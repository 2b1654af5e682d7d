import { z } from 'zod';
import { type Attachment, zAttachment } from '../../protocol/blocks';
import type { KeptState } from '../kept-state';

const zDraft = z.object({ text: z.string(), attachments: z.array(zAttachment) });
export type Draft = { readonly text: string; readonly attachments: readonly Attachment[] };

const EMPTY: Draft = { text: '', attachments: [] };
const PROMPTS_KEPT = 100;

/** What the composer remembers per workspace: an unsent draft for each session, and the prompts that were sent. */
export type PanelMemory = {
  draft(session: string | null): Draft;
  setDraft(session: string | null, draft: Draft): Promise<void>;
  /** The draft of a page without a session goes to the session that its first message made. */
  move(from: string | null, to: string): Promise<void>;
  /** Newest first. */
  history(): readonly string[];
  remember(prompt: string): Promise<void>;
  /** Forgets the draft of a session that is deleted, and what was asked in it. */
  forget(session: string, prompts: readonly string[]): Promise<void>;
};

export function createPanelMemory(state: KeptState): PanelMemory {
  const key = (session: string | null) => `plumb.draft.${session ?? 'new'}`;
  const history = () => z.array(z.string()).catch([]).parse(state.get('plumb.history'));
  return {
    draft: (session) => zDraft.catch({ text: '', attachments: [] }).parse(state.get(key(session)) ?? EMPTY),
    async setDraft(session, draft) {
      const empty = !draft.text && draft.attachments.length === 0;
      await state.update(key(session), empty ? undefined : draft);
    },
    async move(from, to) {
      await state.update(key(to), state.get(key(from)));
      await state.update(key(from), undefined);
    },
    history,
    async remember(prompt) {
      if (!prompt.trim()) return;
      await state.update('plumb.history', [prompt, ...history().filter((p) => p !== prompt)].slice(0, PROMPTS_KEPT));
    },
    async forget(session, prompts) {
      await state.update(key(session), undefined);
      const left = history().filter((prompt) => !prompts.includes(prompt));
      if (left.length < history().length) await state.update('plumb.history', left);
    },
  };
}
