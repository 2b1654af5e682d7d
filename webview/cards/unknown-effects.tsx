import type { Settled } from '../../src/protocol/event-parts';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Choices } from '../ui/choices';
import type { UnknownEffect } from '../view-state';

/** What was cut off and may have happened or not. Whoever looked says so here; nothing runs by it. */
export function UnknownEffects({ effects, open }: { effects: readonly UnknownEffect[]; open: boolean }) {
  const { readOnly } = usePanel();
  return (
    <ul class="unknown-effects" aria-label={t('Not known whether it happened')}>
      {effects.map((effect) => (
        <li key={effect.callId}>
          <div>
            <span class="unknown-title">{effect.title}</span> <span class="mono">{effect.detail}</span>
          </div>
          <div class="quiet">
            {effect.startedAt === null ? '' : `${t('Began at {0}.', new Date(effect.startedAt).toLocaleTimeString())} `}
            {effect.known}
          </div>
          {open && !readOnly ? <Choice effect={effect} /> : <div class="quiet">{said(effect.settled)}</div>}
        </li>
      ))}
    </ul>
  );
}

/** The newest word holds until the run goes on: a wrong click can be set right. */
function Choice({ effect: { callId, title, detail, settled } }: { effect: UnknownEffect }) {
  const { post } = usePanel();
  const choose = ([chosen]: readonly string[]) => {
    const what = ANSWERS.find((answer) => label(answer) === chosen);
    if (what) post({ type: 'settle_effect', callId, what });
  };
  return (
    <Choices
      label={t('Did it happen? {0}', `${title} ${detail}`)}
      rows={ANSWERS.map((answer) => ({ label: label(answer) }))}
      many={false}
      chosen={settled === null ? [] : [label(settled)]}
      onChange={choose}
    />
  );
}

const ANSWERS: readonly Settled[] = ['happened', 'did_not_happen', 'unknown'];

function label(what: Settled): string {
  switch (what) {
    case 'happened':
      return t('It happened');
    case 'did_not_happen':
      return t('It did not happen');
    case 'unknown':
      return t('I do not know');
  }
}

function said(settled: Settled | null): string {
  switch (settled) {
    case 'happened':
      return t('You said that it happened.');
    case 'did_not_happen':
      return t('You said that it did not happen.');
    case 'unknown':
      return t('It went on without knowing.');
    case null:
      return '';
  }
}
