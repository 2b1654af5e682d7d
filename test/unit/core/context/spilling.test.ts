import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../../src/core/ports';
import { lastToolResults, type WireRequest } from '../../../../src/demo/wire/request';
import { systemClock } from '../../../../src/node/clock';
import { prefixBreak } from '../../../support/model-server/prefix';
import { reply } from '../../../support/model-server/reply';
import type { Script } from '../../../support/model-server/server';
import { reader } from '../../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';

const open: Harness[] = [];
async function start(script: Script, options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(script, options);
  open.push(harness);
  return harness;
}
const said = (text: string) => ({ text, attachments: [], content: [{ type: 'text' as const, text }] });
const sized = (of: (n: number) => number) => reader('read', async ({ n }) => `<${n}>`.padEnd(of(n), 'x'));
const calls = (count: number, from = 0) => reply.tools(Array.from({ length: count }, (_, i) => ({ name: 'read', input: { n: from + i } })));
const sizes = (request: WireRequest) => lastToolResults(request).map((r) => r.text.length);

describe('long results', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('go to disk one by one above 50,000 characters, and not below [C6]', async () => {
    const h = await start(
      [
        calls(3),
        (request) => {
          const [below, above, huge] = sizes(request);
          assert.equal(below, 49_999);
          assert.ok(above && above < 3_000);
          assert.ok(huge && huge < 3_000);
          return reply.text('ok');
        },
      ],
      { tools: [sized((n) => [49_999, 50_001, 500_000][n] ?? 0)] },
    );
    assert.equal(await h.say('go'), 'done');
    h.server.assertDone();
  });

  it('of one turn go to disk, the largest first, until they fit together [C6]', async () => {
    const h = await start(
      [
        calls(6),
        (request) => {
          const kept = sizes(request);
          assert.deepEqual(
            kept.map((size) => size > 5_000),
            [true, false, true, true, true, false],
          );
          assert.ok(kept.reduce((a, b) => a + b) <= 200_000);
          return reply.text('ok');
        },
      ],
      { tools: [sized((n) => (n === 1 || n === 5 ? 43_000 : 42_000))] },
    );
    assert.equal(await h.say('go'), 'done');
    h.server.assertDone();
    const spilled = h.events('context_changed');
    assert.equal(spilled.length, 2);
    for (const { detail } of spilled) assert.equal((await readFile(detail, 'utf8')).length, 43_000);
  });

  it('stay when they fit together to the character', async () => {
    const h = await start([calls(5), reply.text('ok')], { tools: [sized(() => 40_000)] });
    await h.say('go');
    assert.equal(h.events('context_changed').length, 0);
  });

  it('stay as they were sent, over a restart and under other limits [C7]', async () => {
    const script: Script = (request) =>
      request.turns.length % 2 === 1 && request.turns.length < 20 ? calls(2, request.turns.length) : reply.text('ok');
    for (const changed of [
      { spillChars: 1_000, spillTurnChars: 1_000 },
      { spillChars: 1_000_000, spillTurnChars: 10_000_000 },
    ]) {
      const h = await start(script, { tools: [sized((n) => (n % 3 === 0 ? 60_000 : 30_000))], settings: { spillTurnChars: 40_000 } });
      await h.say('go');
      const before = h.server.requests.at(-1)?.json ?? {};
      const again = await h.reopen(changed);
      await again.send(said('more'));
      assert.equal(prefixBreak(before, h.server.requests.at(-1)?.json ?? {}), undefined);
    }
  });

  it('that were sent with a request that failed are not looked at again [C7]', async () => {
    const h = await start([calls(3), reply.http(401, { type: 'authentication_error', message: 'no' }), reply.text('ok')], {
      tools: [sized(() => 30_000)],
    });
    await h.say('go');
    const again = await h.reopen({ spillTurnChars: 1_000 });
    assert.equal(await again.resume(), 'done');
    const [, failed, resumed] = h.server.requests;
    assert.equal(prefixBreak(failed?.json ?? {}, resumed?.json ?? {}), undefined);
  });
});

describe('old results', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  async function afterPause(minutes: number, model = 'claude-opus-5-5'): Promise<Harness> {
    let late = 0;
    const clock: Clock = { now: () => systemClock.now() + late, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
    const h = await start(
      [
        reply.thinking('a').tools([0, 1, 2, 3].map((n) => ({ name: 'read', input: { n } }))),
        reply.thinking('b').tools([4, 5, 6].map((n) => ({ name: 'read', input: { n } }))),
        reply.text('one'),
        reply.text('two'),
        reply.text('three'),
      ],
      { tools: [sized(() => 400)], ports: { clock }, settings: { model }, server: { now: () => clock.now() } },
    );
    await h.say('go');
    late = minutes * 60_000;
    await h.say('after the pause');
    return h;
  }

  it('are cleared but for the newest five once nothing can be in the cache any more [C5]', async () => {
    for (const model of ['claude-opus-5-5', 'claude-haiku-4-5']) {
      const h = await afterPause(61, model);
      const last = JSON.stringify(h.server.requests.at(-1)?.json);
      for (const n of [0, 1]) assert.ok(!last.includes(`<${n}>`), `${n} is cleared`);
      for (const n of [2, 3, 4, 5, 6]) assert.ok(last.includes(`<${n}>`), `${n} stays`);
      assert.match(last, /Call again if you need it/);
      const again = await h.reopen();
      await again.send(said('after the restart'));
      const [was, is] = h.server.requests.slice(-2);
      assert.equal(prefixBreak(was?.json ?? {}, is?.json ?? {}), undefined);
      h.server.assertDone();
    }
  });

  it('are left alone while they may be cached [C5]', async () => {
    const h = await afterPause(10);
    const [was, is] = h.server.requests.slice(-2);
    assert.equal(prefixBreak(was?.json ?? {}, is?.json ?? {}), undefined);
    assert.equal(h.events('context_evicted').length, 0);
  });
});
