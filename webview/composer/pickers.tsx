import type { Denials } from '../../src/protocol/denials';
import type { ModelChoice } from '../../src/protocol/messages';
import type { Mode } from '../../src/protocol/permission';
import { tokens } from '../format';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';

const MODES: readonly Mode[] = ['plan', 'ask', 'edit', 'auto'];

function modeName(mode: Mode): string {
  switch (mode) {
    case 'plan':
      return t('Plan');
    case 'ask':
      return t('Ask');
    case 'edit':
      return t('Edit');
    case 'auto':
      return t('Auto');
  }
}

function modeDetail(mode: Mode): string {
  switch (mode) {
    case 'plan':
      return t('Reads and plans; changes nothing');
    case 'ask':
      return t('Asks before each change and command');
    case 'edit':
      return t('Edits workspace files; asks before commands');
    case 'auto':
      return t('Asks only for what is critical or protected');
  }
}

/** The mode with what is worth knowing of it: auto mode may be paused, and run commands in a sandbox or not. */
function standing(name: string, { paused, sandbox }: Denials): string {
  if (paused !== null) return t('{0}, paused', name);
  if (sandbox === undefined) return name;
  return sandbox === 'on' ? t('{0}, sandboxed', name) : t('{0}, no sandbox', name);
}

/** How much the agent may do without asking. */
export function ModePicker({ mode, denials }: { mode: Mode; denials: Denials }) {
  const { post, readOnly } = usePanel();
  const paused = denials.paused !== null;
  const detail = (id: Mode) => (paused && id === mode ? t('Paused: asking again. Choose it to go on') : modeDetail(id));
  const rows = MODES.map((id) => ({ id, label: modeName(id), detail: detail(id) }));
  const current = standing(modeName(mode), denials);
  const warns = paused || denials.sandbox === 'missing';
  return (
    <Menu
      label={t('Mode: {0}', current)}
      rows={rows}
      // A paused mode can be chosen anew.
      chosen={paused ? '' : mode}
      disabled={readOnly}
      onChoose={(id) => {
        const chosen = MODES.find((m) => m === id);
        if (chosen) post({ type: 'set_mode', mode: chosen });
      }}
    >
      <Icon name="shield" />
      <span class={warns ? 'menu-current tone-warning' : 'menu-current'}>{current}</span>
    </Menu>
  );
}

/** Which model answers, with what it costs. */
export function ModelPicker({ model, models, host }: { model: string; models: readonly ModelChoice[]; host: string }) {
  const { post, readOnly } = usePanel();
  const name = models.find((m) => m.id === model)?.name ?? (model || t('No model'));
  const rows = models.map((m) => ({
    id: m.id,
    label: m.name,
    detail: [m.price, m.contextWindow > 0 ? t('{0} tokens', tokens(m.contextWindow)) : ''].filter(Boolean).join(' · '),
  }));
  return (
    <Menu
      label={t('Model: {0}, at {1}', name, host)}
      rows={rows}
      chosen={model}
      disabled={readOnly || models.length === 0}
      onChoose={(id) => post({ type: 'set_model', model: id })}
      class="model-picker"
    >
      <Icon name="model" />
      <span class="menu-current">{name}</span>
    </Menu>
  );
}
