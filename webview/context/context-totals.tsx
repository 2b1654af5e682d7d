import type { ContextReport } from '../../src/protocol/context';
import { dollars } from '../../src/protocol/spend';
import { percent, tokens } from '../format';
import { t } from '../strings';
import { sumOf } from './rows';

/** How full the window is, what of it is there in any case, and what each request costs. */
export function ContextTotals({ report, total }: { readonly report: ContextReport; readonly total: number }) {
  const { blocks, window, price } = report;
  const passive = sumOf(blocks.filter((b) => b.kind === 'passive'));
  const cached = sumOf(blocks.filter((b) => b.cached));
  const part = (count: number) => (window > 0 ? Math.min(100, (count / window) * 100) : 0);
  return (
    <div class="context-totals">
      <svg class="context-meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="is-passive" width={part(passive)} height="8" />
        <rect class="is-active" x={part(passive)} width={part(total - passive)} height="8" />
      </svg>
      <div>{t('About {0} of {1} tokens ({2})', tokens(total), tokens(window), percent(window > 0 ? total / window : 0))}</div>
      <div class="quiet">
        {t('{0} passive, sent whatever is said; {1} active, from the conversation', tokens(passive), tokens(total - passive))}
      </div>
      <div class="quiet">
        {cached === 0 ? t('Nothing of it is in the cache now.') : t('{0} are in the cache now.', tokens(cached))}{' '}
        {price && t('A request: {0} from the cache, {1} in full.', costOf(total, price.cacheRead), costOf(total, price.input))}
      </div>
    </div>
  );
}

/** US dollars for tokens at a price per million. */
export function costOf(count: number, price: number): string {
  return dollars((count * price) / 1e6);
}
