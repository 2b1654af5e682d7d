import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EventOf } from '../../src/protocol/events';
import { Diffs } from '../cards/diff';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { hides, Visible } from '../text/visible';

type Props = { readonly ask: EventOf<'permission_asked'>; readonly onRead: (read: boolean) => void };

/** Exactly what would run: the command or the diff, nothing hidden. A long one must be scrolled to its end. */
export function AskSubject({ ask, onRead }: Props) {
  const { short } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const check = () => {
    const { current } = box;
    if (current && current.scrollTop + current.clientHeight >= current.scrollHeight - 4) onRead(true);
  };
  useLayoutEffect(() => {
    const { current } = box;
    onRead(!current || current.scrollHeight <= current.clientHeight + 4);
  }, [ask.askId]);
  const diff = ask.preview?.kind === 'diff' ? ask.preview.files : null;
  // A command is shown letter by letter as it would run; a path may be shortened.
  const text = ask.preview?.kind === 'shell' ? ask.preview.command : ask.tool === 'shell' ? ask.detail : short(ask.detail);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: it groups text, not fields */}
      <div class="ask-subject" ref={box} tabIndex={0} role="group" aria-label={t('What would run')} onScroll={check}>
        {diff ? (
          <Diffs files={diff} />
        ) : (
          <pre>
            <Visible text={text} />
          </pre>
        )}
      </div>
      {!diff && <Size text={text} />}
    </>
  );
}

function Size({ text }: { text: string }) {
  const lines = text.split('\n').length;
  const notes = [
    lines > 3 || text.length > 300 ? t('{0} lines, {1} characters', lines, text.length) : '',
    hides(text) ? t('holds characters that would not be seen') : '',
  ].filter(Boolean);
  return notes.length > 0 ? <div class="card-note">{notes.join(' · ')}</div> : null;
}
