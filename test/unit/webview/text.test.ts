import assert from 'node:assert/strict';
import { dollars } from '../../../src/protocol/spend';
import { duration, tokens } from '../../../webview/format';
import { lengthen, shorten } from '../../../webview/paths';
import { plainText, tail } from '../../../webview/text/plain-text';
import { hides, pieces } from '../../../webview/text/visible';

describe('plain text', () => {
  it('drops colours, titles, links and cursor moves', () => {
    assert.equal(plainText('\u001b[31;1mred\u001b[0m'), 'red');
    assert.equal(plainText('\u001b]0;title\u0007shown'), 'shown');
    assert.equal(plainText('\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\'), 'link');
    assert.equal(plainText('a\u001b[2J\u001b[Hb\u009b31mc'), 'abc');
    assert.equal(plainText('bell\u0007 nul\u0000 back\u0008'), 'bell nul back');
  });

  it('keeps lines, tabs and letters of every script', () => {
    assert.equal(plainText('a\tb\r\nc\n\u00e4\u4e2d\ud83d\ude00'), 'a\tb\nc\n\u00e4\u4e2d\ud83d\ude00');
  });

  it('starts a line over at a carriage return, as a terminal does', () => {
    assert.equal(plainText('10%\r50%\r100%\ndone'), '100%\ndone');
    assert.equal(plainText('a long line\rshort'), 'short' + 'g line');
  });

  it('never takes an unended escape sequence for text', () => {
    assert.equal(plainText('shown\u001b]0;a title that never ends'), 'shown');
  });

  it('shows the last lines and counts the others', () => {
    assert.deepEqual(tail('1\n2\n3\n4', 2), { text: '3\n4', hidden: 2 });
    assert.deepEqual(tail('1\n2', 5), { text: '1\n2', hidden: 0 });
    assert.deepEqual(tail('', 5), { text: '', hidden: 0 });
  });
});

describe('visible text', () => {
  const named = (text: string) => pieces(text).map((p) => (p.hidden ? `[${p.text}]` : p.text));

  it('names what would not be seen or would change the order', () => {
    assert.deepEqual(named('rm \u202e/tmp\u202c'), ['rm ', '[U+202E]', '/tmp', '[U+202C]']);
    assert.deepEqual(named('a\u200bb\u00a0c\ufeffd'), ['a', '[U+200B]', 'b', '[U+00A0]', 'c', '[U+FEFF]', 'd']);
    assert.deepEqual(named('x\u{e0041}y'), ['x', '[U+E0041]', 'y']);
    assert.deepEqual(named('ls\r\u001b[2K'), ['ls', '[CR]', '[ESC]', '[2K']);
  });

  it('leaves ordinary text, lines and tabs alone', () => {
    assert.deepEqual(named('echo "\u00e4 \u4e2d \ud83d\ude00"\n\tls'), ['echo "\u00e4 \u4e2d \ud83d\ude00"\n\tls']);
    assert.equal(hides('plain'), false);
    assert.equal(hides('a\u2066b'), true);
  });
});

describe('figures and paths', () => {
  it('are short', () => {
    assert.deepEqual([850, 1000, 12_345, 200_000, 1_000_000].map(tokens), ['850', '1k', '12.3k', '200k', '1M']);
    assert.deepEqual([400, 72_000, 7_500_000].map(duration), ['0 s', '1 m 12 s', '2 h 5 m']);
    assert.deepEqual([0, 0.0134, 1.5, 1_234_567.8, 0.00001].map(dollars), ['$0.00', '$0.0134', '$1.50', '$1,234,567.80', '<$0.0001']);
  });

  it('knows which file a short path means', () => {
    assert.equal(lengthen('src/x.ts', ['/w/a']), '/w/a/src/x.ts');
    assert.equal(lengthen('./x.ts', ['/w/a/']), '/w/a/x.ts');
    assert.equal(lengthen('b/y.ts', ['/w/a', '/w/b']), '/w/b/y.ts');
    assert.equal(lengthen('/etc/hosts', ['/w/a']), '/etc/hosts');
    assert.equal(lengthen('C:\\x\\y.ts', ['/w/a']), 'C:\\x\\y.ts');
    assert.equal(lengthen('x.ts', []), 'x.ts');
  });

  it('shows paths from the root, and with its name where there are several', () => {
    assert.equal(shorten('/w/a/src/x.ts', ['/w/a']), 'src/x.ts');
    assert.equal(shorten('cat /w/a/x /w/b/y', ['/w/a', '/w/b']), 'cat a/x b/y');
    assert.equal(shorten('/etc/hosts', ['/w/a']), '/etc/hosts');
    assert.equal(shorten('/w/a', ['/w/a']), 'a');
    assert.equal(shorten('C:\\w\\a\\x.ts', ['C:\\w\\a']), 'x.ts');
  });
});
