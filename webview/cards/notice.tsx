import { t } from '../strings';
import { Fold } from '../ui/fold';
import type { Item } from '../view-state';
import { Output } from './output';

type Notice = Extract<Item, { kind: 'notice' }>;

/** Something that the model was told besides the user's words: one quiet line, with its exact text inside. */
export function NoticeCard({ item }: { item: Notice }) {
  return (
    <Fold
      class="notice"
      head={<span class="quiet">{label(item.of)}</span>}
      body={() => <Output text={item.text} label={t('What the model was told')} />}
    />
  );
}

function label(of: Notice['of']): string {
  switch (of) {
    case 'mode':
      return t('Told the model: the mode changed');
    case 'model':
      return t('The model changed');
    case 'review':
      return t('Told the model what you undid');
    case 'file_changed':
      return t('Told the model that files changed');
    case 'continue':
      return t('Asked the model to go on');
    case 'environment':
      return t('Told the model the date');
    case 'tools':
      return t('Told the model which tools it can load');
    case 'effects':
      return t('Told the model what you found out');
    case 'trust':
      return t('Told the model that this folder is trusted');
  }
}
