import { z } from 'zod';
import { type Attachment, zAttachment } from '../../protocol/blocks';
import type { KeptState } from '../kept-state';

export type Draft = { readonly text: string; readonly attachments: readonly Attachment[] };

const PROMPTS_KEPT = 100;

/** What the composer remembers per workspace: an unsent draft for each session, and the prompts that were sent. */
export type PanelMemory = {
  /** `null` is the session that has not begun. */
  draft(session: string | null): Draft;
  /** Without attachments those that are there stay: pictures are not written again with every letter. */
  setDraft(session: string | null, draft: { readonly text: string; readonly attachments?: readonly Attachment[] }): Promise<void>;
  isDraft(session: string | null, given: Draft): boolean;
  /** Empties the draft if it is still the one that was sent. */
  sent(session: string | null, draft: Draft): Promise<void>;
  /** The draft of a blank page goes to the session that begins there. */
  begun(session: string): Promise<void>;
  /** Newest first. */
  history(): readonly string[];
  remember(prompt: string): Promise<void>;
  /** Forgets the draft of a session that is deleted, and what was asked in it. */
  forget(session: string, prompts: readonly string[]): Promise<void>;
};

/** Text and attachments are kept apart, each written when it changes. */
export function createPanelMemory(state: KeptState): PanelMemory {
  const textKey = (session: string | null) => `plumb.draft.${session ?? 'new'}`;
  const attachedKey = (session: string | null) => `plumb.attached.${session ?? 'new'}`;
  const history = () => z.array(z.string()).catch([]).parse(state.get('plumb.history'));
  /** What a page still says of a deleted session must not bring a trace of it back. */
  const gone = new Set<string | null>();

  const draft = (session: string | null): Draft => ({
    text: z
      .string()
      .catch('')
      .parse(state.get(textKey(session))),
    attachments: z
      .array(zAttachment)
      .catch([])
      .parse(state.get(attachedKey(session))),
  });
  const setDraft: PanelMemory['setDraft'] = async (session, { text, attachments }) => {
    if (gone.has(session)) return;
    await Promise.all([
      state.update(textKey(session), text || undefined),
      attachments && state.update(attachedKey(session), attachments.length > 0 ? attachments : undefined),
    ]);
  };
  const isDraft = (session: string | null, { text, attachments }: Draft) =>
    JSON.stringify(draft(session)) === JSON.stringify({ text, attachments });
  return {
    draft,
    setDraft,
    isDraft,
    async sent(session, given) {
      if (isDraft(session, given)) await setDraft(session, { text: '', attachments: [] });
    },
    async begun(session) {
      const taken = draft(null);
      await Promise.all([setDraft(session, taken), setDraft(null, { text: '', attachments: [] })]);
    },
    history,
    async remember(prompt) {
      if (!prompt.trim()) return;
      await state.update('plumb.history', [prompt, ...history().filter((p) => p !== prompt)].slice(0, PROMPTS_KEPT));
    },
    async forget(session, prompts) {
      await setDraft(session, { text: '', attachments: [] });
      gone.add(session);
      const left = history().filter((prompt) => !prompts.includes(prompt));
      if (left.length < history().length) await state.update('plumb.history', left);
    },
  };
}
