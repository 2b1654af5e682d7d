import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionRow } from '../../src/protocol/messages';
import { dollars } from '../../src/protocol/spend';
import { ago } from '../format';
import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { TextField } from '../ui/fields';
import { IconButton } from '../ui/icon-button';
import type { ViewState } from '../view-state';

type Props = { readonly sessions: ViewState['sessions']; readonly current: string | null; readonly onClose: () => void };

/** Rows that are drawn at once; scrolling towards their end draws as many again. */
const PAGE = 50;
/** Nearer to the end than this, in pixels, more are drawn. */
const NEAR = 400;

/** Earlier sessions: search, open, rename, export, delete. */
export function SessionList({ sessions, current, onClose }: Props) {
  const { post } = usePanel();
  const [query, setQuery] = useState('');
  useEffect(() => post({ type: 'list_sessions', query }), [query]);
  const rows = sessions?.rows ?? [];
  const [drawn, setDrawn] = useState(PAGE);
  useEffect(() => setDrawn(PAGE), [query]);
  const onScroll = ({ currentTarget: box }: { currentTarget: HTMLElement }) => {
    if (drawn < rows.length && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) setDrawn(drawn + PAGE);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <div class="session-list" role="dialog" aria-label={t('Sessions')} onKeyDown={onKeyDown}>
      <TextField
        value={query}
        label={t('Search sessions')}
        placeholder={t('Search sessions')}
        focus
        onInput={setQuery}
        onEscape={onClose}
      />
      <ul class="session-rows" onScroll={onScroll}>
        {rows.slice(0, drawn).map((row) => (
          <Row key={row.id} row={row} current={row.id === current} onOpened={onClose} />
        ))}
      </ul>
      {sessions && rows.length === 0 && <div class="quiet session-none">{query ? t('No session matches.') : t('No sessions yet.')}</div>}
    </div>
  );
}

function Row({ row, current, onOpened }: { row: SessionRow; current: boolean; onOpened: () => void }) {
  const { post } = usePanel();
  const [renaming, setRenaming] = useState(false);
  const [title, setTitle] = useState(row.title);
  const main = useRef<HTMLButtonElement>(null);
  const renamed = useRef(false);
  // The field that had the focus is gone: the keys go on with the row.
  useEffect(() => {
    if (renamed.current && !renaming) main.current?.focus();
    renamed.current = renaming;
  }, [renaming]);
  const rename = () => {
    if (title.trim() !== '' && title !== row.title) post({ type: 'rename_session', session: row.id, title: title.trim() });
    setRenaming(false);
  };
  const name = row.title || t('Untitled session');
  if (renaming) {
    return (
      <li class="session-row">
        <TextField value={title} label={t('New title')} focus onInput={setTitle} onEnter={rename} onEscape={() => setRenaming(false)} />
        <IconButton icon="check" label={t('Save title')} onClick={rename} />
      </li>
    );
  }
  return (
    <li class={current ? 'session-row is-current' : 'session-row'}>
      <button
        type="button"
        ref={main}
        class="session-main"
        aria-current={current ? 'true' : undefined}
        onClick={() => {
          post({ type: 'open_session', session: row.id });
          onOpened();
        }}
      >
        <span class="session-name">{name}</span>
        <span class="quiet session-facts">{factsOf(row)}</span>
      </button>
      <span class="session-actions">
        <IconButton icon="edit" label={t('Rename')} onClick={() => setRenaming(true)} />
        <IconButton icon="export" label={t('Export to Markdown')} onClick={() => post({ type: 'export_session', session: row.id })} />
        <IconButton icon="trash" label={t('Delete…')} onClick={() => post({ type: 'delete_session', session: row.id })} />
      </span>
    </li>
  );
}

function factsOf(row: SessionRow): string {
  const state = stateOf(row.state);
  const cost = row.cost === null ? '' : dollars(row.cost);
  const place = row.here ? '' : t('another folder');
  return [state, ago(row.updatedAt, Date.now()), plural(row.turns, '{0} turn', '{0} turns'), cost, place].filter(Boolean).join(' · ');
}

function stateOf(state: SessionRow['state']): string {
  switch (state) {
    case 'running':
      return t('Running');
    case 'waiting':
      return t('Waiting for you');
    case 'interrupted':
      return t('Interrupted');
    case 'elsewhere':
      return t('Open in another window');
    case 'damaged':
      return t('Damaged');
    case 'ended':
      return '';
  }
}
