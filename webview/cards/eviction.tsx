import { tokens } from '../format';
import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

type Eviction = Extract<Item, { kind: 'eviction' }>;

/** What the model is sent no more. */
export function EvictionCard({ item }: { item: Eviction }) {
  const { showContext, readOnly } = usePanel();
  const what = whatOf(item);
  return (
    <div class="line-card quiet">
      <Icon name="trash" />
      <span>{item.undone ? t('{0}, and put back', what) : t('{0}: {1} tokens freed', what, tokens(item.tokens))}</span>
      {item.newest && !readOnly && (
        <button type="button" class="link" title={t('Shows what it costs first.')} onClick={showContext}>
          {t('Put back…')}
        </button>
      )}
    </div>
  );
}

function whatOf({ count, turns }: Eviction): string {
  if (turns === 0) return plural(count, '{0} result was taken out of the context', '{0} results were taken out of the context');
  const whole = plural(turns, '{0} turn', '{0} turns');
  return count === 0
    ? t('{0} taken out of the context', whole)
    : t('{0} and {1} taken out of the context', whole, plural(count, '{0} result', '{0} results'));
}
