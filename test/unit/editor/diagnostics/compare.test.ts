import assert from 'node:assert/strict';
import { bySeverity, compareProblems, type Located, onNewLines } from '../../../../src/editor/diagnostics/compare';

const problem = (line: number, message: string, lineText: string, more: Partial<Located> = {}): Located => ({
  path: '/w/a.ts',
  line,
  column: 1,
  severity: 'error',
  message,
  lineText,
  ...more,
});

describe('comparing problems', () => {
  it('does not call an old problem new because its line moved or was indented', () => {
    const { added, fixed } = compareProblems([problem(3, 'bad', 'x = 1')], [problem(9, 'bad', '    x = 1')]);
    assert.deepEqual([added, fixed], [[], 0]);
  });

  it('counts equal problems as often as they occur', () => {
    const one = problem(1, 'bad', 'x');
    const two = [problem(1, 'bad', 'x'), problem(2, 'bad', 'x')];
    assert.equal(compareProblems([one], two).added.length, 1);
    assert.equal(compareProblems(two, [one]).fixed, 1);
  });

  it('tells problems apart by line text, code, source, severity and file', () => {
    const before = problem(1, 'bad', 'x', { code: '1', source: 'ts' });
    for (const other of [{ lineText: 'y' }, { code: '2' }, { source: 'lint' }, { severity: 'warning' as const }, { path: '/w/b.ts' }]) {
      assert.equal(compareProblems([before], [{ ...before, ...other }]).added.length, 1, JSON.stringify(other));
    }
  });

  it('puts errors first, then orders by place', () => {
    const list = [problem(9, 'w', '', { severity: 'warning' }), problem(5, 'b', ''), problem(2, 'a', '')].sort(bySeverity);
    assert.deepEqual(
      list.map((p) => p.message),
      ['a', 'b', 'w'],
    );
  });

  it('blames an edit of an unknown file only for its new lines', () => {
    assert.deepEqual(
      onNewLines([problem(1, 'old', '  let a'), problem(2, 'new', 'let b')], 'let a\nlet c\n').map((p) => p.message),
      ['new'],
    );
  });
});
