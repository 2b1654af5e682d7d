import { tokens } from '../format';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** What the service has to read anew, and why: it costs ten times what the cache would have. */
export function CacheCard({ item }: { item: Extract<Item, { kind: 'cache' }> }) {
  const text =
    item.of === 'switched'
      ? t('Model changed to {0}: it reads {1} tokens anew', item.detail, tokens(item.tokens))
      : t('{0} tokens were not read from the cache. {1}', tokens(item.tokens), item.detail);
  return (
    <div class="line-card quiet">
      <Icon name="alert" />
      <span>{text}</span>
    </div>
  );
}
