import type { RefObject } from 'preact';
import type { LogViewState } from '../../src/protocol/log-view';
import type { LogFilter } from '../../src/protocol/system-log';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';

type Props = {
  readonly state: LogViewState | null;
  readonly filter: LogFilter;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly follow: boolean;
  readonly onChange: (part: Partial<LogFilter>) => void;
  readonly onFollow: () => void;
  readonly onExport: () => void;
};

/** The filters, how much they leave, and what can be done with it. */
export function Toolbar({ state, filter, search, follow, onChange, onFollow, onExport }: Props) {
  const kinds = withChosen(state?.kinds ?? [], filter.kind);
  const sessions = state?.sessions ?? [];
  const known = filter.session === '' || sessions.some((s) => s.id === filter.session);
  return (
    <div class="log-bar" role="toolbar" aria-label={t('Filters')}>
      <input
        ref={search}
        class="log-field log-search"
        type="search"
        value={filter.text}
        placeholder={t('Filter by words')}
        aria-label={t('Filter by words')}
        onInput={(event) => onChange({ text: event.currentTarget.value })}
      />
      <select
        class="log-field"
        aria-label={t('Session')}
        value={filter.session}
        onChange={(event) => onChange({ session: event.currentTarget.value })}
      >
        <option value="">{t('All sessions')}</option>
        {!known && <option value={filter.session}>{filter.session.slice(0, 8)}</option>}
        {sessions.map(({ id, at }) => (
          <option key={id} value={id}>
            {`${id.slice(0, 8)} · ${new Date(at).toLocaleString()}`}
          </option>
        ))}
      </select>
      <select
        class="log-field"
        aria-label={t('Kind')}
        value={filter.kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value })}
      >
        <option value="">{t('All kinds')}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </select>
      <select
        class="log-field"
        aria-label={t('Level')}
        value={filter.level}
        onChange={(event) => onChange({ level: levelOf(event.currentTarget.value) })}
      >
        <option value="info">{t('All levels')}</option>
        <option value="warn">{t('Warnings and errors')}</option>
        <option value="error">{t('Errors')}</option>
      </select>
      <input
        class="log-field log-call"
        type="search"
        value={filter.call}
        placeholder={t('Call id')}
        aria-label={t('Call id')}
        onInput={(event) => onChange({ call: event.currentTarget.value })}
      />
      <span class="log-count" role="status">
        {state ? counted(state) : t('Reading the log…')}
      </span>
      <IconButton icon="arrowDown" label={t('Follow new rows')} pressed={follow} onClick={onFollow} />
      <IconButton icon="export" label={t('Export the rows that match')} disabled={!state?.matching} onClick={onExport} />
    </div>
  );
}

function counted({ matching, total }: LogViewState): string {
  const shown = matching.toLocaleString();
  return matching === total ? t('{0} rows', shown) : t('{0} of {1} rows', shown, total.toLocaleString());
}

/** What was chosen before stays in the list, also while there is no row of its kind. */
function withChosen(kinds: readonly string[], chosen: string): readonly string[] {
  return chosen === '' || kinds.includes(chosen) ? kinds : [...kinds, chosen].sort();
}

function levelOf(value: string): LogFilter['level'] {
  return value === 'warn' || value === 'error' ? value : 'info';
}
