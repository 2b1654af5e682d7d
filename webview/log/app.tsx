import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LogHostMessage, LogViewMessage, LogViewState } from '../../src/protocol/log-view';
import type { LogFilter, SystemRecord } from '../../src/protocol/system-log';
import { setStrings, t } from '../strings';
import { Details } from './details';
import { filterFrom, isFiltered, NO_FILTER } from './filter';
import { RowList } from './row-list';
import { Toolbar } from './toolbar';

export type LogAppProps = {
  readonly saved: unknown;
  readonly save: (filter: LogFilter) => void;
  readonly post: (message: LogViewMessage) => void;
  readonly listen: (take: (message: LogHostMessage) => void) => () => void;
};

/** Typing is not answered letter by letter. */
const TYPING_MS = 150;
/** Rows that are remembered; those out of sight are asked for again. */
const MOST_ROWS = 4_000;

type Rows = ReadonlyMap<number, SystemRecord>;

/** The system log: what the harness did and why, filtered, followed and taken elsewhere. */
export function LogApp({ saved, save, post, listen }: LogAppProps) {
  const [state, setState] = useState<LogViewState | null>(null);
  const [rows, setRows] = useState<Rows>(new Map());
  const [filter, setFilter] = useState(() => filterFrom(saved));
  const [follow, setFollow] = useState(true);
  const [selected, setSelected] = useState(-1);
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const version = useRef(0);
  const search = useRef<HTMLInputElement>(null);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const stop = listen((message) => {
      switch (message.type) {
        case 'strings':
          return setStrings(message.strings);
        case 'state':
          if (message.state.version !== version.current) {
            version.current = message.state.version;
            setRows(new Map());
            setSelected(-1);
            setOpen(false);
          }
          setProblem('');
          return setState(message.state);
        case 'rows':
          if (message.version !== version.current) return;
          return setRows((known) => {
            const next = new Map(known.size > MOST_ROWS ? [] : known);
            message.rows.forEach((row, i) => {
              next.set(message.from + i, row);
            });
            return next;
          });
        case 'problem':
          return setProblem(message.text);
        default:
          return message satisfies never;
      }
    });
    post({ type: 'ready', filter });
    return stop;
  }, []);

  const change = (part: Partial<LogFilter>) => {
    const next = { ...filter, ...part };
    setFilter(next);
    save(next);
    clearTimeout(typing.current);
    typing.current = setTimeout(() => post({ type: 'filter', filter: next }), TYPING_MS);
  };
  const ask = useMemo(
    () => (from: number, count: number) => {
      if (state) post({ type: 'rows', version: state.version, from, count });
    },
    [state?.version, post],
  );
  const record = rows.get(selected);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key that holds for the whole page
    <div
      class="log"
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      }}
    >
      <h1 class="visually-hidden">{t('Plumb log')}</h1>
      <Toolbar
        state={state}
        filter={filter}
        search={search}
        follow={follow}
        onChange={change}
        onFollow={() => setFollow(!follow)}
        onExport={() => post({ type: 'export' })}
      />
      {problem !== '' && (
        <p class="log-problem" role="alert">
          {problem}
        </p>
      )}
      {state?.matching === 0 ? (
        <div class="log-empty">
          <p>{state.total === 0 ? t('The log is empty. It fills when Plumb works.') : t('No row matches these filters.')}</p>
          {isFiltered(filter) && (
            <button type="button" class="log-button" onClick={() => change(NO_FILTER)}>
              {t('Clear filters')}
            </button>
          )}
        </div>
      ) : (
        <RowList
          count={state?.matching ?? 0}
          version={state?.version ?? 0}
          rows={rows}
          ask={ask}
          follow={follow}
          onFollow={setFollow}
          selected={selected}
          onSelect={setSelected}
          onOpen={setOpen}
        />
      )}
      {open && record && (
        <Details
          record={record}
          onOnly={change}
          onOpenSession={() => post({ type: 'open_session', session: record.session })}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
