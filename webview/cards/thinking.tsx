import { Markdown } from '../markdown/markdown';
import { t } from '../strings';
import { Fold } from '../ui/fold';
import type { Item } from '../view-state';

/** The model's reasoning, folded: its first words tell what it is about. */
export function ThinkingCard({ item }: { item: Extract<Item, { kind: 'thinking' }> }) {
  if (item.redacted)
    return (
      <Fold class="thinking" empty head={<span class="quiet">{t('Thinking that the service keeps hidden')}</span>} body={() => null} />
    );
  const head = (
    <>
      <span class="verb">{item.live ? t('Thinking') : t('Thought')}</span>
      <span class="object quiet">{gist(item.text)}</span>
    </>
  );
  return <Fold class="thinking" head={head} body={() => <Markdown text={item.text} live={item.live} />} />;
}

function gist(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[#*`_\s]+/g, ' ')
    .trim();
}
