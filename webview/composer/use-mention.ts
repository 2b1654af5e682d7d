import { useRef, useState } from 'preact/hooks';
import type { Completion } from '../../src/protocol/messages';
import type { Post } from '../bridge';
import type { ViewState } from '../view-state';
import { mentionAt } from './mention';

/** The `@` list: asks the host on each letter, and shows the newest answer until a newer one is there. */
export function useMention(completions: ViewState['completions'], post: Post) {
  const asked = useRef(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  /** The first question about the mention that is being typed: older answers belong to another one. */
  const first = useRef(0);
  const answer = open && completions && completions.id >= first.current ? completions : null;
  const items = answer?.items ?? [];

  return {
    open: answer !== null,
    items,
    active: Math.min(active, Math.max(0, items.length - 1)),
    close: () => setOpen(false),
    look(text: string, caret: number) {
      const found = mentionAt(text, caret);
      setOpen(found !== null);
      setActive(0);
      if (!found) return;
      asked.current += 1;
      if (!open) first.current = asked.current;
      post({ type: 'complete', id: asked.current, query: found.query });
    },
    /** Handles a key while the list is open; false leaves it to the text. */
    key(event: KeyboardEvent, choose: (item: Completion) => void): boolean {
      if (!open) return false;
      const item = items[Math.min(active, items.length - 1)];
      if (event.key === 'Escape') setOpen(false);
      else if (event.key === 'ArrowDown' && items.length > 0) setActive((active + 1) % items.length);
      else if (event.key === 'ArrowUp' && items.length > 0) setActive((active + items.length - 1) % items.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && item && !event.shiftKey) choose(item);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
