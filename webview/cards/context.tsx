import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Fold } from '../ui/fold';
import type { Item } from '../view-state';
import { Output } from './output';

type Context = Extract<Item, { kind: 'context' }>;

/** A change of what the model has in view. */
export function ContextCard({ item }: { item: Context }) {
  const { short } = usePanel();
  return (
    <Fold
      class="notice"
      head={<span class="quiet">{label(item.of)}</span>}
      empty={item.detail === ''}
      body={() => <Output text={short(item.detail)} label={label(item.of)} />}
    />
  );
}

function label(of: Context['of']): string {
  switch (of) {
    case 'compacted':
      return t('The conversation was condensed');
    case 'spilled':
      return t('A long output was moved to disk');
    case 'evicted':
      return t('Something was taken out of the context');
    case 'pinned':
      return t('Something was pinned in the context');
    case 'unpinned':
      return t('Something is no longer pinned in the context');
    case 'tools_loaded':
      return t('More tools were loaded');
  }
}
