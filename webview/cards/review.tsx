import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** What the user decided about a changed file. */
export function ReviewCard({ item }: { item: Extract<Item, { kind: 'review' }> }) {
  const { short, post } = usePanel();
  const kept = item.decision === 'kept';
  const what = kept
    ? plural(item.hunks, 'Kept {0} change in', 'Kept {0} changes in')
    : plural(item.hunks, 'Undid {0} change in', 'Undid {0} changes in');
  return (
    <div class="line-card quiet">
      <Icon name={kept ? 'check' : 'undo'} />
      <span>
        {what}{' '}
        <button type="button" class="link" title={item.path} onClick={() => post({ type: 'open', path: item.path })}>
          {short(item.path)}
        </button>
        {item.feedback && `: ${t('You said: {0}', item.feedback)}`}
      </span>
    </div>
  );
}
