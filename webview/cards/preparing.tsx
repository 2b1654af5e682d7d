import { t } from '../strings';
import { Fold } from '../ui/fold';
import { Spinner } from '../ui/spinner';
import type { Item } from '../view-state';
import { toolName } from './tool-head';

/** A call whose input is still arriving. */
export function PreparingCard({ item }: { item: Extract<Item, { kind: 'preparing' }> }) {
  const head = (
    <>
      <Spinner />
      <span class="verb">{toolName(item.tool)}</span>
      <span class="object quiet">{item.chars > 200 ? t('{0} characters so far', item.chars) : ''}</span>
    </>
  );
  return <Fold class="tool" empty head={head} body={() => null} />;
}
