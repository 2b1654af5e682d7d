import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Fold } from '../ui/fold';
import type { ToolItem } from '../view-state';
import { bodyOf } from './bodies';
import { Diffs } from './diff';
import { ImageView } from './image';
import { ProblemList } from './problems';
import { ToolHead } from './tool-head';

/** A call of any tool: one line that unfolds. What failed is open from the start. */
export function ToolCard({ item, live }: { item: ToolItem; live: string }) {
  const open = item.state === 'error' || item.state === 'unknown';
  const empty = item.state === 'waiting' && item.input === null;
  return (
    <>
      <Fold
        class={`tool is-${item.state}`}
        head={<ToolHead item={item} />}
        open={open}
        empty={empty}
        body={() => <ToolBody item={item} live={live} />}
      />
      <ProblemsLine item={item} />
    </>
  );
}

function ToolBody({ item, live }: { item: ToolItem; live: string }) {
  const { short, post } = usePanel();
  const Body = bodyOf(item);
  const { decision, spill } = item;
  return (
    <>
      {item.diffs.length > 0 && <Diffs files={item.diffs} />}
      {(item.diffs.length === 0 || item.state === 'error') && <Body item={item} live={live} />}
      {item.images.length > 0 &&
        item.display?.kind !== 'image' &&
        item.images.map((image, i) => <ImageView key={i} mediaType={image.mediaType} data={image.data} />)}
      {decision && <div class="card-note">{decided(decision.verdict, short(decision.reason))}</div>}
      {decision?.feedback && <div class="card-note">{t('You said: {0}', decision.feedback)}</div>}
      {spill && (
        <button type="button" class="link card-note" onClick={() => post({ type: 'open', path: spill })}>
          {t('Open the whole output')}
        </button>
      )}
    </>
  );
}

function decided(verdict: 'allow' | 'deny', reason: string): string {
  return reason || (verdict === 'allow' ? t('Allowed') : t('Denied'));
}

/** What the language servers said of the edit: `2 new problems, 1 fixed`. */
function ProblemsLine({ item }: { item: ToolItem }) {
  if (!item.diagnostics) return null;
  const { fresh, added, fixed } = item.diagnostics;
  if (!fresh) {
    return (
      <Fold
        class="problems-line"
        empty={added.length === 0}
        head={<span class="quiet">{t('Problems not settled: the language servers have not answered yet')}</span>}
        body={() => <ProblemList problems={added} />}
      />
    );
  }
  if (added.length === 0 && fixed === 0) return null;
  const came = added.length > 0 ? plural(added.length, '{0} new problem', '{0} new problems') : '';
  const went = fixed > 0 ? t('{0} fixed', fixed) : '';
  const text = [came, went].filter(Boolean).join(', ');
  const tone = added.some((p) => p.severity === 'error') ? 'tone-error' : added.length > 0 ? 'tone-warning' : 'tone-good';
  return (
    <Fold
      class="problems-line"
      empty={added.length === 0}
      head={<span class={tone}>{text}</span>}
      body={() => <ProblemList problems={added} />}
    />
  );
}
