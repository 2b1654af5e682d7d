import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Standing } from '../view-state';

/** What opens over the transcript. One at a time: two would hide each other. */
export type Overlay = 'sessions' | 'context' | 'spend';

export type OverlayProps = { readonly overlay: Overlay | null; readonly onOverlay: (which: Overlay, open: boolean) => void };

/** Which one is open: what the user, or a command of the editor, opened last. */
export function useOverlay({ focus, session }: Standing): readonly [Overlay | null, OverlayProps['onOverlay']] {
  const [overlay, setOverlay] = useState(() => asked(focus));
  const set = useCallback((which: Overlay, open: boolean) => setOverlay((shown) => (open ? which : shown === which ? null : shown)), []);
  // Another session was chosen: the list has served.
  useEffect(() => set('sessions', false), [session, set]);
  useEffect(() => {
    const target = asked(focus);
    if (target) set(target, true);
  }, [focus, set]);
  return [overlay, set];
}

function asked(focus: Standing['focus']): Overlay | null {
  const target = focus?.target;
  return target === 'sessions' || target === 'context' || target === 'spend' ? target : null;
}
