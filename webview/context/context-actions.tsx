import { type ContextReport, type EvictionPrice, isEvictable, priceOfEviction, type UndoPrice } from '../../src/protocol/context';
import { dollars } from '../../src/protocol/spend';
import { tokens } from '../format';
import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Button } from '../ui/button';
import { costOf } from './context-totals';
import type { Row } from './rows';
import { chooseUpTo, NOTHING, picksOf, type Selection } from './selection';

type Props = {
  readonly report: ContextReport;
  readonly selection: Selection;
  /** The row that the keyboard is at. */
  readonly row: Row | undefined;
  readonly onSelect: (selection: Selection) => void;
};

/** What can be done with what is chosen, and its price before it is done. */
export function ContextActions({ report, selection, row, onSelect }: Props) {
  const { post } = usePanel();
  const picks = picksOf(selection);
  const chosen = picks.ids.length + picks.turns.length > 0;
  const price = chosen ? priceOfEviction(report, picks) : null;
  const turn = row?.kind === 'group' ? row.turn : row?.kind === 'block' ? row.block.turn : undefined;
  const pins = pinsOf(report, selection, row);
  return (
    <div class="context-foot">
      <div class="context-price" role="status">
        {report.waiting > 0 && (
          <div>
            {report.running
              ? t('What you chose is taken out after the step that is under way.')
              : t('What you chose is taken out before the next request.')}
          </div>
        )}
        {price ? <Price price={price} report={report} /> : <RowCost row={row} report={report} />}
        {report.undo && report.waiting === 0 && <PutBack price={report.undo} />}
      </div>
      <div class="actions">
        <Button
          primary
          disabled={!price || price.count === 0}
          onClick={() => {
            post({ type: 'evict', ids: [...picks.ids], turns: [...picks.turns] });
            onSelect(NOTHING);
          }}
        >
          {report.running ? t('Take out after this step') : t('Take out')}
        </Button>
        <Button disabled={turn === undefined} onClick={() => turn !== undefined && onSelect(chooseUpTo(selection, turn, report))}>
          {t('This turn and older')}
        </Button>
        {pins && (
          <Button
            onClick={() => {
              for (const callId of pins.ids) post({ type: 'pin', callId, on: pins.on });
              onSelect(NOTHING);
            }}
          >
            {pins.on ? t('Pin') : t('Unpin')}
          </Button>
        )}
        {chosen && <Button onClick={() => onSelect(NOTHING)}>{t('Clear choice')}</Button>}
        {report.waiting > 0 && <Button onClick={() => post({ type: 'undo_eviction' })}>{t('Call off')}</Button>}
        {report.undo && report.waiting === 0 && (
          <Button disabled={report.running} onClick={() => post({ type: 'undo_eviction' })}>
            {t('Put back')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Price({ price, report }: { readonly price: EvictionPrice; readonly report: ContextReport }) {
  const { count, freed, reread, once, saved } = price;
  return (
    <>
      <div>{t('{0}, frees about {1} tokens', plural(count, '{0} part', '{0} parts'), tokens(freed))}</div>
      <div class="quiet">
        {reread === 0
          ? t('It breaks no cache.')
          : once === null
            ? t('The next request reads {0} cached tokens anew, once.', tokens(reread))
            : t('The next request reads {0} cached tokens anew: {1} more, once.', tokens(reread), dollars(once))}{' '}
        {saved !== null && report.price && t('Each one after it costs {0} less.', dollars(saved))}
      </div>
    </>
  );
}

/** What was taken out last, and what it costs to have it again. */
function PutBack({ price: { tokens: back, reread, once, more } }: { readonly price: UndoPrice }) {
  return (
    <div class="quiet">
      {t('Putting back what was taken out last: {0} tokens.', tokens(back))}{' '}
      {reread === 0
        ? t('It breaks no cache.')
        : once === null
          ? t('The next request reads {0} tokens anew, once.', tokens(reread))
          : t('The next request reads {0} tokens anew: {1} more, once.', tokens(reread), dollars(once))}{' '}
      {more !== null && t('Each one after it costs {0} more.', dollars(more))}
    </div>
  );
}

/** Nothing is chosen: what the row at hand costs. */
function RowCost({ row, report }: { readonly row: Row | undefined; readonly report: ContextReport }) {
  const { short } = usePanel();
  const { price } = report;
  if (!row || row.kind === 'more') return <div class="quiet">{t('Space chooses, Shift chooses a range, arrows unfold.')}</div>;
  return (
    <>
      <div class="context-subject">{short(row.label)}</div>
      <div class="quiet">
        {price
          ? t(
              '{0} tokens. A request: {1} from the cache, {2} in full.',
              tokens(row.tokens),
              costOf(row.tokens, price.cacheRead),
              costOf(row.tokens, price.input),
            )
          : t('{0} tokens', tokens(row.tokens))}
      </div>
    </>
  );
}

/** Results that a press of the button pins, or lets go: those that are chosen, else the one at hand. */
function pinsOf(
  { blocks }: ContextReport,
  { ids }: Selection,
  row: Row | undefined,
): { readonly ids: readonly string[]; readonly on: boolean } | null {
  const chosen = blocks.flatMap((b) => (b.source === 'result' && b.id !== undefined && ids.has(b.id) ? [b.id] : []));
  if (chosen.length > 0) return { ids: chosen, on: true };
  if (row?.kind !== 'block' || row.block.source !== 'result' || row.block.id === undefined) return null;
  if (row.block.pinned) return { ids: [row.block.id], on: false };
  return isEvictable(row.block) ? { ids: [row.block.id], on: true } : null;
}
