import assert from 'node:assert/strict';
import { merge } from '../../../../src/core/text/merge';

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const base = lines('a', 'b', 'c', 'd', 'e');

describe('merging two changes of one text', () => {
  for (const [what, ours, theirs, merged] of [
    ['changes in different places', lines('A', 'b', 'c', 'd', 'e'), lines('a', 'b', 'c', 'D', 'e'), lines('A', 'b', 'c', 'D', 'e')],
    [
      'an insertion and a removal far apart',
      lines('a', 'x', 'b', 'c', 'd', 'e'),
      lines('a', 'b', 'c', 'd'),
      lines('a', 'x', 'b', 'c', 'd'),
    ],
    ['the same change on both sides, once', lines('a', 'B', 'c', 'd', 'e'), lines('a', 'B', 'c', 'd', 'e'), lines('a', 'B', 'c', 'd', 'e')],
    ['a line put below lines that go', lines('a', 'b', 'new', 'c', 'd', 'e'), lines('a', 'c', 'd', 'e'), lines('a', 'new', 'c', 'd', 'e')],
    [
      'a line put above lines that change',
      lines('a', 'new', 'b', 'c', 'd', 'e'),
      lines('a', 'B', 'c', 'd', 'e'),
      lines('a', 'new', 'B', 'c', 'd', 'e'),
    ],
    ['neighbours that change', lines('a', 'B', 'c', 'd', 'e'), lines('a', 'b', 'C', 'd', 'e'), lines('a', 'B', 'C', 'd', 'e')],
    ['no change at all on one side', base, lines('a'), lines('a')],
  ] as const) {
    it(`takes ${what}`, () => {
      assert.equal(merge(base, ours, theirs), merged);
      assert.equal(merge(base, theirs, ours), merged);
    });
  }

  for (const [what, ours, theirs] of [
    ['the same line changed in two ways', lines('a', 'B', 'c', 'd', 'e'), lines('a', 'X', 'c', 'd', 'e')],
    ['a changed line that the other side removed', lines('a', 'B', 'c', 'd', 'e'), lines('a', 'c', 'd', 'e')],
    ['two lines put at the same place', lines('a', 'x', 'b', 'c', 'd', 'e'), lines('a', 'y', 'b', 'c', 'd', 'e')],
    ['a line put in the middle of lines that go', lines('a', 'b', 'x', 'c', 'd', 'e'), lines('a', 'd', 'e')],
    ['everything against one line', base.replaceAll('\n', '\r\n'), lines('a', 'b', 'C', 'd', 'e')],
  ] as const) {
    it(`gives up on ${what}`, () => {
      assert.equal(merge(base, ours, theirs), null);
      assert.equal(merge(base, theirs, ours), null);
    });
  }

  it('does not glue a last line without an ending to what comes after it', () => {
    assert.equal(merge('a\nb\n', 'a\nb\nc', 'a\nb\nd\n'), null);
  });
});
