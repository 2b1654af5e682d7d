import assert from 'node:assert/strict';
import { applyChanges, changesBetween } from '../../../../src/editor/documents/text-changes';
import {
  changedByAgent,
  changedByUser,
  hunkAt,
  hunksOf,
  isSettled,
  kept,
  landed,
  openDecisions,
  type Pending,
  seenText,
} from '../../../../src/editor/review/pending';
import { describeHunks, planUndo } from '../../../../src/editor/review/undo';
import { random } from './random';

const edit = (before: string, after: string): Pending => {
  const pending = landed(undefined, { path: '/w/a.ts', kind: 'edit', before, after, hash: '' }, undefined);
  assert.ok(pending);
  return pending;
};
const undoAll = (pending: Pending, force = false) => {
  const plan = planUndo(pending, hunksOf(pending), force);
  return { text: applyChanges(pending.text, plan.changes), edited: plan.edited };
};

describe('undoing hunks', () => {
  it('restores exactly the text before, final line ending included', () => {
    for (const [before, after] of [
      ['a\nb\nc\n', 'a\nB\nc\nd\n'],
      ['a\nb', 'a\nb\nc'],
      ['a\nb\n', 'a\nb'],
      ['', 'new\n'],
      ['a\r\nb\r\n', 'x\r\na\r\nb\r\n'],
      ['only', ''],
    ] as const) {
      assert.equal(undoAll(edit(before, after)).text, before);
    }
  });

  it('keeps what the user typed elsewhere meanwhile', () => {
    const pending = seenText(edit('a\nb\nc\nd\n', 'a\nB\nc\nd\n'), 'a\nB\nc\nd and mine\nmore\n');
    assert.equal(undoAll(pending).text, 'a\nb\nc\nd and mine\nmore\n');
  });

  it('keeps whole lines that the user put between the lines of a hunk', () => {
    const pending = seenText(edit('a\nz\n', 'a\none\ntwo\nz\n'), 'a\none\nmine\ntwo\nz\n');
    const { text, edited } = undoAll(pending);
    assert.deepEqual(edited, []);
    assert.equal(text, 'a\nmine\nz\n');
  });

  it('does not throw away a line of the agent that the user rewrote, unless told to', () => {
    const pending = seenText(edit('a\nold\nz\n', 'a\nnew\nz\n'), 'a\nnew and mine\nz\n');
    const careful = undoAll(pending);
    assert.equal(careful.text, 'a\nnew and mine\nz\n');
    assert.equal(careful.edited.length, 1);
    assert.equal(undoAll(pending, true).text, 'a\nold\nz\n');
  });

  it('never loses a line that the user put outside the hunks, on random documents', () => {
    const rnd = random(11);
    for (let round = 0; round < 400; round++) {
      const before = Array.from({ length: 1 + rnd(10) }, (_, i) => `base ${i}\n`).join('');
      const agentLines = before.split(/(?<=\n)/).flatMap((l, i) => (rnd(3) === 0 ? [`agent ${i}\n`] : rnd(5) === 0 ? [] : [l]));
      let pending = edit(before, agentLines.join(''));
      for (let k = 0; k < 3; k++) {
        const lines = pending.text.split(/(?<=\n)/);
        lines.splice(rnd(lines.length + 1), 0, `user ${k}\n`);
        const next = lines.join('');
        pending = changedByUser(pending, changesBetween(pending.text, next), next);
      }
      const { text } = undoAll(pending);
      const back = text
        .split(/(?<=\n)/)
        .filter((l) => !l.startsWith('user'))
        .join('');
      assert.equal(back, before, JSON.stringify({ before, pending }));
      for (const k of [0, 1, 2]) assert.ok(text.includes(`user ${k}\n`), JSON.stringify({ before, pending, text }));
    }
  });

  it('tells the model what was rejected', () => {
    assert.equal(describeHunks(hunksOf(edit('a\nb\n', 'a\nB\n'))), '@@ line 2 @@\n-b\n+B');
  });
});

describe('a file under review', () => {
  it('keeps the older baseline while it is pending', () => {
    const again = changedByAgent(edit('1\n2\n3\n', '1\ntwo\n3\n'), '1\ntwo\n3\n', '1\ntwo\nthree\n');
    assert.equal(again.base, '1\n2\n3\n');
    assert.equal(openDecisions(again), 1);
  });

  it('is settled hunk by hunk', () => {
    const pending = edit('1\n2\n3\n4\n5\n', 'one\n2\n3\n4\nfive\n');
    const [first, second] = hunksOf(pending);
    assert.ok(first && second);
    const half = kept(pending, [first]);
    assert.equal(openDecisions(half), 1);
    assert.equal(isSettled(kept(half, hunksOf(half))), true);
  });

  it('takes the user typing between two edits of the agent for the user', () => {
    const first = edit('a\nb\nc\n', 'A\nb\nc\n');
    const second = changedByAgent(first, 'A\nb\nc mine\n', 'A\nB\nc mine\n');
    assert.equal(undoAll(second).text, 'a\nb\nc mine\n');
  });

  it('follows a change of line endings without calling it a hunk', () => {
    const pending = seenText(edit('a\nb\nc\n', 'a\nB\nc\n'), 'a\r\nB\r\nc\r\n');
    assert.equal(hunksOf(pending).length, 1);
    assert.equal(undoAll(pending).text, 'a\r\nb\r\nc\r\n');
  });

  it('knows files that came, went and moved', () => {
    const change = { path: '/w/a', hash: '' };
    const created = landed(undefined, { ...change, kind: 'create', before: null, after: 'x\n' }, undefined);
    assert.equal(created?.kind, 'create');
    assert.equal(landed(created, { ...change, kind: 'delete', before: 'x\n', after: null }, undefined), undefined);

    const edited = edit('old\n', 'new\n');
    const gone = landed(edited, { ...change, kind: 'delete', before: 'new\n', after: null }, new Uint8Array([1]));
    assert.equal(gone?.base, 'old\n');
    const back = landed(gone, { ...change, kind: 'create', before: null, after: 'newer\n' }, undefined);
    assert.deepEqual([back?.kind, back?.base], ['edit', 'old\n']);

    const moved = landed(edited, { path: '/w/b', from: '/w/a', kind: 'rename', before: 'new\n', after: 'new\n', hash: '' }, undefined);
    assert.deepEqual([moved?.kind, moved?.from, moved && openDecisions(moved)], ['rename', '/w/a', 2]);
    const returned = landed(moved, { path: '/w/a', from: '/w/b', kind: 'rename', before: 'new\n', after: 'new\n', hash: '' }, undefined);
    assert.deepEqual([returned?.kind, returned?.from], ['edit', undefined]);
  });

  it('finds the hunk at a line, a gap included', () => {
    const pending = edit('a\nb\nc\nd\n', 'a\nc\nD\n');
    const hunks = hunksOf(pending);
    assert.equal(hunkAt(hunks, 1)?.removed[0], 'b\n');
    assert.equal(hunkAt(hunks, 2)?.added[0], 'D\n');
    assert.equal(hunkAt(hunks, 3), undefined);
  });
});
