import assert from 'node:assert/strict';
import { changedLines, describeDiff, diffLines, fileDiff } from '../../../../src/core/text/diff';
import { linesOf } from '../../../../src/core/text/lines';

const of = (before: string | null, after: string | null) => fileDiff({ path: '/w/a.ts', kind: 'edit', before, after });
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}\n`);

describe('diffLines', () => {
  it('rebuilds the new text from the old one', () => {
    const old = numbered(200);
    const changed = old.flatMap((line, i) => (i % 17 === 0 ? [] : i % 23 === 0 ? [line, 'added\n'] : i % 31 === 0 ? ['other\n'] : [line]));
    let rebuilt: string[] = [];
    let at = 0;
    for (const change of diffLines(old.join(''), changed.join(''))) {
      assert.deepEqual(old.slice(change.oldAt, change.oldAt + change.removed.length), change.removed);
      rebuilt = rebuilt.concat(old.slice(at, change.oldAt));
      assert.equal(rebuilt.length, change.newAt);
      rebuilt = rebuilt.concat(change.added);
      at = change.oldAt + change.removed.length;
    }
    assert.equal(rebuilt.concat(old.slice(at)).join(''), changed.join(''));
  });

  it('is quick on 50,000 lines with changes all over', () => {
    const old = numbered(50_000);
    const changed = old.map((line, i) => (i % 250 === 0 ? `changed ${i}\n` : line));
    const started = performance.now();
    assert.equal(diffLines(old.join(''), changed.join('')).length, 200);
    assert.ok(performance.now() - started < 3000);
  });

  it('shows a total rewrite as one replacement', () => {
    const changes = diffLines(numbered(5000).join(''), Array.from({ length: 5000 }, (_, i) => `other ${i * 7}\n`).join(''));
    assert.equal(changes.length, 1);
    assert.equal(changes[0]?.removed.length, 5000);
  });

  it('is as quick on a total rewrite', () => {
    const [old, other] = [numbered(5000).join(''), numbered(5000).join('').replaceAll('line', 'row')];
    const started = performance.now();
    for (let n = 0; n < 10; n++) assert.equal(diffLines(old, other).length, 1);
    assert.ok(performance.now() - started < 1500);
  });
});

describe('fileDiff', () => {
  it('has three lines of context and joins what is near', () => {
    const old = numbered(40);
    const now = old.map((line, i) => (i === 9 || i === 14 || i === 30 ? 'new\n' : line));
    const diff = of(old.join(''), now.join(''));
    assert.deepEqual([diff.added, diff.removed, diff.hunks.length], [3, 3, 2]);
    assert.deepEqual([diff.hunks[0]?.oldStart, diff.hunks[0]?.newStart, diff.hunks[0]?.lines.length], [7, 7, 14]);
    assert.deepEqual(diff.hunks[0]?.lines.slice(2, 6), [
      [' ', 'line 9'],
      ['-', 'line 10'],
      ['+', 'new'],
      [' ', 'line 11'],
    ]);
    assert.equal(diff.hunks[1]?.oldStart, 28);
  });

  it('reads as unified text', () => {
    assert.equal(describeDiff(of('a\nb\nc\n', 'a\nx\ny\nc\n')), '@@ -1,3 +1,4 @@\n a\n-b\n+x\n+y\n c');
    assert.equal(describeDiff(of('', 'a\nb\n')), '@@ -0,0 +1,2 @@\n+a\n+b');
    assert.equal(describeDiff(of('a\n', '')), '@@ -1 +0,0 @@\n-a');
    assert.equal(describeDiff(of('same', 'same')), '');
  });

  it('counts created and deleted files whole', () => {
    const made = fileDiff({ path: '/w/a', kind: 'create', before: null, after: 'a\nb' });
    assert.deepEqual([made.added, made.removed], [2, 0]);
    const gone = fileDiff({ path: '/w/a', kind: 'delete', before: 'a\nb', after: null });
    assert.deepEqual([gone.added, gone.removed], [0, 2]);
    assert.equal(fileDiff({ path: '/w/b', kind: 'rename', from: '/w/a', before: 'a', after: 'a' }).from, '/w/a');
  });

  it('shows line endings only where they are the difference', () => {
    assert.deepEqual(of('a\nb', 'a\nb\n').hunks[0]?.lines, [
      [' ', 'a'],
      ['-', 'b [no line ending]'],
      ['+', 'b␊'],
    ]);
    assert.deepEqual(of('a\r\n', 'a\n').hunks[0]?.lines, [
      ['-', 'a␍␊'],
      ['+', 'a␊'],
    ]);
    assert.deepEqual(of('a\r\n', 'b\r\n').hunks[0]?.lines, [
      ['-', 'a'],
      ['+', 'b'],
    ]);
  });

  it('cuts what is too long and says so', () => {
    const big = of(null, numbered(5000).join(''));
    assert.equal(big.added, 5000);
    assert.equal(big.truncated, true);
    assert.equal(
      big.hunks.reduce((n, h) => n + h.lines.length, 0),
      1000,
    );
    const wide = of('a', 'x'.repeat(10_000));
    assert.equal(wide.truncated, true);
    assert.match(describeDiff(big, 10), /not shown\]$/);
    assert.equal(of('a', 'b').truncated, undefined);
  });
});

describe('changedLines', () => {
  it('names new lines, and the line after a removal', () => {
    assert.deepEqual(changedLines('a\nb\nc\n', 'a\nx\ny\nc\n'), [2, 3]);
    assert.deepEqual(changedLines('a\nb\nc\n', 'a\nc\n'), [2]);
    assert.deepEqual(changedLines('a\n', ''), [1]);
  });
});

describe('linesOf', () => {
  it('loses nothing', () => {
    for (const text of ['', '\n', '\r\n\r', 'a', 'a\r\nb\rc\n\n', '\n\r\n']) assert.equal(linesOf(text).join(''), text);
  });
});
