import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { initRecord, systemRecords } from '../../../../src/core/observe/system-record';
import { defineTool } from '../../../../src/core/tool';
import { createSystemLog } from '../../../../src/node/system-log';
import { type SystemRecord, zSystemRecord } from '../../../../src/protocol/system-log';
import { reply } from '../../../support/model-server/reply';
import { reader, writer } from '../../../support/sample-tools';
import { startHarness } from '../../../support/session-harness';
import { summaryReply } from '../../../support/summary';

const CANARY = 'canary-5d1e';
const offline = defineTool({
  name: 'offline',
  description: 'not here',
  input: z.strictObject({}),
  available: () => 'this host is offline',
  summarize: () => ({ title: 'Off', detail: '' }),
  run: async () => ({ content: '', summary: '' }),
});

describe('the system log alone', () => {
  let folder: string;
  let records: readonly SystemRecord[];
  const of = (kind: string) => records.filter((r) => r.kind === kind);

  /** A run with a file attached, a retry, two decisions, a change of mode and model, and a breaker at its end. */
  before(async function () {
    this.timeout(20_000);
    folder = await mkdtemp(join(tmpdir(), 'plumb-questions-'));
    const log = createSystemLog(folder, (error) => assert.fail(String(error)));
    const big = `${CANARY} `.repeat(2_000);
    let now = Date.now();
    const harness = await startHarness(
      [
        reply.http(529),
        reply.http(429),
        reply.tools([{ name: 'read', input: { n: 1 } }, { name: 'write' }]),
        reply.text(`${CANARY} first`),
        ...Array.from({ length: 5 }, () => reply.tool('read', { n: 2 })),
        summaryReply(),
      ],
      {
        tools: [reader('read', async () => CANARY), writer('write'), offline],
        rules: [{ effect: 'allow', rule: 'write', source: 'user' }],
        ports: { clock: { now: () => now, sleep: async () => {} } },
        server: { now: () => now },
        observe: (event) => {
          for (const record of systemRecords(event)) log.write(record);
        },
      },
    );
    try {
      log.write(initRecord(1, harness.session.id, 'Tools', 12));
      const send = (text: string) =>
        harness.session.send({
          text,
          attachments: [{ kind: 'file', path: '/work/notes.md' }],
          content: [
            { type: 'text', text: big },
            { type: 'text', text },
          ],
        });
      assert.equal(await send(`say ${CANARY}`), 'done');
      harness.session.setMode('plan');
      now += 6 * 60_000;
      assert.equal(await harness.say('again'), 'stalled');
      const [result] = harness.events('tool_finished');
      assert.equal(await harness.session.context.evict({ ids: [result?.callId ?? ''], turns: [] }), 1);
      assert.equal(harness.session.context.undoEviction(), true);
      assert.equal(await harness.session.compact(), 'done');
    } finally {
      await harness.close();
    }
    await log.flush();
    const text = await readFile(join(folder, 'log.jsonl'), 'utf8');
    assert.ok(!text.includes(CANARY), 'no word of the conversation');
    records = text
      .trimEnd()
      .split('\n')
      .map((line) => zSystemRecord.parse(JSON.parse(line)));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('1: which files came into the context, and what did they weigh?', () => {
    const loaded = of('context').filter((r) => r.data.what === 'loaded');
    const file = loaded.find((r) => r.data.path === '/work/notes.md');
    assert.equal(file?.data.of, 'file');
    assert.ok(Number(file?.data.tokens) > 5_000);
    assert.deepEqual(
      loaded.filter((r) => r.data.of === 'passive').map((r) => [r.data.path, Number(r.data.tokens) > 0]),
      [
        ['the instructions', true],
        ['the session facts', true],
        ['the tools', true],
      ],
    );
  });
  it('2: why this model?', () => assert.deepEqual(of('model')[0]?.data, { model: 'claude-opus-4-8', by: 'the settings' }));
  it('3: which rule decided about a call?', () => {
    const call = of('call').find((r) => r.data.tool === 'write')?.call;
    const decision = of('permission').find((r) => r.call === call);
    assert.deepEqual([decision?.data.verdict, decision?.data.rule], ['allow', 'write']);
  });
  it('4: when did the mode change, and who changed it?', () => {
    const [change] = of('mode');
    assert.deepEqual(change?.data, { mode: 'plan', by: 'user' });
    assert.ok(Number(change?.at) > 0 && records.indexOf(change ?? assert.fail()) > records.findIndex((r) => r.kind === 'end'));
  });
  it('5: how many repeats were there, and why?', () => {
    assert.deepEqual(
      of('retry').map((r) => r.data.attempt),
      [1, 2],
    );
    assert.ok(of('retry').every((r) => r.turn === 1 && r.level === 'warn' && r.text.length > 10));
  });
  it('6: which breaker tripped?', () =>
    assert.deepEqual(
      of('breaker').map((r) => r.data.breaker),
      ['repeated_call'],
    ));
  it('7: what did the start take?', () =>
    assert.deepEqual(
      of('init').map((r) => r.data),
      [{ step: 'Tools', ms: 12 }],
    ));
  it('8: how many tools are there, and why are the others not?', () => {
    assert.deepEqual(
      of('tools').map((r) => r.data),
      [
        { available: 2, held: 0, absent: 1, names: 'read write' },
        { tool: 'offline', why: 'this host is offline' },
      ],
    );
  });
  it('9: why did each run end?', () => {
    assert.deepEqual(
      of('end').map((r) => [r.data.reason, r.data.phase, r.data.lastTool]),
      [
        ['done', 'model', 'write'],
        ['stalled', 'tool', 'read'],
        ['done', 'model', null],
      ],
    );
  });
  it('10: what broke the cache, and what did each request cost?', () => {
    assert.equal(of('cache')[0]?.data.cause, 'expired');
    assert.ok(Number(of('cache')[0]?.data.expected) > Number(of('cache')[0]?.data.read));
    const requests = of('request').map((r) => r.data.model);
    const costs = of('usage').map((r) => r.data.cost);
    // What the summary of a compaction cost stands beside them.
    assert.equal(costs.length, requests.length + of('usage').filter((r) => r.data.of === 'side').length);
    assert.ok(costs.every((cost) => typeof cost === 'number' && cost > 0));
  });

  it('and besides: what left the window, by whose word, and what came back?', () => {
    const window = of('context').filter((r) => r.data.what !== 'loaded');
    const call = of('result')[0]?.call;
    assert.deepEqual(
      window.map((r) => [r.data.what, r.data.by, r.data.calls]),
      [
        ['evicted', 'user', call],
        ['eviction_undone', undefined, undefined],
      ],
    );
    assert.ok(Number(window[0]?.data.tokens) > 0 && window[1]?.data.eviction === window[0]?.seq);
    const condensed = of('compaction');
    assert.deepEqual(
      condensed.map((r) => r.data.by),
      ['user', 'user', 'user'],
    );
    assert.ok(Number(condensed[2]?.data.after) < Number(condensed[2]?.data.before));
  });

  it('joins each result to its call, its decision and its request', () => {
    const results = of('result');
    assert.equal(results.length, 7);
    for (const { call, turn, session, at, seq } of results) {
      const same = records.filter((r) => r.session === session && r.call === call && r.turn === turn);
      assert.deepEqual(
        same.filter((r) => ['call', 'permission', 'result'].includes(r.kind)).map((r) => r.kind),
        ['call', 'permission', 'result'],
      );
      const request = of('request').find((r) => r.session === session && r.turn === turn);
      assert.ok(request && request.at <= at && Number(request.seq) < Number(seq));
    }
  });
});
