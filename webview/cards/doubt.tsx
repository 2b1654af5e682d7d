import { Icon } from '../ui/icon';
import type { Item } from '../view-state';

/** The service's count of a request cannot be true: what Plumb counts instead. */
export function DoubtCard({ item }: { item: Extract<Item, { kind: 'doubt' }> }) {
  return (
    <div class="line-card quiet">
      <Icon name="alert" />
      <span>{item.text}</span>
    </div>
  );
}
