import type { ComponentChild } from 'preact';
import { highlight } from './highlight';

/** Code with its colours. `closed` parts, of `closedChars` characters in all, stay as they are however the text goes on. */
export type Coloured = {
  readonly code: string;
  readonly language: string;
  readonly closed: readonly ComponentChild[];
  readonly closedChars: number;
  readonly shown: ComponentChild;
};

export const NO_CODE: Coloured = { code: '', language: '', closed: [], closedChars: 0, shown: '' };

/** As much as is coloured anew for each frame while code arrives: a few milliseconds' worth. */
const OPEN_CHARS = 1200;

/**
 * Colours a text that may be a longer form of the last one. Only its end is coloured again then: lines that are complete
 * become parts of their own, cut where something new begins at the margin if there is such a place.
 */
export function colour(last: Coloured, code: string, language: string): Coloured {
  const grew = last.language === language && last.code !== '' && code.startsWith(last.code);
  if (!grew) return { code, language, closed: [], closedChars: 0, shown: highlight(code, language) };
  const closed = [...last.closed];
  let { closedChars } = last;
  for (let open = code.slice(closedChars); open.length > OPEN_CHARS; open = code.slice(closedChars)) {
    const end = partEnd(open);
    if (end === 0) break;
    closed.push(part(open.slice(0, end), language, closed.length));
    closedChars += end;
  }
  const shown = [...closed, part(code.slice(closedChars), language, closed.length)];
  return { code, language, closed, closedChars, shown };
}

/** A block of its own, so that the lines of the other parts need not be laid out again. */
function part(code: string, language: string, index: number): ComponentChild {
  return (
    <span class="code-part" key={index}>
      {highlight(code, language)}
    </span>
  );
}

/** After the last complete line before which something begins at the margin, else after the last complete line. */
function partEnd(open: string): number {
  const lastLine = open.lastIndexOf('\n') + 1;
  const margins = [...open.slice(0, lastLine).matchAll(/\n(?=[\w@<#])/g)];
  const margin = margins.at(-1)?.index;
  return margin !== undefined && margin > OPEN_CHARS / 4 ? margin + 1 : lastLine;
}
