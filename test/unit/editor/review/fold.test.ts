import assert from 'node:assert/strict';
import { diffLines } from '../../../../src/core/text/diff';
import { applyChanges, type TextChange } from '../../../../src/editor/documents/text-changes';
import { absorb, fold } from '../../../../src/editor/review/fold';
import { random } from './random';

const differences = (a: string, b: string) => diffLines(a, b).map((d) => [d.removed.join(''), d.added.join('')]);

describe('folding a change into the other side', () => {
  it('carries a change below a hunk to the shifted line of the baseline', () => {
    const base = 'one\ntwo\nthree\n';
    const text = 'one\nnew a\nnew b\nthree\n';
    const at = text.indexOf('three');
    const split = fold(base, text, [{ offset: at, length: 5, text: 'THREE' }]);
    assert.equal(split.side, 'one\ntwo\nTHREE\n');
    assert.equal(split.outside.length, 1);
  });

  it('leaves a change inside a hunk to that hunk', () => {
    const base = 'one\ntwo\n';
    const text = 'one\nTWO\n';
    const split = fold(base, text, [{ offset: 5, length: 1, text: 'w' }]);
    assert.equal(split.side, base);
    assert.equal(split.outside.length, 0);
  });

  it('takes whole lines that are put right before or right behind a hunk for changes outside it', () => {
    const base = 'a\nold\nz\n';
    const text = 'a\nnew\nz\n';
    assert.equal(fold(base, text, [{ offset: 2, length: 0, text: 'mine\n' }]).side, 'a\nmine\nold\nz\n');
    assert.equal(fold(base, text, [{ offset: 6, length: 0, text: 'mine\n' }]).side, 'a\nold\nmine\nz\n');
  });

  it('keeps a line that is typed behind the last line of the file', () => {
    assert.equal(fold('a\n', 'a\nb\n', [{ offset: 4, length: 0, text: 'mine' }]).side, 'a\nmine');
    // The baseline has no ending to type behind: the change stays with the hunk.
    assert.equal(fold('a', 'a\nb\n', [{ offset: 4, length: 0, text: 'mine' }]).side, 'a');
  });

  it('never changes what the hunks remove and add, on random documents', () => {
    const rnd = random(7);
    let folded = 0;
    for (let round = 0; round < 1_500; round++) {
      let serial = 0;
      const lines = (n: number) => Array.from({ length: n }, () => `line ${round} ${serial++}\n`);
      const baseLines = lines(1 + rnd(12));
      const textLines = baseLines.flatMap((line) => {
        const what = rnd(6);
        if (what === 0) return [];
        if (what === 1) return lines(1 + rnd(2));
        return what === 2 ? [...lines(1 + rnd(2)), line] : [line];
      });
      const base = baseLines.join('');
      const text = rnd(4) === 0 ? textLines.join('').trimEnd() : textLines.join('');
      const offset = rnd(text.length + 1);
      const inserts = ['', 'x', '\n', `y ${round}\n`, `\nz ${round}`];
      const change: TextChange = { offset, length: rnd(2) * rnd(Math.min(25, text.length - offset + 1)), text: inserts[rnd(5)] ?? '' };
      const split = fold(base, text, [change]);
      if (split.outside.length === 0) {
        assert.equal(split.side, base);
        continue;
      }
      folded++;
      const next = applyChanges(text, [change]);
      assert.deepEqual(differences(split.side, next), differences(base, text), JSON.stringify({ base, text, change }));
    }
    assert.ok(folded > 500, `only ${folded} changes could be folded`);
  });
});

describe('absorbing our own edit', () => {
  it('keeps what the user did elsewhere apart, and settles what the edit touched', () => {
    const agent = 'a\nb\nc\nd\ne\n';
    const text = 'a\nb user\nc\nd user\ne\n';
    const next = 'a\nb user\nc\nd agent\ne\n';
    assert.equal(absorb(agent, text, next), 'a\nb\nc\nd agent\ne\n');
  });
});
