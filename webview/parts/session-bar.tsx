import { usePanel } from '../panel-context';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';
import type { Standing } from '../view-state';
import type { OverlayProps } from './overlay';
import { SessionList } from './session-list';
import { StageChip } from './stage-chip';

/** Which session this is, and the ways to others. */
export function SessionBar({ state, overlay, onOverlay }: { state: Standing } & OverlayProps) {
  const { post } = usePanel();
  const open = overlay === 'sessions';
  return (
    <header class="session-bar">
      <h1 class="session-title" title={state.title}>
        {state.title || t('New session')}
      </h1>
      <StageChip state={state} />
      <IconButton icon="history" label={t('Sessions')} pressed={open} onClick={() => onOverlay('sessions', !open)} />
      <IconButton icon="open" label={t('Open in an editor tab')} onClick={() => post({ type: 'command', name: 'open_in_editor' })} />
      <IconButton icon="add" label={t('New session')} onClick={() => post({ type: 'new_session' })} />
      {open && <SessionList sessions={state.sessions} current={state.session} onClose={() => onOverlay('sessions', false)} />}
    </header>
  );
}
