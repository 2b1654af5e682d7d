import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';

/** A run that was cut off, by a crash or a reload: nothing runs until the user says so. */
export function InterruptedCard({ unknown }: { unknown: readonly string[] }) {
  const { post, readOnly } = usePanel();
  return (
    <div class="callout tone-warning-edge" role="status">
      <Icon name="alert" class="tone-warning" />
      <div class="callout-main">
        <div class="callout-title">{t('This run was interrupted')}</div>
        <div class="callout-text">
          {unknown.length === 0
            ? t('Nothing was lost. It can go on where it stood.')
            : plural(
                unknown.length,
                'It is not known whether {0} action took effect. The agent will look before it does it again.',
                'It is not known whether {0} actions took effect. The agent will look before it does them again.',
              )}
        </div>
        {!readOnly && (
          <div class="actions">
            <Button primary onClick={() => post({ type: 'continue' })}>
              {t('Continue')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
