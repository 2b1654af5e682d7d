import assert from 'node:assert/strict';
import { tasks } from '../../../src/tools/tasks';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

const session = () => toolSession(fakePorts());
const task = (title: string, status: string, more: object = {}) => ({ title, status, ...more });

describe('tasks', () => {
  it('keeps the list and shows what waits for what', async () => {
    const s = session();
    const output = await s.run(tasks, { tasks: [task('Build', 'in_progress'), task('Test', 'pending', { blocked_by: ['1'] })] });
    assert.equal(output.content, '1. [in_progress] Build\n2. [pending] Test (blocked by 1)');
    assert.equal(output.summary, '0 of 2 tasks completed');
    assert.deepEqual(s.tasks, [
      { id: '1', title: 'Build', status: 'in_progress', blockedBy: [] },
      { id: '2', title: 'Test', status: 'pending', blockedBy: ['1'] },
    ]);
  });

  it('does not let a blocked task begin, and leaves the list as it was', async () => {
    const s = session();
    const build = task('Build', 'pending', { id: 'A' });
    await s.run(tasks, { tasks: [build, task('Test', 'pending', { id: 'B', blocked_by: ['A'] })] });
    for (const status of ['in_progress', 'completed']) {
      const text = await s.fail(tasks, { tasks: [build, task('Test', status, { id: 'B', blocked_by: ['A'] })] });
      assert.match(text, /Task B \(Test\) cannot be .*blocked by A \(Build\)[\s\S]*Complete what blocks it first/);
    }
    assert.deepEqual(
      s.tasks.map((t) => t.status),
      ['pending', 'pending'],
    );
  });

  it('says what a completed task unblocked', async () => {
    const s = session();
    const test = task('Test', 'pending', { id: 'B', blocked_by: ['A'] });
    await s.run(tasks, { tasks: [task('Build', 'in_progress', { id: 'A' }), test] });
    const output = await s.run(tasks, { tasks: [task('Build', 'completed', { id: 'A' }), test] });
    assert.match(textOf(output), /Unblocked: B \(Test\)\./);
    await s.run(tasks, { tasks: [task('Build', 'completed', { id: 'A' }), { ...test, status: 'in_progress' }] });
  });

  it('refuses unknown ids, doubled ids and circles', async () => {
    const s = session();
    assert.match(
      await s.fail(tasks, { tasks: [task('A', 'pending', { blocked_by: ['9'] })] }),
      /9, which is not in the list[\s\S]*Use the ids 1/,
    );
    assert.match(
      await s.fail(tasks, { tasks: [task('A', 'pending', { id: 'x' }), task('B', 'pending', { id: 'x' })] }),
      /Two tasks have the id x/,
    );
    const circle = [
      task('A', 'pending', { id: 'a', blocked_by: ['b'] }),
      task('B', 'pending', { id: 'b', blocked_by: ['c'] }),
      task('C', 'pending', { id: 'c', blocked_by: ['a'] }),
    ];
    assert.match(await s.fail(tasks, { tasks: circle }), /block each other: a -> b -> c -> a/);
    assert.match(await s.fail(tasks, { tasks: [task('A', 'pending', { blocked_by: ['1'] })] }), /1 -> 1/);
    assert.deepEqual(s.tasks, []);
  });

  it('keeps the id of a task that is sent again without one', async () => {
    const s = session();
    await s.run(tasks, { tasks: [task('A', 'pending'), task('B', 'pending')] });
    await s.run(tasks, { tasks: [task('New', 'pending'), task('B', 'pending'), task('A', 'pending')] });
    assert.deepEqual(
      s.tasks.map((t) => [t.title, t.id]),
      [
        ['New', '3'],
        ['B', '2'],
        ['A', '1'],
      ],
    );
  });

  it('only hints at more than one task in progress, and empties the list', async () => {
    const s = session();
    const output = await s.run(tasks, { tasks: [task('A', 'in_progress'), task('B', 'in_progress')] });
    assert.match(textOf(output), /More than one task is in progress/);
    assert.equal((await s.run(tasks, { tasks: [] })).content, 'The list is empty now.');
    assert.deepEqual(s.tasks, []);
  });
});
