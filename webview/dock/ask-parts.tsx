import type { EventOf } from '../../src/protocol/events';
import type { AskPart, EffectClass } from '../../src/protocol/permission';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import { Icon } from '../ui/icon';

/** Why it is asked, what each part would do, and what it would touch. */
export function AskParts({ ask, whyId }: { ask: EventOf<'permission_asked'>; whyId: string }) {
  const { short } = usePanel();
  const { parts, touches } = ask;
  // One part that says what the subject says already needs no list of its own.
  const single = parts.length === 1 && parts[0]?.text === ask.detail ? parts[0] : null;
  return (
    <div class="ask-facts">
      <div class="ask-why" id={whyId}>
        {single && <ClassBadge of={single.class} />} {short(ask.why)}
      </div>
      {single
        ? single.why !== ask.why && <div class="quiet">{short(single.why)}</div>
        : parts.length > 0 && (
            <ul class="ask-parts" aria-label={t('Its parts')}>
              {parts.map((part, i) => (
                <Part key={i} part={part} />
              ))}
            </ul>
          )}
      {touches.length > 0 && (
        <div class="ask-touches">
          <span class="quiet">{t('Touches')}</span>{' '}
          {touches.map((touch, i) => (
            <code key={i} title={touch}>
              <Visible text={short(touch)} />
            </code>
          ))}
        </div>
      )}
    </div>
  );
}

function Part({ part }: { part: AskPart }) {
  const { short } = usePanel();
  return (
    <li class={part.allowed ? 'ask-part is-allowed' : 'ask-part'}>
      <Icon name={part.allowed ? 'check' : 'ask'} />
      <span class="ask-part-main">
        <code>
          <Visible text={short(part.text)} />
        </code>{' '}
        <ClassBadge of={part.class} />
        <span class="quiet"> {part.allowed ? t('already allowed') : short(part.why)}</span>
      </span>
    </li>
  );
}

function ClassBadge({ of }: { of: EffectClass }) {
  return <span class={`class-badge is-${of}`}>{className(of)}</span>;
}

function className(of: EffectClass): string {
  switch (of) {
    case 'read_only':
      return t('reads');
    case 'mutating':
      return t('changes');
    case 'destructive':
      return t('destroys');
  }
}
