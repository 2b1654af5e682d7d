import assert from 'node:assert/strict';
import { StoreError } from '../../../src/core/errors';
import type { Tool } from '../../../src/core/tool';
import { openLogFile } from '../../../src/node/session-log';
import { reply } from '../../support/model-server/reply';
import type { Script } from '../../support/model-server/server';
import { allowAll, reader, toNever, writer } from '../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';
import { asksForSummary } from '../../support/summary';

const open: Harness[] = [];
async function start(script: Script, options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(script, options);
  open.push(harness);
  return harness;
}
const tools: readonly Tool[] = [reader('read'), writer('write')];

/** The last event, which must explain the end. */
function lastWord(harness: Harness) {
  const last = harness.session.events().at(-1);
  assert.equal(last?.type, 'run_ended');
  if (last?.type !== 'run_ended') assert.fail();
  const { reason, phase, lastTool, retryable, error } = last;
  assert.notEqual(last.detail, '');
  return { reason, phase, lastTool, retryable, error };
}

describe('the last event of a run', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('explains a cut connection', async () => {
    const cut = () => reply.text('half of a sentence').disconnect('mid-delta', 'rst');
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const h = await start([reply.tool('read', { n: 1 }), ...Array.from({ length: 8 }, cut)], { tools, ports: { clock } });
    assert.equal(await h.say('go'), 'failed');
    assert.deepEqual(lastWord(h), { reason: 'failed', phase: 'model', lastTool: 'read', retryable: true, error: 'network' });
  });

  it('explains a fault around a tool', async () => {
    const h = await start([reply.tool('write')], {
      tools,
      rules: allowAll,
      // What a tool itself throws is an answer to the model; this is thrown where the harness looks after it.
      ports: {
        scan: {
          snapshot: async () => {
            throw new Error('the disk is on fire');
          },
          whole: async () => assert.fail('nothing is deleted here'),
        },
      },
    });
    assert.equal(await h.say('go'), 'failed');
    assert.deepEqual(lastWord(h), { reason: 'failed', phase: 'tool', lastTool: 'write', retryable: true, error: 'bug' });
  });

  it('explains a fault while a permission was asked', async () => {
    const decide = async () => {
      throw new Error('nobody home');
    };
    const h = await start([reply.tool('write')], { tools, ports: { approver: { handler: 'interactive', decide } } });
    assert.equal(await h.say('go'), 'failed');
    assert.deepEqual(lastWord(h), { reason: 'failed', phase: 'permission', lastTool: 'write', retryable: true, error: 'bug' });
  });

  it('explains a store that fails', async () => {
    let full = false;
    const h = await start([reply.tool('read', { n: 1 }), reply.text('done')], {
      tools: [
        reader('read', async () => {
          full = true;
          return 'read';
        }),
      ],
      openFile: async (path, flags) => {
        const file = await openLogFile(path, flags);
        const unlessFull =
          <A extends readonly unknown[]>(work: (...args: A) => Promise<void>) =>
          async (...args: A) => {
            if (full) throw new StoreError('full', 'The disk is full.', 'Make room.');
            return work(...args);
          };
        return { ...file, write: unlessFull(file.write), sync: unlessFull(file.sync) };
      },
    });
    assert.equal(await h.say('go'), 'failed');
    assert.deepEqual(lastWord(h), { reason: 'failed', phase: 'store', lastTool: 'read', retryable: true, error: 'store_full' });
    full = false;
  });

  it('explains a stop while the conversation was being condensed, within half a second', async () => {
    let summaries = 0;
    const h = await start((request) => {
      if (!asksForSummary(request)) return reply.text('one');
      summaries += 1;
      return reply.text('never').stall('after-headers');
    });
    assert.equal(await h.say('first'), 'done');
    const run = h.session.compact();
    await h.server.stalled();
    assert.equal(summaries, 1);
    const at = Date.now();
    h.session.cancel();
    assert.equal(await run, 'cancelled');
    assert.ok(Date.now() - at < 500);
    assert.deepEqual(lastWord(h), { reason: 'cancelled', phase: 'compaction', lastTool: undefined, retryable: true, error: undefined });
  });

  it('comes within half a second of a stop: while a call runs, is asked, or a repeat is waited for', async () => {
    const cases: readonly { readonly phase: string; readonly script: Script; readonly until: (h: Harness) => Promise<unknown> }[] = [
      { phase: 'tool', script: [reply.tool('slow', { n: 1 })], until: (h) => h.event('tool_started') },
      { phase: 'permission', script: [reply.tool('write')], until: (h) => h.event('permission_asked') },
      {
        phase: 'model',
        script: [reply.http(529, { retryAfter: 60 })],
        until: (h) => h.event('state_changed', (e) => e.workflow.at === 'retrying'),
      },
    ];
    for (const { phase, script, until } of cases) {
      const h = await start(script, { tools: [...tools, reader('slow', (_, signal) => toNever(signal))] });
      const run = h.say('go');
      await until(h);
      const at = Date.now();
      h.session.cancel();
      assert.equal(await run, 'cancelled', phase);
      assert.ok(Date.now() - at < 500, phase);
      const { reason, phase: ended } = lastWord(h);
      assert.deepEqual({ reason, ended }, { reason: 'cancelled', ended: phase });
      assert.equal(await h.reopen().then((session) => session.state().open), false);
    }
  });

  it('is written at the next start when the process was killed in a call', async () => {
    const h = await start([reply.tools([{ name: 'read', input: { n: 1 } }, { name: 'slow' }])], {
      tools: [reader('read'), reader('slow', (_, signal) => toNever(signal))],
    });
    void h.say('go');
    await h.event('tool_finished');
    const again = await h.reopen();
    const last = again.events().at(-1);
    assert.ok(last?.type === 'run_ended');
    assert.deepEqual([last.reason, last.error, last.phase, last.lastTool], ['failed', 'interrupted', 'tool', 'slow']);
    assert.match(last.detail, /the last call was slow/);
  });
});
