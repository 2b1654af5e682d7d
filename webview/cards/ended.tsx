import { LIMIT } from '../../src/protocol/limits';
import type { PanelCommand } from '../../src/protocol/messages';
import { dollars } from '../../src/protocol/spend';
import type { StopReason } from '../../src/protocol/workflow';
import { commandLabel } from '../command-label';
import { duration } from '../format';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import type { EndedItem } from '../view-state';
import { amount, RaiseLimit } from './raise-limit';
import { UnknownEffects } from './unknown-effects';

/** How a run ended. Success is one quiet line; anything else says why, what to do next, and offers it. */
export function EndedCard({ item, latest }: { item: EndedItem; latest: boolean }) {
  const figures = [item.ms === null ? '' : duration(item.ms), item.cost === null ? '' : dollars(item.cost)].filter(Boolean).join(' · ');
  if (item.reason === 'done') {
    return (
      <div class="line-card quiet run-done">
        <Icon name="check" />
        <span>{figures ? `${t('Finished')} · ${figures}` : t('Finished')}</span>
      </div>
    );
  }
  const interrupted = item.error === 'interrupted';
  const failed = !interrupted && (item.reason === 'failed' || item.reason === 'refused');
  return (
    <div class={`callout ${failed ? 'tone-error-edge' : 'tone-warning-edge'}`}>
      <Icon name={failed ? 'error' : 'alert'} class={failed ? 'tone-error' : 'tone-warning'} />
      <div class="callout-main">
        <div class="callout-title">{interrupted ? t('This run was interrupted') : titleOf(item.reason, item.limit)}</div>
        {item.detail && <div class="callout-text">{item.detail}</div>}
        {item.next && !item.limit && <div class="callout-text">{item.next}</div>}
        {figures && <div class="quiet">{figures}</div>}
        {item.decided ? <Decided item={item} decided={item.decided} /> : latest && item.limit && <RaiseLimit hit={item.limit} />}
        {item.unknown.length > 0 && <UnknownEffects effects={item.unknown} open={latest} />}
        {latest && !item.limit && <Actions item={item} />}
      </div>
    </div>
  );
}

/** What the user said to the limit. */
function Decided({ item: { limit }, decided: { decision, to } }: { item: EndedItem; decided: NonNullable<EndedItem['decided']> }) {
  if (!limit) return null;
  if (decision === 'kept') return <div class="quiet">{t('You ended it here.')}</div>;
  const text = to === null ? t('You went on without this limit.') : t('You raised the limit to {0}.', amount(limit, to));
  return <div class="quiet">{text}</div>;
}

function Actions({ item }: { item: EndedItem }) {
  const { post, readOnly } = usePanel();
  if (readOnly) return null;
  const needsKey = item.error === 'auth' || item.error === 'billing';
  const needsServer = ['auth', 'not_found', 'network', 'certificate', 'protocol', 'timeout'].includes(item.error ?? '');
  // Its log can not be written any more: what is shown can be saved elsewhere.
  if (item.error === 'store_gone')
    return (
      <div class="actions">
        <Button primary onClick={() => post({ type: 'export_session', session: item.session })}>
          {t('Export to Markdown')}
        </Button>
        <Button onClick={() => post({ type: 'new_session' })}>{t('New session')}</Button>
        <Button onClick={() => post({ type: 'command', name: 'show_log' })}>{commandLabel('show_log')}</Button>
      </div>
    );
  const button = (name: PanelCommand) => <Button onClick={() => post({ type: 'command', name })}>{commandLabel(name)}</Button>;
  return (
    <div class="actions">
      {needsKey && (
        <Button primary onClick={() => post({ type: 'command', name: 'set_key' })}>
          {commandLabel('set_key')}
        </Button>
      )}
      {(item.retryable || (item.reason === 'failed' && item.error !== 'too_long')) && (
        <Button primary={!needsKey} onClick={() => post({ type: 'continue' })}>
          {item.unknown.some(({ settled }) => settled === null) ? t('Continue without knowing') : t('Continue')}
        </Button>
      )}
      {item.error === 'not_found' && button('set_model')}
      {needsServer && button('server')}
      {['settings', 'store_full', 'store_read_only', 'store_io'].includes(item.error ?? '') && button('settings')}
      {item.reason === 'failed' && item.error !== 'interrupted' && button('show_log')}
    </div>
  );
}

function titleOf(reason: Exclude<StopReason, 'done'>, limit: EndedItem['limit']): string {
  switch (reason) {
    case 'cancelled':
      return t('Stopped');
    case 'max_turns':
      return t('Stopped at the limit of turns');
    case 'max_budget':
      return limit && LIMIT[limit.name].unit === 'tokens' ? t('Stopped at the limit of tokens') : t('Stopped at the cost limit');
    case 'stalled':
      return t('Stopped: no progress');
    case 'refused':
      return t('The model declined');
    case 'awaiting_user':
      return t('Waiting for you');
    case 'failed':
      return t('The run failed');
  }
}
