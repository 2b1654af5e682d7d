import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PanelMessage } from '../src/protocol/messages';
import { isRunning } from '../src/protocol/workflow';
import type { Post } from './bridge';
import { Composer } from './composer/composer';
import { ContextView } from './context/context-view';
import { Dock } from './dock/dock';
import { PanelContext, panelOf } from './panel-context';
import { Announcer } from './parts/announcer';
import { Banners } from './parts/banners';
import { ChangedFiles } from './parts/changed-files';
import { EmptyState } from './parts/empty-state';
import { Meter } from './parts/meter';
import { useOverlay } from './parts/overlay';
import { SessionBar } from './parts/session-bar';
import { TaskList } from './parts/task-list';
import { TranscriptView } from './parts/transcript-view';
import type { Standing, ViewState } from './view-state';

/** The page, from top to bottom. Everything it shows comes from `state`; everything it does goes through `post`. */
export function App({ state, post: toHost }: { state: ViewState; post: Post }) {
  const { roots } = state.workspace;
  const readOnly = state.heldBy !== null;
  // How often a new session was asked for here: what is typed from then on belongs to it.
  const [blank, setBlank] = useState(0);
  const post = useCallback(
    (message: PanelMessage) => {
      toHost(message);
      if (message.type === 'new_session') setBlank((n) => n + 1);
    },
    [toHost],
  );
  const [overlay, setOverlay] = useOverlay(state);
  const panel = useMemo(() => panelOf(post, roots, readOnly, () => setOverlay('context', true)), [post, roots, readOnly, setOverlay]);
  useFocusReports(post);
  // All but the transcript is rendered again only when something besides the previews has changed.
  const standing = useStanding(state);
  const head = useMemo(
    () => (
      <>
        <SessionBar state={standing} overlay={overlay} onOverlay={setOverlay} />
        <Banners state={standing} />
      </>
    ),
    [standing, overlay, setOverlay],
  );
  const foot = useMemo(
    () => (
      <>
        {overlay === 'context' && <ContextView state={standing} onClose={() => setOverlay('context', false)} />}
        <div class="foot">
          <TaskList tasks={standing.status.tasks} running={isRunning(standing.status.workflow)} />
          <ChangedFiles files={standing.pending} />
          <Dock state={standing} />
          <Composer state={standing} blank={blank} />
          <Meter state={standing} overlay={overlay} onOverlay={setOverlay} />
        </div>
        <Announcer state={standing} />
      </>
    ),
    [standing, blank, overlay, setOverlay],
  );
  if (!state.loaded) return null;
  const empty = state.transcript.sections.length === 0 && state.live.blocks.length === 0 && state.status.runningSince === null;
  return (
    <PanelContext.Provider value={panel}>
      {head}
      {empty ? (
        <EmptyState session={state.session} connection={state.connection} workspace={state.workspace.name} />
      ) : (
        <TranscriptView state={state} />
      )}
      {foot}
    </PanelContext.Provider>
  );
}

/** The same object for as long as nothing but the previews has changed. */
function useStanding(state: ViewState): Standing {
  const last = useRef<Standing>(state);
  const { live: _, ...standing } = state;
  if (!alike<Standing>(standing, last.current)) last.current = standing;
  return last.current;
}

function alike<T extends object>(a: T, b: T): boolean {
  for (const key in a) if (a[key] !== b[key]) return false;
  return true;
}

type Inside = 'composer' | 'dock' | 'none';

/** The workbench cannot see into the page: it is told where the focus is, for the keys that depend on it. */
function useFocusReports(post: Post): void {
  useEffect(() => {
    let last: Inside = 'none';
    const report = (inside: Inside) => {
      if (inside !== last) post({ type: 'focus', inside });
      last = inside;
    };
    const onFocusIn = (event: FocusEvent) => report(placeOf(event.target));
    const onFocusOut = (event: FocusEvent) => {
      if (event.relatedTarget === null) report('none');
    };
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('focusout', onFocusOut);
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('focusout', onFocusOut);
    };
  }, [post]);
}

function placeOf(target: EventTarget | null): Inside {
  if (!(target instanceof Element)) return 'none';
  if (target.closest('.composer')) return 'composer';
  return target.closest('.dock') ? 'dock' : 'none';
}
