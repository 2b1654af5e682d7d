import type { LogFilter, SystemRecord } from '../../src/protocol/system-log';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';

type Props = {
  readonly record: SystemRecord;
  readonly onOnly: (part: Partial<LogFilter>) => void;
  readonly onOpenSession: () => void;
  readonly onClose: () => void;
};

/** One row whole: its words, its ids, its figures, and the ways to those that belong with it. */
export function Details({ record, onOnly, onOpenSession, onClose }: Props) {
  const { at, kind, level, session, turn, call, text, data } = record;
  const ids: readonly (readonly [string, string])[] = [
    [t('Time'), new Date(at).toLocaleString()],
    [t('Level'), level],
    [t('Session'), session],
    [t('Turn'), turn === undefined ? '' : String(turn)],
    [t('Call id'), call ?? ''],
  ];
  const fields = [...ids, ...Object.entries(data).map(([name, value]) => [name, value === null ? '' : String(value)] as const)];
  return (
    <section class="log-details" aria-label={t('Details of the row')}>
      <header class="log-details-head">
        <h2>
          {kind}: {text}
        </h2>
        <IconButton icon="close" label={t('Close')} onClick={onClose} />
      </header>
      <div class="log-actions">
        {call !== undefined && (
          <button type="button" class="log-button" onClick={() => onOnly({ call })}>
            {t('Only this call')}
          </button>
        )}
        {session !== '' && (
          <>
            <button type="button" class="log-button" onClick={() => onOnly({ session })}>
              {t('Only this session')}
            </button>
            <button type="button" class="log-button" onClick={onOpenSession}>
              {t('Open session')}
            </button>
          </>
        )}
      </div>
      <dl class="log-fields">
        {fields
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} class="log-pair">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
