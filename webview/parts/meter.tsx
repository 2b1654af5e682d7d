import { useRef } from 'preact/hooks';
import { allTokens, dollars } from '../../src/protocol/spend';
import { ModelPicker, ModePicker } from '../composer/pickers';
import { percent, tokens } from '../format';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import type { Standing } from '../view-state';
import type { OverlayProps } from './overlay';
import { SpendTable } from './spend';

/** The bottom line: mode, model, how full the context is, how much of it came from the cache, and what it cost. */
type Props = { readonly state: Standing } & OverlayProps;

export function Meter({ state, overlay, onOverlay }: Props) {
  const { post } = usePanel();
  return (
    <footer class="meter">
      <ModePicker mode={state.mode} denials={state.status.denials} />
      {state.connection.kind === 'service' && <ModelPicker model={state.model} models={state.models} host={state.connection.host} />}
      {state.connection.kind === 'demo' && (
        <button
          type="button"
          class="demo-label"
          title={t('A scripted stand-in answers. Set an API key to connect a model.')}
          onClick={() => post({ type: 'command', name: 'set_key' })}
        >
          {t('Offline demo')}
        </button>
      )}
      {state.connection.kind === 'none' && (
        <button
          type="button"
          class="demo-label tone-warning"
          title={state.connection.why}
          onClick={() => post({ type: 'command', name: 'set_key' })}
        >
          {t('Not connected')}
        </button>
      )}
      <span class="spring" />
      <Figures state={state} overlay={overlay} onOverlay={onOverlay} />
    </footer>
  );
}

function Figures({ state, overlay, onOverlay }: Props) {
  const { usage, contextUsed } = state.status;
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  if (prompt === 0) return null;
  const full = state.contextWindow > 0 ? contextUsed / state.contextWindow : null;
  const cached = usage.cacheRead / prompt;
  return (
    <span class="figures">
      {full !== null && (
        <button
          type="button"
          class="figure figure-context"
          title={t('Context: {0} of {1} tokens. Show what is in it', tokens(contextUsed), tokens(state.contextWindow))}
          aria-expanded={overlay === 'context'}
          onClick={() => onOverlay('context', overlay !== 'context')}
        >
          <Ring share={full} />
          <span class="visually-hidden">{t('Context')} </span>
          {percent(full)}
        </button>
      )}
      <span
        class="figure"
        title={t('Cache: {0} of {1} prompt tokens of this session were read from it', tokens(usage.cacheRead), tokens(prompt))}
      >
        <span class="figure-name">{t('cache')}</span> {percent(cached)}
      </span>
      <SpendFigure state={state} overlay={overlay} onOverlay={onOverlay} />
    </span>
  );
}

/** The cost so far, and behind it what it is made of. */
function SpendFigure({ state: { status }, overlay, onOverlay }: Props) {
  const { usage, spend } = status;
  const open = overlay === 'spend';
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    onOverlay('spend', false);
    button.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        class="figure figure-button"
        ref={button}
        aria-expanded={open}
        aria-haspopup="dialog"
        title={
          usage.cost === null
            ? t('The price of this model is not known. Show what was used')
            : t('What this session has cost so far. Show on what')
        }
        onClick={() => onOverlay('spend', !open)}
      >
        {usage.cost === null ? <Tokens count={allTokens(usage)} /> : dollars(usage.cost)}
      </button>
      {open && <SpendTable spend={spend} onClose={close} />}
    </>
  );
}

/** In a narrow panel the number alone: what it is stands in the button's title. */
function Tokens({ count }: { count: number }) {
  return (
    <>
      <span class="figure-long">{t('{0} tokens', tokens(count))}</span>
      <span class="figure-short">{tokens(count)}</span>
    </>
  );
}

const ROUND = 2 * Math.PI * 5;

function Ring({ share }: { share: number }) {
  const shown = Math.min(1, Math.max(0, share));
  return (
    <svg class={shown > 0.85 ? 'ring is-full' : 'ring'} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <circle class="ring-back" cx="7" cy="7" r="5" />
      <circle class="ring-front" cx="7" cy="7" r="5" stroke-dasharray={`${shown * ROUND} ${ROUND}`} />
    </svg>
  );
}
