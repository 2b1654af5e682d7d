import { Chip } from '../composer/chips';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { pieces } from '../text/visible';
import { IconButton } from '../ui/icon-button';
import type { Item } from '../view-state';

/** What can be done at a message. The host shows what a rewind would change, and asks. */
function MessageActions({ seq }: { seq: number }) {
  const { post, readOnly } = usePanel();
  if (readOnly) return null;
  return (
    <div class="user-actions">
      <IconButton icon="undo" label={t('Rewind to before this message…')} onClick={() => post({ type: 'rewind', to: seq })} />
      <IconButton icon="fork" label={t('Fork the session from here')} onClick={() => post({ type: 'fork', to: seq })} />
    </div>
  );
}

/** What the user said; the heading by which a reader moves from turn to turn. */
export function UserCard({ item }: { item: Extract<Item, { kind: 'user' }> }) {
  return (
    <div class="user-card">
      <h2 class="visually-hidden">{t('You said')}</h2>
      <div class="user-text">{pieces(item.text).map((p) => p.text)}</div>
      {item.attachments.length > 0 && (
        <ul class="chips" aria-label={t('Attached')}>
          {item.attachments.map((attachment, i) => (
            <Chip key={i} attachment={attachment} />
          ))}
        </ul>
      )}
      <MessageActions seq={item.seq} />
    </div>
  );
}
