import { t } from '../strings';
import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** A safety stop of the harness. */
export function BreakerCard({ item }: { item: Extract<Item, { kind: 'breaker' }> }) {
  return (
    <div class="callout tone-warning-edge">
      <Icon name="alert" class="tone-warning" />
      <div>
        <div class="callout-title">{t('Safety stop: {0}', nameOf(item.breaker))}</div>
        {item.detail && <div class="callout-text">{item.detail}</div>}
        {item.next && <div class="callout-text">{item.next}</div>}
      </div>
    </div>
  );
}

function nameOf(breaker: string): string {
  switch (breaker) {
    case 'api_retry':
      return t('the request kept failing');
    case 'compaction':
      return t('condensing did not help');
    case 'continuation':
      return t('the reply did not come to its end');
    case 'endless_reply':
      return t('the reply did not stop');
    case 'empty_reply':
      return t('the model said nothing');
    case 'repeated_call':
      return t('the same call again and again');
    case 'alternating_calls':
      return t('the same calls in a circle');
    case 'denied_calls':
      return t('every call was refused');
    case 'auto_mode':
      return t('auto mode is paused and asks again');
    case 'failing_calls':
      return t('every call failed');
    case 'fix_loop':
      return t('the same problem came back');
    default:
      return breaker.replaceAll('_', ' ');
  }
}
