import assert from 'node:assert/strict';
import type { AppliedChange } from '../../../../src/core/ports';
import { hunksOf } from '../../../../src/editor/review/pending';
import { createQueue } from '../../../../src/editor/review/queue';

const path = '/w/a.txt';
const change = (before: string, after: string): AppliedChange => ({ path, kind: 'edit', before, after, hash: '' });

describe('the review queue', () => {
  it('lets a file go when its text is back at the baseline', () => {
    const queue = createQueue();
    const told: string[] = [];
    queue.onChange((p) => told.push(p));
    queue.land({ change: change('a\nb\n', 'a\nB\n') }, undefined);
    assert.equal(queue.all().length, 1);
    queue.typed(path, [{ offset: 2, length: 1, text: 'b' }], 'a\nb\n', false);
    assert.deepEqual([queue.all(), told], [[], [path, path]]);
  });

  it('brings back what an undo in the editor brings back', () => {
    const queue = createQueue();
    queue.land({ change: change('a\nb\nc\n', 'a\nc\n') }, undefined);
    // Undo puts the removed line back: without memory this would look like a line that the user typed.
    queue.typed(path, [{ offset: 2, length: 0, text: 'b\n' }], 'a\nb\nc\n', true);
    assert.deepEqual(queue.all(), []);
    queue.typed(path, [{ offset: 2, length: 2, text: '' }], 'a\nc\n', true);
    assert.deepEqual(
      queue.all().map((p) => hunksOf(p).map((h) => h.removed)),
      [[['b\n']]],
    );
  });

  it('keeps what the user typed while the edit landed apart from the edit', () => {
    const queue = createQueue();
    queue.land({ change: change('a\nb\nc\n', 'a\nB\nc\n') }, 'a\nB\nc typed\n');
    const [pending] = queue.all();
    assert.deepEqual(pending && hunksOf(pending).map((h) => [h.removed, h.added]), [[['b\n'], ['B\n']]]);
    assert.equal(pending?.base, 'a\nb\nc typed\n');
  });

  it('knows the last change of a file, so that nobody tells it twice', () => {
    const queue = createQueue();
    const first = change('a\n', 'b\n');
    queue.land({ change: first }, undefined);
    assert.equal(queue.knows({ ...first }), true);
    assert.equal(queue.knows(change('b\n', 'c\n')), false);
  });

  it('follows a file that the user moved, and drops a new file that is gone', () => {
    const queue = createQueue();
    queue.land({ change: change('a\n', 'b\n') }, undefined);
    queue.move(path, '/w/b.txt');
    assert.deepEqual(
      queue.all().map((p) => p.path),
      ['/w/b.txt'],
    );
    queue.land({ change: { path, kind: 'create', before: null, after: 'x\n', hash: '' } }, undefined);
    queue.land({ change: { path, kind: 'delete', before: 'x\n', after: null, hash: '' } }, undefined);
    assert.equal(queue.get(path), undefined);
  });

  it('calls a deleted file that is there again a changed one', () => {
    const queue = createQueue();
    queue.land({ change: { path, kind: 'delete', before: 'old\n', after: null, hash: '' }, bytes: new Uint8Array(4) }, undefined);
    queue.see(path, 'new\n');
    assert.deepEqual([queue.get(path)?.kind, queue.get(path)?.base], ['edit', 'old\n']);
    queue.see(path, 'old\n');
    assert.equal(queue.get(path), undefined);
  });
});
