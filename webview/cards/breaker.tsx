import { t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** A safety stop of the harness. */
export function BreakerCard({ item }: { item: Extract<Item, { kind: 'breaker' }> }) {
  return (
    <div class="callout tone-warning-edge">
      <Icon name="alert" class="tone-warning" />
      <div>
        <div class="callout-title">{t('Safety stop: {0}', item.breaker.replaceAll('_', ' '))}</div>
        <div>{item.detail}</div>
      </div>
    </div>
  );
}
