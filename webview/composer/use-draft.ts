import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '../../src/protocol/blocks';
import type { Post } from '../bridge';
import type { ViewState } from '../view-state';

export type Draft = { readonly text: string; readonly attachments: readonly Attachment[] };
const EMPTY: Draft = { text: '', attachments: [] };
/** While the user types, the host hears of it this often; rarely when each time would carry a whole picture. */
const POST_EVERY_MS = 150;
const POST_HEAVY_EVERY_MS = 2000;

/**
 * The message being written. The host keeps it for each session: it is posted at the first change, every moment while
 * changes go on, and at once when the user turns elsewhere, so that a reload at any time finds it. It is taken back
 * from the snapshot when another session is shown.
 */
export function useDraft(state: ViewState, post: Post): [Draft, (next: Draft) => void] {
  const [draft, show] = useState<Draft>(state.draft);
  const current = useRef(draft);
  const owner = useRef(state.session);
  const snapshot = useRef(state.snapshots);
  // What a menu added before the page was there is taken when it appears.
  const inserted = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const posted = useRef(draft);

  const take = (next: Draft) => {
    current.current = next;
    posted.current = next;
    show(next);
  };
  const send = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (current.current === posted.current) return;
    posted.current = current.current;
    post({ type: 'draft', text: current.current.text, attachments: [...current.current.attachments] });
    timer.current = setTimeout(send, isHeavy(current.current) ? POST_HEAVY_EVERY_MS : POST_EVERY_MS);
  };
  const set = (next: Draft) => {
    current.current = next;
    show(next);
    if (timer.current === undefined) send();
  };

  // Before the page is painted: one session's draft is never seen in another.
  useLayoutEffect(() => {
    if (snapshot.current === state.snapshots) return;
    snapshot.current = state.snapshots;
    // The first message gives a blank page its session; what was typed since stays where it is.
    const same = owner.current === state.session || (owner.current === null && state.draft.text === '');
    owner.current = state.session;
    if (same) return;
    take(state.draft);
  }, [state.snapshots]);

  useEffect(() => {
    if (state.otherDraft) take({ text: state.otherDraft.text, attachments: state.otherDraft.attachments });
  }, [state.otherDraft]);

  useEffect(() => {
    const { insert } = state;
    if (!insert || insert.n === inserted.current) return;
    inserted.current = insert.n;
    const { text, attachments } = current.current;
    const gap = text === '' || insert.text === '' || /\s$/.test(text) ? '' : ' ';
    set({ text: text + gap + insert.text, attachments: addTo(attachments, insert.attachments) });
  }, [state.insert]);

  useEffect(() => {
    window.addEventListener('pagehide', send);
    window.addEventListener('blur', send);
    document.addEventListener('focusout', send);
    document.addEventListener('visibilitychange', send);
    return () => {
      window.removeEventListener('blur', send);
      document.removeEventListener('focusout', send);
      window.removeEventListener('pagehide', send);
      document.removeEventListener('visibilitychange', send);
    };
  }, []);

  return [draft, set];
}

function isHeavy({ text, attachments }: Draft): boolean {
  return text.length > 20_000 || attachments.some((a) => a.kind === 'image' || a.kind === 'text');
}

/** Attachments without the ones that are there already. */
export function addTo(attachments: readonly Attachment[], more: readonly Attachment[]): readonly Attachment[] {
  const known = new Set(attachments.map((a) => JSON.stringify(a)));
  return [...attachments, ...more.filter((a) => !known.has(JSON.stringify(a)))];
}

export { EMPTY as EMPTY_DRAFT };
