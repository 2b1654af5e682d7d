import { useEffect, useState } from 'preact/hooks';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';
import type { Standing } from '../view-state';
import { SessionList } from './session-list';
import { StageChip } from './stage-chip';

/** Which session this is, and the ways to others. */
export function SessionBar({ state }: { state: Standing }) {
  const { post } = usePanel();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (state.focus?.target === 'sessions') setOpen(true);
  }, [state.focus]);
  useEffect(() => setOpen(false), [state.session]);
  return (
    <header class="session-bar">
      <h1 class="session-title" title={state.title}>
        {state.title || t('New session')}
      </h1>
      <StageChip state={state} />
      <IconButton icon="history" label={t('Sessions')} pressed={open} onClick={() => setOpen(!open)} />
      <IconButton icon="open" label={t('Open in an editor tab')} onClick={() => post({ type: 'command', name: 'open_in_editor' })} />
      <IconButton icon="add" label={t('New session')} onClick={() => post({ type: 'new_session' })} />
      {open && <SessionList sessions={state.sessions} current={state.session} onClose={() => setOpen(false)} />}
    </header>
  );
}
