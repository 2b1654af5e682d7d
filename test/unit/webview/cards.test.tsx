import assert from 'node:assert/strict';
import { join } from 'node:path';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { App } from '../../../webview/app';
import { BLANK, fold } from '../../../webview/store';
import { assertGolden } from '../../support/golden';
import { SCENES } from '../../support/panel-preview/scenes';
import { textOf } from './support/markup';

/** One tag a line, so that a change shows as a few lines; pictures left out, they are looked at. */
function pretty(html: string): string {
  const bare = html.replaceAll(/<svg.*?<\/svg>/gs, '');
  let depth = 0;
  const lines = bare.split(/(?<=>)(?=<)|(?<=[^>])(?=<)|(?<=>)(?=[^<])/).map((part) => {
    if (part.startsWith('</')) depth -= 1;
    const line = '  '.repeat(Math.max(0, depth)) + part.replaceAll('\n', '⏎');
    if (/^<[a-z]/.test(part) && !/\/>$|^<(input|br|hr|img)\b/.test(part)) depth += 1;
    return line;
  });
  return `${lines.join('\n')}\n`;
}

function renderScene(name: string): string {
  const messages = SCENES[name]?.() ?? [];
  return renderToString(h(App, { state: messages.reduce(fold, BLANK), post: () => undefined }));
}

describe('the panel as it is rendered', () => {
  // The clock of a run that goes on depends on the hour of the test.
  const hideClock = (html: string) => html.replaceAll(/(<div class="progress-line">.*?<span class="quiet">)[^<]*/gs, '$1…');

  for (const name of Object.keys(SCENES)) {
    it(`is as before: ${name}`, () => {
      assertGolden(join(import.meta.dirname, 'golden', `${name}.golden`), pretty(hideClock(renderScene(name))));
    });
  }

  it('writes no inline style, and names every picture button', () => {
    for (const name of Object.keys(SCENES)) {
      const html = renderScene(name);
      assert.doesNotMatch(html, /\sstyle=/, name);
      for (const [, attributes = ''] of html.matchAll(/<button([^>]*class="icon-button[^>]*)>/g))
        assert.match(attributes, /aria-label="[^"]+"/, name);
    }
  });

  it('tells of problems that came and went, and opens what failed', () => {
    const text = textOf(renderScene('finished'));
    assert.match(text, /1 new problem, 1 fixed/);
    assert.match(text, /expected 7\.5 to equal 12/);
    assert.ok(!text.includes('\u001b'), 'escape sequences are not shown');
    assert.doesNotMatch(text, /\/home\/ada/, 'paths are shown from the workspace root');
  });

  it('offers what fits the failure', () => {
    assert.match(textOf(renderScene('failures')), /Set API key….*Continue/s);
    assert.match(textOf(renderScene('interrupted')), /interrupted.*npm run migrate.*no note of its end.*Continue without knowing/s);
    assert.doesNotMatch(textOf(renderScene('held')), /Stop|Keep all/);
  });
});
