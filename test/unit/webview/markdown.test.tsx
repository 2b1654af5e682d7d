import assert from 'node:assert/strict';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { fileIn, targetOf } from '../../../webview/markdown/link';
import { Markdown } from '../../../webview/markdown/markdown';
import { all, type Blocks, grow, NO_BLOCKS } from '../../../webview/markdown/open-blocks';
import { costRatio } from '../../support/cost';
import { HOSTILE } from '../../support/hostile';
import { tagsOf, textOf } from './support/markup';

function render(text: string, live = false): string {
  return renderToString(h(Markdown, { text, live }));
}

/** Tags and attributes that can neither run nor fetch anything. */
const TAGS = new Set(
  'div p span strong em del code pre br hr ul ol li h3 h4 h5 h6 table thead tbody tr th td blockquote button input svg path'.split(' '),
);
const ATTRIBUTES = new Set(
  'class type role title disabled checked tabindex start aria-label aria-hidden viewBox width height d fill'.split(' '),
);

function assertInert(html: string): void {
  for (const [, name = ''] of html.matchAll(/<\/?([^\s>]*)/g)) assert.ok(TAGS.has(name), `<${name}> in ${html.slice(0, 300)}`);
  for (const { name, attributes } of tagsOf(html)) {
    assert.ok(TAGS.has(name), `<${name}> in ${html.slice(0, 300)}`);
    for (const attribute of Object.keys(attributes)) assert.ok(ATTRIBUTES.has(attribute), `${name} ${attribute} in ${html.slice(0, 300)}`);
  }
}

describe('Markdown from the model', () => {
  for (const [name, source] of Object.entries(HOSTILE)) {
    it(`is inert: ${name}`, () => {
      assertInert(render(source));
      assertInert(render(source, true));
    });
  }

  it('shows raw HTML as the text that it is', () => {
    assert.match(textOf(render(HOSTILE.script ?? '')), /<script>fetch\("https:\/\/evil\.example"\)<\/script>/);
    assert.match(textOf(render('a <b>bold</b> c')), /a <b>bold<\/b> c/);
  });

  it('makes an image a link that names its address', () => {
    const html = render('![chart](https://evil.example/x.png)');
    assert.deepEqual(
      tagsOf(html)
        .filter((tag) => tag.name === 'button')
        .map((tag) => tag.attributes.title),
      ['https://evil.example/x.png'],
    );
    assert.match(textOf(html), /image: chart/);
  });

  it('renders what people write', () => {
    const html = render(
      [
        '# One',
        '1. a\n   - b\n2. c',
        '- [x] done\n- [ ] open',
        '| A | B |\n|:-:|--:|\n| 1 | **2** |',
        '> quote',
        'a  \nb ~~c~~',
        '---',
      ].join('\n\n'),
    );
    const names = tagsOf(html).map((tag) => tag.name);
    for (const name of ['h3', 'ol', 'ul', 'table', 'th', 'td', 'strong', 'blockquote', 'br', 'del', 'hr'])
      assert.ok(names.includes(name), `${name} is missing in ${html}`);
    assert.equal(tagsOf(html).filter((tag) => tag.name === 'input' && 'checked' in tag.attributes).length, 1);
    assert.match(html, /class="align-right"/);
  });

  it('decodes character references in text, and leaves code alone', () => {
    assert.match(textOf(render('a &lt;b&gt; &#65; &amp;amp; `&lt;`')), /a <b> A &amp; &lt;/);
  });

  it('colours code by classes, and copes with languages that nobody knows', () => {
    assert.match(render('```ts\nconst x = 1;\n```'), /<span class="hljs-keyword">const<\/span>/);
    assert.match(textOf(render('```nonsense\nconst x = 1;\n```')), /const x = 1;/);
  });

  it('copes with a token of a million letters', () => {
    const started = performance.now();
    render(`${'a'.repeat(1_000_000)}\n\n\`\`\`ts\n${'x'.repeat(200_000)}\n\`\`\``);
    // A guard against quadratic work, far above what it takes.
    assert.ok(performance.now() - started < 10_000);
  });

  it('survives nesting that goes deep', () => {
    assertInert(render(`${'> '.repeat(60)}deep\n\n${'- '.repeat(60)}deep`));
  });
});

describe('Markdown that grows', () => {
  const SOURCE = [
    '# Title',
    'First paragraph with *emphasis* and `code`.',
    '- one\n- two\n\n- three after a gap\n  - nested\n\n    with a paragraph\n- four',
    'A line\n===\n\nthat was a heading',
    '| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |',
    '```ts\nconst a = 1;\n\n\nconst b = `\n`;\n```',
    '> quote\n> goes on\n\n> another',
    '1. x\n2. y\n\n   z\n\ntext\n- a\n\n- b',
    '<div>\nraw\n</div>',
    'The end.',
  ].join('\n\n');

  it('has the same blocks as the whole text, however it was cut', () => {
    for (let step = 1; step <= 40; step++) {
      let blocks: Blocks = NO_BLOCKS;
      for (let at = step; at < SOURCE.length + step; at += step) blocks = grow(blocks, SOURCE.slice(0, at));
      const raw = (tokens: Blocks['tokens']) => tokens.map((token) => [token.type, token.raw]);
      assert.deepEqual(raw(blocks.tokens), raw(all(SOURCE).tokens), `cut every ${step} characters`);
    }
  });

  it('keeps the blocks that are closed, and lexes only what is open', () => {
    const before = grow(NO_BLOCKS, 'one\n\ntwo\n\nthree\n\nfour');
    const after = grow(before, 'one\n\ntwo\n\nthree\n\nfour and more');
    assert.ok(before.closed > 0);
    for (let i = 0; i < before.closed; i++) assert.equal(after.tokens[i], before.tokens[i]);
  });

  it('starts over when the text is another one', () => {
    const before = grow(NO_BLOCKS, 'one\n\ntwo\n\nthree');
    assert.deepEqual(
      grow(before, 'else').tokens.map((token) => token.raw),
      ['else'],
    );
  });

  it('costs no more the longer it gets', () => {
    const growTo = (paragraphs: number) => {
      let blocks: Blocks = NO_BLOCKS;
      let source = '';
      for (let i = 0; i < paragraphs; i++) {
        source += `Paragraph ${i} with **bold** text and a [link](https://a.example).\n\n`;
        blocks = grow(blocks, source);
      }
      assert.equal(blocks.tokens.filter((token) => token.type === 'paragraph').length, paragraphs);
    };
    growTo(200);
    // Four times as long takes four times as long, and sixteen times when all of it is read each time.
    const ratio = costRatio(
      () => growTo(100),
      () => growTo(400),
    );
    assert.ok(ratio < 10, `four times the text cost ${ratio.toFixed(1)} times as much`);
  }).timeout(60_000);
});

describe('links from the model', () => {
  it('stand behind code that names a file', () => {
    assert.deepEqual(fileIn('src/till.ts:12'), { kind: 'file', path: 'src/till.ts', line: 12 });
    assert.deepEqual(fileIn('till.ts:3'), { kind: 'file', path: 'till.ts', line: 3 });
    assert.equal(fileIn('app/[id]/page.tsx')?.path, 'app/[id]/page.tsx');
    for (const code of ['till.ts', 'a.b', 'a/b', 'npm test', 'x > y', 'foo.bar()', '1/2.5', 'https://a.example/x.ts'])
      assert.equal(fileIn(code), null, code);
  });

  it('lead to the web or to a file, and nowhere else', () => {
    assert.deepEqual(targetOf('https://a.example/x'), { kind: 'web', url: 'https://a.example/x' });
    assert.deepEqual(targetOf('src/a.ts#L12-L20'), { kind: 'file', path: 'src/a.ts', line: 12 });
    assert.deepEqual(targetOf('src/a.ts:7:3'), { kind: 'file', path: 'src/a.ts', line: 7 });
    assert.deepEqual(targetOf('src/a%20b.ts'), { kind: 'file', path: 'src/a b.ts', line: undefined });
    assert.deepEqual(targetOf('C:\\x\\a.ts'), { kind: 'file', path: 'C:\\x\\a.ts', line: undefined });
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      'command:x',
      'vscode://x',
      'file:///etc/passwd',
      '//evil.example',
      '\\\\evil\\x',
      '#here',
      '',
    ])
      assert.equal(targetOf(bad), null, bad);
  });
});
