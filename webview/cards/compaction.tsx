import { tokens } from '../format';
import { Markdown } from '../markdown/markdown';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Fold } from '../ui/fold';
import { Spinner } from '../ui/spinner';
import type { CompactionItem } from '../view-state';
import { Output } from './output';

/** The conversation was replaced by a summary for the model: how much it saved, with the summary inside. */
export function CompactionCard({ item }: { item: CompactionItem }) {
  const head = (
    <>
      {item.state === 'running' && <Spinner />}
      <span class={item.state === 'failed' ? 'tone-warning' : 'quiet'}>{headline(item)}</span>
    </>
  );
  const { post } = usePanel();
  const fold = (
    <Fold
      class="notice"
      head={head}
      empty={item.summary === '' && item.detail === ''}
      body={() => (item.summary ? <Markdown text={item.summary} live={false} /> : <Output text={item.detail} label={t('Why')} />)}
    />
  );
  if (!item.newest) return fold;
  return (
    <div class="compaction">
      {fold}
      <button type="button" class="link" onClick={() => post({ type: 'undo_compaction' })}>
        {t('Take it back')}
      </button>
    </div>
  );
}

function headline({ state, before, after }: CompactionItem): string {
  switch (state) {
    case 'running':
      return t('Condensing the conversation');
    case 'done':
      return t('Condensed the conversation from {0} to {1} tokens', tokens(before), tokens(after));
    case 'failed':
      return t('The conversation could not be condensed');
    case 'undone':
      return t('Condensing was taken back: the model has the whole conversation again');
  }
}
