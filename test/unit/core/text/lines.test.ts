import assert from 'node:assert/strict';
import { clipLine, lineList, mainEnding, numberLines, sameText, splitLines, withEnding } from '../../../../src/core/text/lines';

describe('lines', () => {
  it('end at any line ending, and none is added at the end', () => {
    assert.deepEqual(splitLines('a\r\nb\rc\nd'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(splitLines('a\n\n'), ['a', '']);
    assert.deepEqual(splitLines(''), []);
  });

  it('are numbered from where they stand', () => assert.equal(numberLines(['a', 'b'], 9), '9\ta\n10\tb'));

  it('are cut when overlong, never through a character', () => {
    assert.equal(clipLine('abcdef', 3), 'abc [line cut: 6 characters in all]');
    assert.equal(clipLine('ab😀cd', 3), 'ab [line cut: 6 characters in all]');
    assert.equal(clipLine('abc', 3), 'abc');
  });

  it('are listed as ranges', () => {
    assert.equal(lineList([3]), '3');
    assert.equal(lineList([3, 4]), '3-4');
    assert.equal(lineList([3, 7, 8, 9, 12]), '3, 7-9 and 12');
    assert.equal(lineList([1, 3, 5, 7], 2), '1, 3 and more');
  });

  it('know their main ending', () => {
    assert.equal(mainEnding('a\r\nb\r\nc\n'), '\r\n');
    assert.equal(mainEnding('a'), undefined);
    assert.ok(sameText('a\r\nb', 'a\nb') && !sameText('a\nb', 'a\nc'));
    assert.equal(withEnding('a\nb\r\nc', '\r\n'), 'a\r\nb\r\nc');
  });
});
