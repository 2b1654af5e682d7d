import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '../../src/protocol/blocks';
import type { Post } from '../bridge';
import type { Standing } from '../view-state';

export type Draft = { readonly text: string; readonly attachments: readonly Attachment[] };
const EMPTY: Draft = { text: '', attachments: [] };

export type DraftHandle = {
  readonly draft: Draft;
  set(next: Draft): void;
  /** Sends it to the session that it belongs to. */
  send(): void;
};

/**
 * The message being written. The host keeps it for each session and hears of every change at once, so that a reload at
 * any time finds it. Each post names the session that it belongs to; `blank` counts how often the user asked this page
 * for a new one, whose draft begins at that moment and not when the host answers.
 */
export function useDraft(state: Standing, post: Post, blank: number, field: RefObject<HTMLTextAreaElement | null>): DraftHandle {
  const [draft, show] = useState<Draft>(state.draft);
  const current = useRef(draft);
  const owner = useRef(state.session);
  /** The session that the user has left for a new one, until that is shown. */
  const left = useRef<string | null>(null);
  const blanks = useRef(blank);
  const snapshot = useRef(state.snapshots);
  // What a menu added before the page was there is taken when it appears.
  const inserted = useRef(0);
  /** False after sending: the host has the attachments that were sent until they are in the log. */
  const attachmentsKnown = useRef(true);
  const caretTo = useRef<number | null>(null);

  const take = (next: Draft) => {
    current.current = next;
    show(next);
  };
  const set = (next: Draft) => {
    const changed = next.attachments !== current.current.attachments || !attachmentsKnown.current;
    attachmentsKnown.current = true;
    take(next);
    post({ type: 'draft', session: owner.current, text: next.text, ...(changed ? { attachments: [...next.attachments] } : {}) });
  };
  const add = (to: Draft, { text, attachments }: Draft) => {
    const gap = to.text === '' || text === '' || /\s$/.test(to.text) ? '' : ' ';
    set({ text: to.text + gap + text, attachments: addTo(to.attachments, attachments) });
  };
  const send = () => {
    post({ type: 'send', session: owner.current, text: current.current.text, attachments: [...current.current.attachments] });
    take(EMPTY);
    attachmentsKnown.current = false;
  };

  // Before the page is painted: one session's draft is never seen in another.
  useLayoutEffect(() => {
    if (blanks.current === blank) return;
    blanks.current = blank;
    if (owner.current === null) return;
    left.current = owner.current;
    owner.current = null;
    take(EMPTY);
  }, [blank]);

  useLayoutEffect(() => {
    if (snapshot.current === state.snapshots) return;
    snapshot.current = state.snapshots;
    const { session } = state;
    if (left.current !== null) {
      if (session === left.current) return; // sent before the host heard of the wish
      left.current = null;
      if (session === null) {
        // What was typed ahead of the answer comes after what was written there before.
        if (isEmpty(current.current)) take(state.draft);
        else if (!isEmpty(state.draft)) add(state.draft, current.current);
        return;
      }
    }
    // The first message gives a blank page its session; what was typed since stays where it is.
    const same = owner.current === session || (owner.current === null && state.begun);
    owner.current = session;
    if (!same) take(state.draft);
  }, [state.snapshots]);

  useLayoutEffect(() => {
    if (!state.otherDraft || left.current !== null) return;
    const { text } = state.otherDraft;
    const caret = field.current?.selectionStart ?? 0;
    caretTo.current = caret === current.current.text.length ? text.length : Math.min(caret, text.length);
    take(state.otherDraft);
  }, [state.otherDraft]);

  useLayoutEffect(() => {
    if (caretTo.current !== null) field.current?.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = null;
  }, [draft]);

  useEffect(() => {
    const { insert } = state;
    if (!insert || insert.n === inserted.current) return;
    inserted.current = insert.n;
    add(current.current, insert);
  }, [state.insert]);

  return { draft, set, send };
}

function isEmpty({ text, attachments }: Draft): boolean {
  return text === '' && attachments.length === 0;
}

/** Attachments without the ones that are there already. */
export function addTo(attachments: readonly Attachment[], more: readonly Attachment[]): readonly Attachment[] {
  const known = new Set(attachments.map((a) => JSON.stringify(a)));
  return [...attachments, ...more.filter((a) => !known.has(JSON.stringify(a)))];
}
