import assert from 'node:assert/strict';
import { renderToString } from 'preact-render-to-string';
import { type Coloured, colour, NO_CODE } from '../../../webview/markdown/growing-code';
import { tagsOf, textOf } from './support/markup';

const LINES = Array.from({ length: 200 }, (_, n) =>
  n % 5 === 0 ? `function f${n}(a: string) {` : n % 5 === 4 ? '}' : `  const x${n} = ${n};`,
);
const SOURCE = LINES.join('\n');

/** The code as it stands after each step, `size` characters at a time. */
function growth(size: number): readonly Coloured[] {
  const states: Coloured[] = [];
  let last = NO_CODE;
  for (let end = size; end < SOURCE.length + size; end += size) {
    last = colour(last, SOURCE.slice(0, end), 'ts');
    states.push(last);
  }
  return states;
}

const markupOf = ({ shown }: Coloured) => renderToString(<code>{shown}</code>);

describe('Code that grows', () => {
  it('shows every character, coloured, however it was cut', () => {
    for (const size of [40, 111, 3000]) {
      const last = growth(size).at(-1);
      assert.ok(last);
      const markup = markupOf(last);
      assert.equal(textOf(markup), SOURCE);
      assert.equal(tagsOf(markup).filter(({ attributes }) => attributes.class === 'hljs-keyword').length, 160, `by ${size}`);
    }
  });

  it('leaves what it has closed as it is, and colours no more for the end of a long text than for that of a short one', () => {
    const states = growth(25);
    for (const [i, { closed, code, closedChars }] of states.entries()) {
      assert.ok(code.length - closedChars <= 1200, `${code.length - closedChars} characters are open`);
      const before = states[i - 1]?.closed ?? [];
      assert.ok(before.every((part, at) => closed[at] === part));
    }
    assert.ok((states.at(-1)?.closed.length ?? 0) > 1);
  });

  it('begins anew for another text or language', () => {
    const grown = growth(25).at(-1);
    assert.ok(grown);
    assert.equal(textOf(markupOf(colour(grown, 'const y = 2;', 'ts'))), 'const y = 2;');
    assert.equal(markupOf(colour(grown, SOURCE, 'nonsense')), renderToString(<code>{SOURCE}</code>));
  });
});
