import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SystemRecord } from '../../src/protocol/system-log';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import { rowAfter } from '../ui/list-keys';

/** Of one row, in pixels; the style sheet has the same. */
const ROW = 22;
/** Rows above and below the ones in sight. */
const AROUND = 20;
/** Rows are asked for by pages of this many. */
const PAGE = 100;

type Props = {
  readonly count: number;
  readonly version: number;
  readonly rows: ReadonlyMap<number, SystemRecord>;
  readonly ask: (from: number, count: number) => void;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly selected: number;
  readonly onSelect: (row: number) => void;
  readonly onOpen: (open: boolean) => void;
};

/** Only the rows in sight exist, however many there are. */
export function RowList({ count, version, rows, ask, follow, onFollow, selected, onSelect, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const asked = useRef({ version: 0, pages: new Set<number>() });
  const from = Math.max(0, Math.floor(view.top / ROW) - AROUND);
  const to = Math.min(count, Math.ceil((view.top + view.height) / ROW) + AROUND);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    look();
    return () => watch.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, count, view.height]);

  const height = useRef(view.height);
  useLayoutEffect(() => {
    const before = height.current;
    height.current = view.height;
    const element = box.current;
    if (!element || selected < 0 || view.height >= before) return;
    // The details take room from below: the row that they are of stays in sight, unless it was left before.
    const left = selected * ROW < element.scrollTop || (selected + 1) * ROW > element.scrollTop + before;
    if (!left) bringIntoSight(element, selected);
  }, [view.height]);

  useEffect(() => {
    if (asked.current.version !== version) asked.current = { version, pages: new Set() };
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      const first = page * PAGE;
      const last = Math.min(first + PAGE, count);
      const missing = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i).some((row) => !rows.has(row));
      // The last page grows: it is asked for again when it has.
      const key = page * 1_000 + (last - first);
      if (!missing || asked.current.pages.has(key)) continue;
      asked.current.pages.add(key);
      ask(first, PAGE);
    }
    // What was dropped to save memory may be asked for again.
    if (rows.size === 0) asked.current.pages.clear();
  }, [from, to, count, version, rows, ask]);

  function select(row: number): void {
    onSelect(row);
    const element = box.current;
    if (!element) return;
    bringIntoSight(element, row);
    onFollow(follow && row === count - 1);
  }

  const choose = (row: number) => {
    select(row);
    onOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / ROW) - 1);
    const target = rowAfter(event.key, selected, count, page);
    if (target !== null) select(target);
    else if (event.key === 'Enter' && selected >= 0) onOpen(true);
    else if (event.key === 'Escape') onOpen(false);
    else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && rows.has(selected))
      void navigator.clipboard.writeText(JSON.stringify(rows.get(selected)));
    else return;
    event.preventDefault();
  };

  return (
    <div
      class="log-list"
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label={t('Rows of the log')}
      aria-activedescendant={selected >= from && selected < to ? `row-${selected}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const { scrollTop, clientHeight } = event.currentTarget;
        // Only a person goes back.
        if (follow && scrollTop < view.top - 1) onFollow(false);
        setView({ top: scrollTop, height: clientHeight });
      }}
    >
      <div class="log-all" style={{ height: `${count * ROW}px` }}>
        {Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).map((n) => (
          <Row key={n} n={n} count={count} record={rows.get(n)} selected={n === selected} onClick={() => choose(n)} />
        ))}
      </div>
    </div>
  );
}

function bringIntoSight(list: HTMLElement, row: number): void {
  if (row * ROW < list.scrollTop) list.scrollTop = row * ROW;
  else if ((row + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (row + 1) * ROW - list.clientHeight;
}

type RowProps = {
  readonly n: number;
  readonly count: number;
  readonly record: SystemRecord | undefined;
  readonly selected: boolean;
  readonly onClick: () => void;
};

function Row({ n, count, record, selected, onClick }: RowProps) {
  const level = record?.level ?? 'info';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys belong to the list
    <div
      id={`row-${n}`}
      class={`log-row log-${level}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={n + 1}
      style={{ top: `${n * ROW}px` }}
      onClick={onClick}
    >
      {record && (
        <>
          <span class="log-time" title={new Date(record.at).toLocaleString()}>
            {clock(record.at)}
          </span>
          <span class="log-level">
            {level !== 'info' && <Icon name={level === 'warn' ? 'alert' : 'error'} />}
            <span class="visually-hidden">{level}</span>
          </span>
          <span class="log-kind">{record.kind}</span>
          <span class="log-turn">{record.turn === undefined || record.turn === 0 ? '' : record.turn}</span>
          <span class="log-text" title={record.text}>
            {record.text}
          </span>
          <span class="log-session">{record.session.slice(0, 8)}</span>
        </>
      )}
    </div>
  );
}

function clock(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
