import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import { IconButton } from '../ui/icon-button';
import type { Queued } from '../view-state';

/** What was written during the run and waits for its next step. */
export function Queue({ queue }: { queue: readonly Queued[] }) {
  const { post, readOnly } = usePanel();
  if (queue.length === 0) return null;
  return (
    <ul class="queue" aria-label={t('Queued messages')}>
      {queue.map(({ queueId, text }) => (
        <li key={queueId} class="queued">
          <Icon name="queue" />
          <span class="queued-text" title={text}>
            {text}
          </span>
          {!readOnly && <IconButton icon="close" label={t('Remove from the queue')} onClick={() => post({ type: 'unqueue', queueId })} />}
        </li>
      ))}
    </ul>
  );
}
