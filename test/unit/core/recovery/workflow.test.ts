import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { advance, STAGES, type Stage, type WorkflowRecord } from '../../../../src/protocol/stage';
import { reply } from '../../../support/model-server/reply';
import type { Script } from '../../../support/model-server/server';
import { allowAll, reader } from '../../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';

const ENDS = 'planned done failed cancelled';
/** From each stage where it may go. */
const TABLE: Readonly<Record<Stage, string>> = {
  planned: 'awaiting_approval executing done failed cancelled',
  awaiting_approval: `executing ${ENDS}`,
  executing: `awaiting_approval waiting_on_external verifying ${ENDS}`,
  waiting_on_external: 'awaiting_approval executing failed cancelled',
  verifying: 'awaiting_approval executing failed cancelled',
  done: 'planned awaiting_approval executing failed cancelled',
  failed: 'planned awaiting_approval executing done cancelled',
  cancelled: 'planned awaiting_approval executing done failed',
};

describe('the workflow of a session', () => {
  const open: Harness[] = [];
  const start = async (script: Script, options: HarnessOptions = {}) => {
    const harness = await startHarness(script, { tools: [reader('read')], ...options });
    open.push(harness);
    return harness;
  };
  const recordOf = async (harness: Harness): Promise<WorkflowRecord> => {
    await harness.session.close();
    const [record, ...more] = await harness.options.ports.store.workflows();
    assert.ok(record && more.length === 0);
    return record;
  };
  const stages = ({ moves }: WorkflowRecord) => moves.map(({ to }) => to);

  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('moves as its table says, and throws on every other move', () => {
    for (const from of STAGES) {
      for (const to of STAGES) {
        if (TABLE[from].split(' ').includes(to)) assert.equal(advance(from, to), to);
        else assert.throws(() => advance(from, to), new RegExp(`${from} to ${to}`));
      }
    }
  });

  it('waits for approval while a person is asked, and is done at the end', async () => {
    const harness = await start([reply.tools([{ name: 'read', input: { n: 1 } }]), reply.text('Done.')], {
      rules: [{ effect: 'ask', rule: 'read', source: 'user' }],
    });
    const said = harness.say('go');
    const { askId } = await harness.event('permission_asked');
    assert.ok(harness.desk.decide(askId, { choice: 'once' }));
    assert.equal(await said, 'done');
    const record = await recordOf(harness);
    assert.deepEqual(stages(record), ['executing', 'awaiting_approval', 'executing', 'done']);
    assert.deepEqual(record.status, { is: 'idle', stop: 'end_turn', ids: [] });
    assert.equal(record.next, 'nothing');
  });

  it('is readable while a question is open, and names what waits', async () => {
    const harness = await start([reply.tools([{ name: 'read', input: { n: 1 } }]), reply.text('Done.')], {
      rules: [{ effect: 'ask', rule: 'read', source: 'user' }],
    });
    void harness.say('go');
    const { askId } = await harness.event('permission_asked');
    const record = await recordOf(harness);
    assert.equal(record.stage, 'awaiting_approval');
    assert.deepEqual(record.status, { is: 'idle', stop: 'requires_action', ids: [askId] });
    assert.equal(record.next, 'answer');
  });

  it('is rescheduled when the service is overloaded, waits as long as it asks, and runs again', async () => {
    const waits: number[] = [];
    const clock = {
      now: () => 1_700_000_000_000,
      sleep: async (ms: number, signal: AbortSignal) => {
        signal.throwIfAborted();
        if (ms !== 250) waits.push(ms);
        else await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    };
    const harness = await start([reply.http(529, { retryAfter: 7 }), reply.http(529), reply.text('Hello.')], { ports: { clock } });
    assert.equal(await harness.say('go'), 'done');
    assert.equal(waits[0], 7_000);
    assert.ok(waits[1] !== undefined && waits[1] >= 375 && waits[1] <= 2_000, String(waits[1]));
    const until = harness.events('state_changed').flatMap(({ workflow }) => (workflow.at === 'retrying' ? [workflow.until] : []));
    assert.equal(until[0], clock.now() + 7_000);
    const record = await recordOf(harness);
    assert.deepEqual(stages(record), ['executing', 'waiting_on_external', 'executing', 'waiting_on_external', 'executing', 'done']);
  });

  it('is terminated by what a repeat can not mend, and a message takes it up once that is gone', async () => {
    const harness = await start([reply.http(401), reply.text('Hello.')]);
    assert.equal(await harness.say('go'), 'failed');
    const session = await harness.reopen();
    const [failed] = await harness.options.ports.store.workflows();
    assert.equal(failed?.stage, 'failed');
    assert.deepEqual(failed?.status, { is: 'terminated', error: 'auth' });
    const content = [{ type: 'text' as const, text: 'again' }];
    assert.equal(await session.send({ text: 'again', attachments: [], content }), 'done');
    await session.close();
    const [record] = await harness.options.ports.store.workflows();
    assert.deepEqual(record && stages(record), ['executing', 'failed', 'executing', 'done']);
  });

  it('stays readable when the session is deleted, without a word of what was said', async () => {
    const harness = await start([reply.tools([{ name: 'read', input: { n: 1 }, id: 'toolu_CANARY' }]), reply.text('CANARY')], {
      rules: allowAll,
    });
    assert.equal(await harness.say('CANARY'), 'done');
    const { store } = harness.options.ports;
    await harness.session.close();
    const before = await store.workflows();
    await store.remove(harness.session.id);
    const [tomb] = await store.workflows();
    assert.ok(tomb?.deletedAt);
    assert.deepEqual([tomb.session, tomb.stage, tomb.moves], [harness.session.id, 'done', before[0]?.moves]);
    assert.deepEqual(await store.list(), []);
    const folder = dirname(dirname(dirname(store.exitFile(harness.session.id))));
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      assert.doesNotMatch(await readFile(join(file.parentPath, file.name), 'utf8'), /CANARY/, file.name);
    await store.noteWorkflow({ ...tomb, stage: 'executing' });
    assert.equal((await store.workflows())[0]?.stage, 'done', 'a late note brings nothing back');
  });
});
