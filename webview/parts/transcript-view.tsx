import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CARDS } from '../cards/index';
import { liveItems } from '../live';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';
import type { Item, Section, ViewState } from '../view-state';
import { ProgressLine } from './progress-line';

/** Nearer to the end than this, the view follows what comes. */
const NEAR = 40;

/** The conversation. It follows its end until the user scrolls away, and fetches older pages when scrolled to its top. */
export function TranscriptView({ state }: { state: ViewState }) {
  const { post } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const fromBottom = useRef(0);
  const asked = useRef(0);
  const shownFrom = useRef(state.from);
  const top = useRef(0);
  const [away, setAway] = useState(false);
  const { sections } = state.transcript;

  const toEnd = () => {
    const { current } = box;
    if (current) current.scrollTop = current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (follows.current) toEnd();
  });
  // An older page arrived above: what was in view stays in view. Where old cards go the browser itself sees to that.
  useLayoutEffect(() => {
    const { current } = box;
    const came = state.from < shownFrom.current;
    shownFrom.current = state.from;
    if (current && came && !follows.current) current.scrollTop = current.scrollHeight - fromBottom.current;
  }, [state.from]);
  useLayoutEffect(() => {
    follows.current = true;
    asked.current = 0;
    setAway(false);
    toEnd();
  }, [state.session]);
  useEffect(() => {
    const { current } = box;
    if (!current || !('ResizeObserver' in window)) return;
    const observer = new ResizeObserver(() => {
      if (follows.current) toEnd();
    });
    observer.observe(current);
    if (current.firstElementChild) observer.observe(current.firstElementChild);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const { current } = box;
    if (!current) return;
    fromBottom.current = current.scrollHeight - current.scrollTop;
    // Only the user scrolls up: an end that has moved away by growing is still followed.
    if (fromBottom.current - current.clientHeight < NEAR) follows.current = true;
    else if (current.scrollTop < top.current) follows.current = false;
    top.current = current.scrollTop;
    setAway(!follows.current);
    if (current.scrollTop < current.clientHeight && state.from > 1 && asked.current !== state.from) {
      asked.current = state.from;
      post({ type: 'more', before: state.from });
    }
  };
  const looks = away ? 'transcript away' : 'transcript';
  return (
    <div class="transcript-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class={looks} ref={box} role="log" aria-live="off" aria-label={t('Conversation')} tabIndex={0} onScroll={onScroll}>
        <div class="transcript-sheet">
          {state.from > 1 && <div class="quiet older">{t('Loading earlier messages')}</div>}
          {sections.map((section, i) => (
            <SectionView
              key={section.key}
              section={section}
              live={i === sections.length - 1 ? liveItems(state.live) : NO_ITEMS}
              output={outputOf(section, state.live.output)}
              latest={i === sections.length - 1}
            />
          ))}
          {sections.length === 0 && state.live.blocks.length > 0 && (
            <SectionView section={NO_SECTION} live={liveItems(state.live)} output={NO_OUTPUT} latest />
          )}
          <ProgressLine status={state.status} />
        </div>
      </div>
      {away && (
        <IconButton
          icon="arrowDown"
          label={t('Go to the end')}
          class="to-end"
          onClick={() => {
            follows.current = true;
            setAway(false);
            toEnd();
          }}
        />
      )}
    </div>
  );
}

const NO_ITEMS: readonly Item[] = [];
const NO_SECTION: Section = { key: 'first', items: [] };
const NO_OUTPUT: Readonly<Record<string, string>> = {};

/** The running calls' output, only for the section that holds such calls: the others need not render for it. */
function outputOf(section: Section, output: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const concerned = section.items.some((item) => item.kind === 'tool' && item.callId in output);
  return concerned ? output : NO_OUTPUT;
}

type SectionProps = {
  readonly section: Section;
  readonly live: readonly Item[];
  readonly output: Readonly<Record<string, string>>;
  readonly latest: boolean;
};

const SectionView = memo(
  ({ section, live, output, latest }: SectionProps) => {
    const items = live.length > 0 ? [...section.items, ...live] : section.items;
    return (
      <section class={section.gone === undefined ? 'turn' : 'turn gone'}>
        {items.map((item, i) => (
          <ItemView
            key={item.key}
            item={item}
            live={item.kind === 'tool' ? (output[item.callId] ?? '') : ''}
            latest={latest && i === items.length - 1}
          />
        ))}
      </section>
    );
  },
  (a, b) => a.section === b.section && a.output === b.output && a.latest === b.latest && a.live.length === 0 && b.live.length === 0,
);

const ItemView = memo(({ item, live, latest }: { item: Item; live: string; latest: boolean }) => {
  // The table pairs each kind with its card; the compiler cannot follow the pair through the index.
  const Card = CARDS[item.kind] as (props: { item: Item; live: string; latest: boolean }) => preact.JSX.Element;
  return (
    <div class={`item item-${item.kind}`}>
      <Card item={item} live={live} latest={latest} />
    </div>
  );
});
