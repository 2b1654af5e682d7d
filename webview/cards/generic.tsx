import { t } from '../strings';
import { Visible } from '../text/visible';
import { Fold } from '../ui/fold';
import { Scroll } from '../ui/scroll';
import type { ToolItem } from '../view-state';
import { Output } from './output';

/** The body for any tool that has no card of its own: what went in, and what came out. */
export function GenericBody({ item, live }: { item: ToolItem; live: string }) {
  const input = item.input && Object.keys(item.input).length > 0 ? JSON.stringify(item.input, null, 2) : '';
  return (
    <>
      {item.state === 'error' && <Output text={item.output} label={t('Output')} />}
      {input && (
        <Fold
          class="input-fold"
          head={<span class="quiet">{t('Input')}</span>}
          open={item.state !== 'error'}
          body={() => (
            <Scroll class="input" label={t('Input')}>
              <Visible text={input} />
            </Scroll>
          )}
        />
      )}
      {item.state !== 'error' && <Output text={item.output || live} label={t('Output')} />}
    </>
  );
}
