import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { PanelCommand } from '../../src/protocol/messages';
import { commandLabel } from '../command-label';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import { IconButton } from '../ui/icon-button';
import type { Standing } from '../view-state';

/** What limits this session, and failures that belong to no run. */
export function Banners({ state }: { state: Standing }) {
  const { post } = usePanel();
  const { session } = state;
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const troubles = state.troubles.filter((trouble) => !dismissed.has(trouble.key));
  return (
    <>
      {state.heldBy !== null && (
        <div class="banner" role="status">
          <Icon name="alert" class="tone-warning" />
          <span class="banner-text">
            {state.heldBy} {t('Here it can be read, but not continued.')}{' '}
            {session !== null && (
              <button type="button" class="link" onClick={() => post({ type: 'open_session', session })}>
                {t('Try again')}
              </button>
            )}{' '}
            <button type="button" class="link" onClick={() => post({ type: 'new_session' })}>
              {t('New session')}
            </button>
          </span>
        </div>
      )}
      {state.damage.length > 0 && <Damage key={session} damage={state.damage} />}
      {!state.workspace.trusted && (
        <div class="banner" role="status">
          <Icon name="shield" class="tone-warning" />
          <span class="banner-text">
            {t('This folder is not trusted: the agent can read and explain, but changes nothing and runs nothing.')}{' '}
            <CommandLink name="manage_trust" />
          </span>
        </div>
      )}
      {state.workspace.virtual && (
        <div class="banner" role="status">
          <Icon name="alert" class="tone-warning" />
          <span class="banner-text">
            {t(
              'This workspace is not on the local disk: files are read and edited through the editor, but no command runs and nothing is searched.',
            )}
          </span>
        </div>
      )}
      {troubles.map((trouble) => (
        <div class="banner" role="alert" key={trouble.key}>
          <Icon name="error" class="tone-error" />
          <span class="banner-text">
            {trouble.text} <span class="quiet">{trouble.next}</span>
            {trouble.actions.map((name) => (
              <Fragment key={name}>
                {' '}
                <CommandLink name={name} />
              </Fragment>
            ))}
          </span>
          <IconButton icon="close" label={t('Dismiss')} onClick={() => setDismissed(new Set([...dismissed, trouble.key]))} />
        </div>
      ))}
    </>
  );
}

function CommandLink({ name }: { name: PanelCommand }) {
  const { post } = usePanel();
  return (
    <button type="button" class="link" onClick={() => post({ type: 'command', name })}>
      {commandLabel(name)}
    </button>
  );
}

/** The log was torn or edited: the conversation may lack something, and whoever reads it should know. */
function Damage({ damage }: { damage: readonly string[] }) {
  const { post } = usePanel();
  const [seen, setSeen] = useState(false);
  if (seen) return null;
  return (
    <div class="banner" role="status">
      <Icon name="alert" class="tone-warning" />
      <div class="banner-text">
        {t(
          'The log of this session is damaged or was changed. It goes on with what can be read; look over what the agent says of earlier work.',
        )}{' '}
        <button type="button" class="link" onClick={() => post({ type: 'new_session' })}>
          {t('New session')}
        </button>
        <details>
          <summary>{t('What is wrong')}</summary>
          {damage.map((line) => (
            <div class="quiet" key={line}>
              {line}
            </div>
          ))}
        </details>
      </div>
      <IconButton icon="close" label={t('Dismiss')} onClick={() => setSeen(true)} />
    </div>
  );
}
