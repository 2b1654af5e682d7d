import { useEffect, useRef, useState } from 'preact/hooks';
import type { ContextReport } from '../../src/protocol/context';
import { percent, tokens } from '../format';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import { rowAfter } from '../ui/list-keys';
import type { Row } from './rows';
import { checkedOf, choose, type Selection } from './selection';

type Props = {
  readonly rows: readonly Row[];
  readonly report: ContextReport;
  /** Of everything in the window, for the bars. */
  readonly total: number;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly active: string;
  readonly onActive: (key: string) => void;
  readonly onFold: (key: string, open: boolean) => void;
  readonly onMore: () => void;
  readonly readOnly: boolean;
  /** The user has just opened the view: the keyboard goes on from here. */
  readonly focus: boolean;
};

/**
 * The blocks as a tree with one tab stop: arrows walk and fold, Space chooses, Shift extends what is chosen. The rows
 * hold no buttons of their own; what can be done stands below.
 */
export function ContextTree({ rows, report, total, selection, onSelect, active, onActive, onFold, onMore, readOnly, focus }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [anchor, setAnchor] = useState('');
  const at = Math.max(
    0,
    rows.findIndex((row) => row.key === active),
  );
  const here = rows[at];
  useEffect(() => {
    if (focus) box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, []);

  const goTo = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    onActive(row.key);
    box.current?.querySelector<HTMLElement>(`[data-key="${row.key}"]`)?.focus();
  };
  const toggle = (row: Row) => {
    if (readOnly) return;
    setAnchor(row.key);
    onSelect(choose(selection, row, checkedOf(row, selection, report.blocks) !== true, report.blocks));
  };
  /** Everything from where the choice began up to this row. */
  const extendTo = (index: number) => {
    if (readOnly) return;
    const from = rows.findIndex((row) => row.key === anchor);
    const [first, last] = from < 0 ? [index, index] : [Math.min(from, index), Math.max(from, index)];
    onSelect(rows.slice(first, last + 1).reduce((chosen, row) => choose(chosen, row, true, report.blocks), selection));
    if (from < 0) setAnchor(rows[index]?.key ?? '');
  };
  const act = (row: Row) => {
    if (row.kind === 'more') onMore();
    else if (row.kind === 'group') onFold(row.key, !row.open);
    else toggle(row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = rowAfter(event.key, at, rows.length);
    if (step !== null) {
      if (event.shiftKey && anchor === '') setAnchor(here.key);
      if (event.shiftKey) extendTo(step);
      goTo(step);
    } else if (event.key === ' ' && event.shiftKey) extendTo(at);
    else if (event.key === ' ') here.kind === 'more' ? onMore() : toggle(here);
    else if (event.key === 'Enter') act(here);
    else if (event.key === 'ArrowRight' && here.kind === 'group' && !here.open) onFold(here.key, true);
    else if (event.key === 'ArrowLeft' && here.kind === 'group' && here.open) onFold(here.key, false);
    else if (event.key === 'ArrowLeft') goTo(rows.findLastIndex((row, i) => i < at && row.level < here.level));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      class="context-tree"
      role="tree"
      aria-label={t('Parts of the context')}
      aria-multiselectable="true"
      ref={box}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, i) => (
        <TreeRow
          key={row.key}
          row={row}
          total={total}
          checked={checkedOf(row, selection, report.blocks)}
          current={i === at}
          readOnly={readOnly}
          onFocus={() => onActive(row.key)}
          onClick={(event) => {
            onActive(row.key);
            const target = event.target instanceof Element ? event.target : null;
            if (event.shiftKey) extendTo(i);
            else if (row.kind !== 'group' || target?.closest('.context-check')) row.kind === 'more' ? onMore() : toggle(row);
            else onFold(row.key, !row.open);
          }}
        />
      ))}
    </div>
  );
}

type TreeRowProps = {
  readonly row: Row;
  readonly total: number;
  readonly checked: boolean | 'mixed';
  readonly current: boolean;
  readonly readOnly: boolean;
  readonly onFocus: () => void;
  readonly onClick: (event: MouseEvent) => void;
};

function TreeRow({ row, total, checked, current, readOnly, onFocus, onClick }: TreeRowProps) {
  const { short } = usePanel();
  const tabIndex = current ? 0 : -1;
  if (row.kind === 'more') {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
      <div
        class="context-row"
        role="treeitem"
        data-key={row.key}
        aria-level={row.level}
        tabIndex={tabIndex}
        onFocus={onFocus}
        onClick={onClick}
      >
        <span class="link">{row.label}</span>
      </div>
    );
  }
  const label = short(row.label);
  const share = total > 0 ? row.tokens / total : 0;
  const offers = row.pickable && !readOnly;
  const state = row.cached === 0 ? t('not cached') : row.cached < row.tokens ? t('partly cached') : t('cached');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      class={`context-row level-${row.level}${checked === true ? ' is-chosen' : ''}`}
      role="treeitem"
      data-key={row.key}
      aria-level={row.level}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={onClick}
      aria-expanded={row.kind === 'group' ? row.open : undefined}
      aria-checked={offers || checked !== false ? checked : undefined}
      aria-label={t('{0}, {1} tokens, {2}, {3}', label, tokens(row.tokens), percent(share), state)}
      title={label}
    >
      {row.kind === 'group' ? <Icon name="chevron" class={row.open ? 'twist open' : 'twist'} /> : <span class="context-indent" />}
      <span class={`context-check${offers ? '' : ' is-off'}`} aria-hidden="true">
        {checked === true && <Icon name="check" />}
        {checked === 'mixed' && '–'}
      </span>
      <span class="context-label">{label}</span>
      <svg
        class={row.cached > 0 ? 'context-bar is-cached' : 'context-bar'}
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect width={Math.max(1, Math.min(100, share * 100))} height="6" />
      </svg>
      <span class="context-figure">{tokens(row.tokens)}</span>
    </div>
  );
}
