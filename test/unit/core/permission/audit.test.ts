import assert from 'node:assert/strict';
import { type AuditFilter, auditFilter, decisionsIn } from '../../../../src/core/permission/audit';
import { forkSession } from '../../../../src/core/recovery/fork';
import { stableJson } from '../../../../src/core/stable';
import { sha256 } from '../../../../src/node/hash';
import { reply } from '../../../support/model-server/reply';
import { reader, writer } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';

/** Five calls that are decided in five ways. */
async function fiveCalls(): Promise<Harness> {
  const h = await startHarness(
    [
      reply.tools([{ name: 'read', input: { n: 1 } }, { name: 'open' }, { name: 'closed' }, { name: 'asked' }, { name: 'again' }]),
      reply.text('ok'),
    ],
    {
      tools: [
        reader('read'),
        writer('open'),
        writer('closed'),
        writer('asked'),
        writer('again', async () => {
          throw new Error('broke');
        }),
      ],
      rules: [
        { effect: 'allow', rule: 'open', source: 'user' },
        { effect: 'deny', rule: 'closed(closed)', source: 'workspace' },
      ],
    },
  );
  const run = h.say('go');
  h.desk.decide((await h.event('permission_asked', (ask) => ask.tool === 'asked')).askId, { choice: 'deny', feedback: 'not now' });
  h.desk.decide((await h.event('permission_asked', (ask) => ask.tool === 'again')).askId, { choice: 'session' });
  assert.equal(await run, 'done');
  return h;
}

describe('permission audit', () => {
  let h: Harness;
  before(async () => {
    h = await fiveCalls();
  });
  after(() => h.close());

  it('holds one record for each decision, equal to what ran, also after a restart', async () => {
    const { events } = await h.options.ports.store.read(h.session.id);
    const records = decisionsIn(events).map(({ record }) => record);
    assert.deepEqual(
      records.map(({ tool, class: effect, by, handler, verdict, outcome }) => [tool, effect, by.kind, handler, verdict, outcome]),
      [
        ['read', 'read_only', 'class', 'interactive', 'allow', 'ok'],
        ['open', 'mutating', 'rule', 'interactive', 'allow', 'ok'],
        ['closed', 'mutating', 'rule', 'interactive', 'deny', 'denied'],
        ['asked', 'mutating', 'user', 'interactive', 'deny', 'denied'],
        ['again', 'mutating', 'user', 'interactive', 'allow', 'error'],
      ],
    );
    assert.equal(new Set(records.map(({ id }) => id)).size, 5);
    for (const { session, agent, at, mode } of records) {
      assert.deepEqual([session, agent, mode, at > 0], [h.session.id, 'main', 'ask', true]);
    }
    assert.equal(records[0]?.inputHash, sha256(stableJson(['read', { n: 1 }])));
    const denied = records[2]?.by;
    assert.equal(denied?.kind === 'rule' && denied.rule.source, 'workspace');
    assert.equal(records[3]?.feedback, 'not now');
    assert.deepEqual(
      records[4]?.savedRules?.map(({ rule, source }) => [rule, source]),
      [['again(again)', 'session']],
    );
  });

  it('gives back what it takes to judge the call again', () => {
    const past = decisionsIn(h.session.events());
    assert.deepEqual([past[0]?.call?.name, past[0]?.call?.input, past[0]?.cwd, past[0]?.roots], ['read', { n: 1 }, h.root, [h.root]]);
    assert.deepEqual(past[4]?.rules, [], 'the rule that came with a decision did not make it');
  });

  it('is filtered by each of its parts', () => {
    const records = decisionsIn(h.session.events()).map(({ record }) => record);
    const tools = (filter: AuditFilter) =>
      records
        .filter(auditFilter(filter))
        .map(({ tool }) => tool)
        .join(' ');
    assert.equal(tools({}), 'read open closed asked again');
    assert.equal(tools({ tool: 'open' }), 'open');
    assert.equal(tools({ agent: 'main', outcome: 'deny' }), 'closed asked');
    assert.equal(tools({ agent: 'other' }), '');
    assert.equal(tools({ outcome: 'error' }), 'again');
    assert.equal(tools({ rule: 'AGAIN(' }), 'again');
    assert.equal(tools({ rule: 'closed' }), 'closed');
    assert.equal(tools({ since: (records[4]?.at ?? 0) + 1 }), '');
  });

  it('leaves a fork the decisions that are its own', async () => {
    const { ports } = h.options;
    await forkSession(ports, h.session.events(), h.session.events().length + 1, 'forked');
    const { events } = await ports.store.read('forked');
    assert.equal(events.filter((event) => event.type === 'permission_decided').length, 5);
    assert.deepEqual(decisionsIn(events), []);
  });
});
