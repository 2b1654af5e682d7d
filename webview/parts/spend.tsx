import { useEffect, useRef } from 'preact/hooks';
import { dollars, type Spend, type Spender, type SpendRow, totalSpent } from '../../src/protocol/spend';
import { tokens } from '../format';
import { plural, t } from '../strings';
import { IconButton } from '../ui/icon-button';

/** What the session spent and on what, opened from the meter. Esc closes it. */
export function SpendTable({ spend, onClose }: { spend: Spend; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const total = totalSpent(spend);
  const requests = spend.reduce((sum, row) => sum + row.requests, 0);
  const unpriced = spend.reduce((sum, row) => sum + row.unpriced, 0);
  const estimated = spend.reduce((sum, row) => sum + row.estimated, 0);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <div class="spend" role="dialog" aria-label={t('What this session cost')} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
      <div class="spend-head">
        <span class="spend-title">{t('What this session cost')}</span>
        <IconButton icon="close" label={t('Close')} onClick={onClose} />
      </div>
      <div class="spend-rows">
        <table>
          <thead>
            <tr>
              <th scope="col" title={t('Prompt tokens that were not cached')}>
                {t('Input')}
              </th>
              <th scope="col">{t('Output')}</th>
              <th scope="col" title={t('Prompt tokens that were read from the cache')}>
                {t('Read')}
              </th>
              <th scope="col" title={t('Prompt tokens that were written to the cache')}>
                {t('Written')}
              </th>
              <th scope="col">{t('Cost')}</th>
            </tr>
          </thead>
          {spend.map((row) => (
            <tbody key={`${row.agent} ${row.model} ${row.of}`}>
              <tr>
                <th scope="rowgroup" colSpan={5}>
                  {row.model}
                  <span class="quiet"> {rowText(row)}</span>
                </th>
              </tr>
              <Numbers row={row} />
            </tbody>
          ))}
          <tbody class="spend-total">
            <tr>
              <th scope="rowgroup" colSpan={5}>
                {t('Total')}
                <span class="quiet"> {plural(requests, '{0} request', '{0} requests')}</span>
              </th>
            </tr>
            <Numbers row={total} />
          </tbody>
        </table>
        {unpriced > 0 && (
          <div class="quiet">
            {plural(
              unpriced,
              'The price of {0} request is not known; it is not in the cost.',
              'The price of {0} requests is not known; they are not in the cost.',
            )}
          </div>
        )}
        {estimated > 0 && (
          <div class="quiet">
            {plural(
              estimated,
              'For {0} request the service counted what cannot be; an estimate stands in for it.',
              'For {0} requests the service counted what cannot be; estimates stand in for them.',
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function Numbers({ row }: { row: Pick<SpendRow, 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'cost'> }) {
  return (
    <tr>
      {[row.input, row.output, row.cacheRead, row.cacheWrite].map((count, i) => (
        <td key={i} title={count.toLocaleString()}>
          {tokens(count)}
        </td>
      ))}
      <td>{row.cost === null ? t('unknown') : dollars(row.cost)}</td>
    </tr>
  );
}

function rowText({ agent, of, requests }: SpendRow): string {
  const text = `${kindOf(of)} · ${plural(requests, '{0} request', '{0} requests')}`;
  return agent === 'main' ? text : `${agent} · ${text}`;
}

function kindOf(of: Spender): string {
  switch (of) {
    case 'turn':
      return t('turns');
    case 'retry':
      return t('broken off');
    case 'side':
      return t('beside the conversation');
    case 'advisor':
      return t('advisor');
    case 'subagent':
      return t('another agent');
  }
}
