import { useEffect, useRef } from 'preact/hooks';
import type { Completion } from '../../src/protocol/messages';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Icon } from '../ui/icon';

type Props = { readonly items: readonly Completion[]; readonly active: number; readonly onChoose: (item: Completion) => void };

/** What `@` offers. The caret stays in the text; the keys are handled there. */
export function MentionList({ items, active, onChoose }: Props) {
  const { short } = usePanel();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div class="mention-list" id="mentions" role="listbox" aria-label={t('Mention')} ref={list}>
      {items.map((item, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field that owns this list has the keys
        <div
          key={`${item.icon}${item.label}${item.detail}`}
          id={`mention-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          class="mention-row"
          // The text keeps the focus, so that typing goes on.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
        >
          <Icon name={item.icon} />
          <span class="mention-label">{item.label}</span>
          <span class="mention-detail">{short(item.detail)}</span>
        </div>
      ))}
      {items.length === 0 && <div class="mention-none quiet">{t('Nothing found')}</div>}
    </div>
  );
}
