import assert from 'node:assert/strict';
import { logFilter } from '../../../src/core/observe/log-filter';
import { createLogRows } from '../../../src/editor/log-view/rows';
import { NO_FILTER, type SystemRecord } from '../../../src/protocol/system-log';

const record = (n: number, part: Partial<SystemRecord> = {}): SystemRecord => ({
  v: 1,
  at: n,
  level: 'info',
  kind: 'call',
  session: 'aaaa-1',
  text: `record ${n}`,
  data: {},
  ...part,
});
const MIXED = [
  record(0),
  record(1, { kind: 'retry', level: 'warn', text: 'The service is overloaded' }),
  record(2, { session: 'bbbb-2', call: 'toolu_7', data: { rule: 'shell(npm test *)' } }),
  record(3, { kind: 'end', level: 'error', session: '' }),
];

describe('the rows of the log view', () => {
  it('filters by session, kind, level, words and call, all at once', () => {
    const found = (part: Partial<typeof NO_FILTER>) => MIXED.filter(logFilter({ ...NO_FILTER, ...part })).map((r) => r.at);
    assert.deepEqual(found({}), [0, 1, 2, 3]);
    assert.deepEqual(found({ session: 'bbbb' }), [2]);
    assert.deepEqual(found({ kind: 'retry' }), [1]);
    assert.deepEqual(found({ level: 'warn' }), [1, 3]);
    assert.deepEqual(found({ level: 'error' }), [3]);
    assert.deepEqual(found({ text: 'OVERLOADED the' }), [1]);
    assert.deepEqual(found({ text: 'npm' }), [2]);
    assert.deepEqual(found({ call: 'toolu_7' }), [2]);
    assert.deepEqual(found({ call: 'toolu_7', level: 'warn' }), []);
  });

  it('keeps the numbers of rows while the log only grows, and says when it does not', () => {
    const rows = createLogRows();
    rows.take({ anew: true, records: MIXED });
    rows.filter({ ...NO_FILTER, level: 'warn' });
    const { version } = rows.state();
    rows.take({ anew: false, records: [record(4), record(5, { level: 'warn' })] });
    assert.deepEqual(rows.state(), {
      version,
      total: 6,
      matching: 3,
      kinds: ['call', 'end', 'retry'],
      sessions: [
        { id: 'aaaa-1', at: 5 },
        { id: 'bbbb-2', at: 2 },
      ],
    });
    assert.deepEqual(
      rows.rows(1, 5).map((r) => r.at),
      [3, 5],
    );
    rows.take({ anew: true, records: [record(9)] });
    assert.notEqual(rows.state().version, version);
    assert.equal(rows.state().total, 1);
  });

  it('holds no more than it may, and lets the oldest go', () => {
    const rows = createLogRows(10, 4);
    for (let n = 0; n < 25; n++) rows.take({ anew: false, records: [record(n)] });
    const all = rows.rows(0, 100).map((r) => r.at);
    assert.ok(all.length <= 10);
    assert.equal(all.at(-1), 24);
  });
});
