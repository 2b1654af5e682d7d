import { useState } from 'preact/hooks';
import { cannotRaise, LIMIT, type LimitHit, leastLimit, offeredLimit } from '../../src/protocol/limits';
import { dollars } from '../../src/protocol/spend';
import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';

/** What a run that stopped at a limit can do: go on with more, by an amount that can be changed, or end. */
export function RaiseLimit({ hit }: { hit: LimitHit }) {
  const { post, readOnly } = usePanel();
  const [typed, setTyped] = useState(() => String(offeredLimit(hit)));
  if (readOnly) return null;
  const end = () => post({ type: 'keep_limit' });
  if (hit.next === null) {
    return (
      <div class="actions">
        <Button onClick={() => post({ type: 'raise_limit', to: null })}>{t('Go on without this limit')}</Button>
        <Button primary onClick={end}>
          {t('End')}
        </Button>
      </div>
    );
  }
  const to = typed.trim() === '' ? Number.NaN : Number(typed.trim());
  const problem = cannotRaise(hit, to);
  const raise = () => {
    if (problem === null) post({ type: 'raise_limit', to });
  };
  return (
    <>
      <div class="limit-field">
        <span aria-hidden="true">{labelOf(hit)}</span>
        <TextField value={typed} label={labelOf(hit)} onInput={setTyped} onEnter={raise} />
      </div>
      {problem && (
        <div class="tone-error" role="alert">
          {problemText(problem, hit)}
        </div>
      )}
      <div class="actions">
        <Button primary disabled={problem !== null} onClick={raise}>
          {t('Raise and continue')}
        </Button>
        <Button onClick={end}>{t('End')}</Button>
      </div>
    </>
  );
}

/** A value of this limit, in words: `$1.50`, `200,000 tokens`, `40 turns`. */
export function amount({ name }: LimitHit, value: number): string {
  const { unit } = LIMIT[name];
  if (unit === 'dollars') return dollars(value);
  return unit === 'tokens' ? t('{0} tokens', value.toLocaleString()) : plural(value, '{0} turn', '{0} turns');
}

function labelOf({ name }: LimitHit): string {
  const { unit } = LIMIT[name];
  if (unit === 'dollars') return t('New limit, in US dollars');
  return unit === 'tokens' ? t('New limit, in tokens') : t('New limit, in turns');
}

function problemText(problem: NonNullable<ReturnType<typeof cannotRaise>>, hit: LimitHit): string {
  switch (problem) {
    case 'no_number':
      return t('Type a number.');
    case 'too_low':
      return t('The next request needs at least {0}.', amount(hit, leastLimit(hit)));
    case 'too_high':
      return t('That is more than Plumb takes for a limit.');
  }
}
