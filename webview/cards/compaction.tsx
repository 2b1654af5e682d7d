import { useState } from 'preact/hooks';
import { tokens } from '../format';
import { Markdown } from '../markdown/markdown';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Button } from '../ui/button';
import { TextArea } from '../ui/fields';
import { Fold } from '../ui/fold';
import { Spinner } from '../ui/spinner';
import type { CompactionItem } from '../view-state';
import { Output } from './output';

/** The conversation was replaced by a summary for the model: how much it saved, with the summary inside, to be read and mended. */
export function CompactionCard({ item }: { item: CompactionItem }) {
  const { post, readOnly } = usePanel();
  const [editing, setEditing] = useState(false);
  const head = (
    <>
      {item.state === 'running' && <Spinner />}
      <span class={item.state === 'failed' ? 'tone-warning' : 'quiet'}>{headline(item)}</span>
    </>
  );
  const fold = (
    <Fold
      class="notice"
      head={head}
      empty={item.summary === '' && item.detail === ''}
      body={() => (item.summary ? <Markdown text={item.summary} live={false} /> : <Output text={item.detail} label={t('Why')} />)}
    />
  );
  if (!item.newest || readOnly) return fold;
  return (
    <div class="compaction">
      {fold}
      {editing ? (
        <EditSummary item={item} onDone={() => setEditing(false)} />
      ) : (
        <div class="actions">
          <button type="button" class="link" onClick={() => setEditing(true)}>
            {t('Edit the summary')}
          </button>
          <button type="button" class="link" onClick={() => post({ type: 'undo_compaction' })}>
            {t('Take it back')}
          </button>
        </div>
      )}
    </div>
  );
}

/** The user's own words in place of the model's, and what that costs. */
function EditSummary({ item, onDone }: { item: CompactionItem; onDone: () => void }) {
  const { post } = usePanel();
  const [text, setText] = useState(item.summary);
  const changed = text.trim() !== '' && text.trim() !== item.summary.trim();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape belongs to the field inside
    <div
      class="summary-edit"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      <TextArea value={text} label={t('Summary of the conversation')} focus onInput={setText} />
      <div class="quiet">
        {t(
          'Every request from now on carries your text. If the model was asked since it was condensed, the next request reads up to {0} tokens anew, once.',
          tokens(item.after),
        )}
      </div>
      <div class="actions">
        <Button
          primary
          disabled={!changed}
          onClick={() => {
            post({ type: 'edit_summary', compaction: item.seq, summary: text });
            onDone();
          }}
        >
          {t('Save summary')}
        </Button>
        <Button onClick={onDone}>{t('Cancel')}</Button>
      </div>
    </div>
  );
}

function headline({ state, before, after, edited }: CompactionItem): string {
  switch (state) {
    case 'running':
      return t('Condensing the conversation');
    case 'done':
      return edited
        ? t('Condensed the conversation from {0} to {1} tokens; you edited the summary', tokens(before), tokens(after))
        : t('Condensed the conversation from {0} to {1} tokens', tokens(before), tokens(after));
    case 'failed':
      return t('The conversation could not be condensed');
    case 'undone':
      return t('Condensing was taken back: the model has the whole conversation again');
  }
}
