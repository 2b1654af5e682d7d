import assert from 'node:assert/strict';
import { applyChanges, changesBetween, hasMixedEndings, lineStarts } from '../../../../src/editor/documents/text-changes';
import { random } from '../review/random';

describe('text changes', () => {
  it('turn one text into the other, whatever the texts', () => {
    const rnd = random(3);
    const parts = ['a', 'b', '\n', '\r\n', '😀', '😁', ' ', 'word'];
    const text = () => Array.from({ length: rnd(30) }, () => parts[rnd(parts.length)]).join('');
    for (let i = 0; i < 2_000; i++) {
      const before = text();
      const after = rnd(2) ? text() : before.slice(0, rnd(before.length + 1)) + text() + before.slice(rnd(before.length + 1));
      assert.equal(applyChanges(before, changesBetween(before, after)), after, JSON.stringify([before, after]));
    }
  });

  it('touch nothing but what differs, one change per place', () => {
    assert.deepEqual(changesBetween('a b c\nsame\nd e f\n', 'a B c\nsame\nd E f\n'), [
      { offset: 2, length: 1, text: 'B' },
      { offset: 13, length: 1, text: 'E' },
    ]);
  });

  it('never part a surrogate pair or a line ending', () => {
    assert.deepEqual(changesBetween('😀', '😁'), [{ offset: 0, length: 2, text: '😁' }]);
    assert.deepEqual(changesBetween('a\r\n', 'a\n'), [{ offset: 1, length: 2, text: '\n' }]);
  });

  it('know lines and mixed endings', () => {
    assert.deepEqual(lineStarts('a\nbc\r\n'), [0, 2, 6]);
    assert.equal(hasMixedEndings('a\r\nb\n'), true);
    assert.equal(hasMixedEndings('a\r\nb\r\n'), false);
    assert.equal(hasMixedEndings('one line'), false);
  });
});
