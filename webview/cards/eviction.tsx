import { tokens } from '../format';
import { plural, t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** Results that the model is sent no more. */
export function EvictionCard({ item }: { item: Extract<Item, { kind: 'eviction' }> }) {
  const what = plural(item.count, '{0} result was taken out of the context', '{0} results were taken out of the context');
  return (
    <div class="line-card quiet">
      <Icon name="trash" />
      <span>{item.undone ? t('{0}, and put back', what) : t('{0}: {1} tokens freed', what, tokens(item.tokens))}</span>
    </div>
  );
}
