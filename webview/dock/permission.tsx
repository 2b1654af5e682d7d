import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { EventOf } from '../../src/protocol/events';
import type { Choice } from '../../src/protocol/permission';
import { toolName } from '../cards/tool-head';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import { Button } from '../ui/button';
import { TextArea } from '../ui/fields';
import { Icon } from '../ui/icon';
import { AskParts } from './ask-parts';
import { AskSubject } from './ask-subject';

type Ask = EventOf<'permission_asked'>;
type Props = { readonly ask: Ask; readonly of: number; readonly trouble: string | undefined };

/**
 * Asks whether a call may run. It never takes the focus by itself; Enter and Esc act only while it has it, and only
 * on the dock, not inside its text fields.
 */
export function PermissionDock({ ask, of, trouble }: Props) {
  const { post } = usePanel();
  const id = useId();
  const [writing, setWriting] = useState<'none' | 'rule' | 'why'>('none');
  const [sent, setSent] = useState(false);
  const [read, setRead] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  // The host answered with a problem or asks anew: the decision was not taken, and can be made again.
  useEffect(() => setSent(false), [trouble, ask]);

  const choice = (wanted: Choice['id']) => ask.choices.find((c) => c.id === wanted);
  const decide = (wanted: Choice['id'], more: { rules?: string[]; feedback?: string } = {}) => {
    if (sent || (wanted !== 'deny' && !read)) return;
    setSent(true);
    post({ type: 'decide', askId: ask.askId, choice: wanted, ...more });
  };
  const destructive = ask.class === 'destructive' || ask.risk === 'high';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      if (writing === 'none') decide('deny');
      else {
        setWriting('none');
        box.current?.focus();
      }
    } else if (event.key === 'Enter' && event.target === box.current) {
      event.preventDefault();
      // Enter is the primary button: what can destroy something is never allowed by a stray key.
      if (destructive) decide('deny');
      else if (choice('once')) decide('once');
    }
  };
  const session = choice('session');
  const rule = choice('rule');
  const off = sent || !read;
  return (
    <div
      ref={box}
      class={destructive ? 'ask is-destructive' : 'ask'}
      role="alertdialog"
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}w`}
      tabIndex={-1}
      data-dock
      onKeyDown={onKeyDown}
    >
      <div class="ask-head">
        <Icon name={destructive ? 'alert' : 'shield'} class={destructive ? 'tone-warning' : undefined} />
        <h2 class="ask-title" id={`${id}t`}>
          {titleOf(ask)}
        </h2>
        {of > 1 && <span class="quiet">{t('1 of {0}', of)}</span>}
      </div>
      <AskSubject ask={ask} onRead={setRead} />
      <AskParts ask={ask} whyId={`${id}w`} />
      {!read && <div class="card-note tone-warning">{t('Scroll to the end before you allow this.')}</div>}
      {writing === 'none' && (
        <>
          <div class="actions">
            {choice('once') && (
              <Button primary={!destructive} disabled={off} onClick={() => decide('once')}>
                {t('Allow once')}
              </Button>
            )}
            <Button primary={destructive} disabled={sent} onClick={() => decide('deny')}>
              {t('Deny')}
            </Button>
            <Button disabled={sent} onClick={() => setWriting('why')}>
              {t('Deny and say why…')}
            </Button>
          </div>
          {session && (
            <RuleChoice
              label={t('Allow this session')}
              rules={session.rules}
              disabled={off}
              onClick={() => decide('session', { rules: session.rules })}
            />
          )}
          {rule && <RuleChoice label={t('Allow rule…')} rules={rule.rules} disabled={off} onClick={() => setWriting('rule')} />}
        </>
      )}
      {writing === 'why' && (
        <Writing
          label={t('Why not, or what to do instead')}
          text=""
          confirm={t('Deny')}
          onCancel={() => setWriting('none')}
          onConfirm={(feedback) => decide('deny', feedback ? { feedback } : {})}
          disabled={sent}
        />
      )}
      {writing === 'rule' && rule && (
        <Writing
          label={t('Rules to save, one on each line')}
          text={rule.rules.join('\n')}
          confirm={t('Save and allow')}
          needsText
          onCancel={() => setWriting('none')}
          onConfirm={(text) => decide('rule', { rules: text.split('\n').flatMap((line) => line.trim() || []) })}
          disabled={off}
        />
      )}
    </div>
  );
}

function titleOf(ask: Ask): string {
  const what = ask.title || toolName(ask.tool);
  if (ask.class === 'destructive') return t('{0}: this can destroy something', what);
  return ask.risk === 'high' ? t('{0}: look closely before you allow this', what) : t('{0}: allow this?', what);
}

/** A choice that saves something shows exactly what. */
function RuleChoice(props: { label: string; rules: readonly string[]; disabled: boolean; onClick: () => void }) {
  return (
    <button type="button" class="rule-choice" disabled={props.disabled} onClick={props.onClick}>
      <span class="rule-label">{props.label}</span>
      {props.rules.map((rule) => (
        <code key={rule}>
          <Visible text={rule} />
        </code>
      ))}
    </button>
  );
}

function Writing(props: {
  label: string;
  text: string;
  confirm: string;
  needsText?: boolean;
  disabled: boolean;
  onCancel: () => void;
  onConfirm: (text: string) => void;
}) {
  const [text, setText] = useState(props.text);
  const off = props.disabled || (props.needsText === true && text.trim() === '');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    event.stopPropagation();
    if (!off) props.onConfirm(text.trim());
  };
  return (
    <div class={props.needsText ? 'writing is-rule' : 'writing'}>
      <div class="quiet" aria-hidden="true">
        {props.label}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field inside confirms, as it sends in the composer */}
      <div onKeyDown={onKeyDown}>
        <TextArea value={text} label={props.label} focus onInput={setText} />
      </div>
      <div class="actions">
        <Button primary disabled={off} onClick={() => props.onConfirm(text.trim())}>
          {props.confirm}
        </Button>
        <Button onClick={props.onCancel}>{t('Back')}</Button>
      </div>
    </div>
  );
}
