import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import type { ToolItem } from '../view-state';
import { Output } from './output';

/** A file that was read: the way to it, and what the model saw. */
export function FileBody({ item }: { item: ToolItem }) {
  const { short, post } = usePanel();
  if (item.display?.kind !== 'file') return null;
  const { path, from, to } = item.display;
  return (
    <>
      <button type="button" class="link path" title={path} onClick={() => post({ type: 'open', path, line: from })}>
        <Visible text={short(path)} />
        {from !== undefined && to !== undefined && <span class="quiet">{` ${t('lines {0} to {1}', from, to)}`}</span>}
      </button>
      <Output text={item.output} label={t('What the model saw')} />
    </>
  );
}
