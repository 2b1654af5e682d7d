import type { Connection } from '../../src/protocol/messages';
import { commandLabel } from '../command-label';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Button } from '../ui/button';

type Props = { readonly session: string | null; readonly connection: Connection; readonly workspace: string };

/** What to try first, and how to connect a model. */
export function EmptyState({ session, connection, workspace }: Props) {
  const { post, readOnly } = usePanel();
  const ideas = [
    t('Find out why a test fails and fix it'),
    t('Explain how this project is built'),
    t('Rename a symbol everywhere it is used'),
    t('Delete the build folder'),
  ];
  return (
    <div class="empty">
      <h2 class="empty-title">{workspace ? t('What should change in {0}?', workspace) : t('Open a folder to begin')}</h2>
      {!workspace && (
        <div class="actions">
          <Button primary onClick={() => post({ type: 'command', name: 'open_folder' })}>
            {commandLabel('open_folder')}
          </Button>
        </div>
      )}
      <p class="quiet">
        {t(
          'The agent reads, searches, edits and runs commands through this editor. Its edits wait for your review, and it asks before it does what cannot be taken back.',
        )}
      </p>
      <div class="ideas">
        {ideas.map((idea) => (
          <button
            type="button"
            class="idea"
            key={idea}
            disabled={readOnly || connection.kind === 'none'}
            onClick={() => post({ type: 'send', session, text: idea, attachments: [] })}
          >
            {idea}
          </button>
        ))}
      </div>
      <Connect connection={connection} />
    </div>
  );
}

function Connect({ connection }: { connection: Connection }) {
  const { post } = usePanel();
  if (connection.kind === 'service') return null;
  return (
    <div class="connect">
      <p>
        {connection.kind === 'demo'
          ? t(
              'This is an offline demo: a scripted stand-in answers, and knows the four requests above. Connect a model to ask for anything.',
            )
          : connection.why || t('No model is connected.')}
      </p>
      <div class="actions">
        <Button primary={connection.kind === 'none'} onClick={() => post({ type: 'command', name: 'set_key' })}>
          {commandLabel('set_key')}
        </Button>
        <Button onClick={() => post({ type: 'command', name: 'server' })}>{commandLabel('server')}</Button>
        <Button onClick={() => post({ type: 'command', name: 'walkthrough' })}>{commandLabel('walkthrough')}</Button>
      </div>
    </div>
  );
}
