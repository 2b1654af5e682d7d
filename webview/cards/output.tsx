import { useState } from 'preact/hooks';
import { plural } from '../strings';
import { plainText, tail } from '../text/plain-text';
import { Scroll } from '../ui/scroll';

const SHOWN_LINES = 200;

/** Text that a tool gave, ending first: what is old is shown when asked for. */
export function Output({ text, label }: { text: string; label: string }) {
  const [whole, setWhole] = useState(false);
  const plain = plainText(text).replace(/\n+$/, '');
  if (plain === '') return null;
  const shown = whole ? { text: plain, hidden: 0 } : tail(plain, SHOWN_LINES);
  return (
    <>
      {shown.hidden > 0 && (
        <button type="button" class="link card-note" onClick={() => setWhole(true)}>
          {plural(shown.hidden, 'Show {0} earlier line', 'Show {0} earlier lines')}
        </button>
      )}
      <Scroll class="output" label={label}>
        {shown.text}
      </Scroll>
    </>
  );
}
