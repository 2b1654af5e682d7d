import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ContextReport } from '../../src/protocol/context';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';
import { IconButton } from '../ui/icon-button';
import { Spinner } from '../ui/spinner';
import type { Standing } from '../view-state';
import { ContextActions } from './context-actions';
import { ContextTotals } from './context-totals';
import { ContextTree } from './context-tree';
import { keyOf, type Order, PAGE, rowsOf, sumOf } from './rows';
import { NOTHING, stillThere } from './selection';

type Props = { readonly state: Standing; readonly onClose: () => void };

/** What the model has in view, part by part: looked at, taken out, pinned, condensed [C4, C9]. */
export function ContextView({ state, onClose }: Props) {
  const { post } = usePanel();
  const [order, setOrder] = useState<Order>('sent');
  const [condensing, setCondensing] = useState(false);
  useEffect(() => {
    post({ type: 'watch_context', on: true });
    return () => post({ type: 'watch_context', on: false });
  }, [post, state.session, state.snapshots]);
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>('.figure-context')?.focus();
  };
  const { context: report } = state;
  const greeted = useRef(false);
  useEffect(() => {
    if (report) greeted.current = true;
  }, [report]);
  return (
    <div
      class="context-view"
      role="dialog"
      aria-label={t('Context')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <div class="context-head">
        <h2 class="context-title">{t('Context')}</h2>
        {state.session !== null && (
          <button type="button" class="link" aria-pressed={order === 'size'} onClick={() => setOrder(order === 'size' ? 'sent' : 'size')}>
            {order === 'size' ? t('By turn') : t('Largest first')}
          </button>
        )}
        {state.session !== null && !state.heldBy && (
          <button type="button" class="link" aria-expanded={condensing} onClick={() => setCondensing(!condensing)}>
            {t('Condense…')}
          </button>
        )}
        <IconButton icon="close" label={t('Close')} onClick={close} />
      </div>
      {condensing && <Condense onDone={() => setCondensing(false)} />}
      {report ? (
        <Report key={state.session} report={report} order={order} readOnly={state.heldBy !== null} focus={!greeted.current} />
      ) : (
        <Nothing session={state.session} />
      )}
    </div>
  );
}

function Nothing({ session }: { readonly session: string | null }) {
  if (session === null) return <p class="context-none quiet">{t('Nothing has been sent yet: there is no session.')}</p>;
  return (
    <p class="context-none">
      <Spinner />
    </p>
  );
}

/** Condenses the conversation now; what the summary must keep can be said. */
function Condense({ onDone }: { readonly onDone: () => void }) {
  const { post } = usePanel();
  const [focus, setFocus] = useState('');
  const condense = () => {
    post({ type: 'compact', focus });
    onDone();
  };
  return (
    <div class="context-condense">
      <TextField
        value={focus}
        label={t('What must the summary keep?')}
        placeholder={t('What to keep (optional)')}
        focus
        onInput={setFocus}
        onEnter={condense}
        onEscape={onDone}
      />
      <Button primary onClick={condense}>
        {t('Condense now')}
      </Button>
    </div>
  );
}

type ReportProps = { readonly report: ContextReport; readonly order: Order; readonly readOnly: boolean; readonly focus: boolean };

function Report({ report, order, readOnly, focus }: ReportProps) {
  const newest = report.blocks.at(-1)?.turn;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(newest === undefined ? [] : [keyOf(newest)]));
  const [limit, setLimit] = useState(PAGE);
  const [chosen, setChosen] = useState(NOTHING);
  const [active, setActive] = useState('');
  const selection = useMemo(() => stillThere(chosen, report), [chosen, report]);
  const rows = useMemo(() => rowsOf(report, { order, open, limit }), [report, order, open, limit]);
  const total = useMemo(() => sumOf(report.blocks), [report]);
  const fold = (key: string, on: boolean) => {
    const next = new Set(open);
    if (on) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  return (
    <>
      <ContextTotals report={report} total={total} />
      {report.stale.tokens > total * 0.2 && !readOnly && <Stale report={report} total={total} onChoose={setChosen} />}
      <ContextTree
        rows={rows}
        report={report}
        total={total}
        selection={selection}
        onSelect={setChosen}
        active={active}
        onActive={setActive}
        onFold={fold}
        onMore={() => setLimit(limit + PAGE)}
        readOnly={readOnly}
        focus={focus}
      />
      {!readOnly && <ContextActions report={report} selection={selection} row={rows.find((r) => r.key === active)} onSelect={setChosen} />}
    </>
  );
}

type StaleProps = { readonly report: ContextReport; readonly total: number; readonly onChoose: (selection: typeof NOTHING) => void };

/** What can be told to be of no more use, and why. */
function Stale({ report, total, onChoose }: StaleProps) {
  const { ids, tokens } = report.stale;
  return (
    <div class="context-hint">
      <span>
        {t(
          '{0}% of it are old results: the same was read again later, the file has changed since, or nothing named it for ten turns.',
          Math.round((tokens / total) * 100),
        )}
      </span>{' '}
      <button type="button" class="link" onClick={() => onChoose({ ids: new Set(ids), turns: new Set() })}>
        {t('Choose them')}
      </button>
    </div>
  );
}
