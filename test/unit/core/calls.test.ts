import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineTool } from '../../../src/core/tool';
import { lastToolResults } from '../../../src/demo/wire/request';
import { reply } from '../../support/model-server/reply';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

let h: Harness | undefined;
async function start(script: Parameters<typeof startHarness>[0], options: HarnessOptions = {}): Promise<Harness> {
  h = await startHarness(script, options);
  return h;
}

import { allowAll, reader, toNever, writer } from '../../support/sample-tools';

describe('the calls of a message', () => {
  afterEach(async () => {
    await h?.close();
    h = undefined;
  });

  it('runs safe calls side by side and sends the results in call order', async () => {
    let inside = 0;
    let most = 0;
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const read = reader('read', async ({ n }) => {
      inside += 1;
      most = Math.max(most, inside);
      if (inside === 3) release();
      await both;
      inside -= 1;
      return `r${n}`;
    });
    const { say, server } = await start(
      [
        reply.tools([1, 2, 3].map((n) => ({ name: 'read', input: { n } }))),
        (request) => {
          assert.deepEqual(
            lastToolResults(request).map((r) => r.text),
            ['r1', 'r2', 'r3'],
          );
          return reply.text('ok');
        },
      ],
      { tools: [read] },
    );
    assert.equal(await say('go'), 'done');
    assert.equal(most, 3);
    server.assertDone();
  });

  it('begins a harmless read before the message has ended', async () => {
    let began = () => {};
    const beginning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const { say, server } = await start([reply.tool('read', { n: 1 }).text('more').hold('before-message-stop'), reply.text('ok')], {
      tools: [
        reader('read', async () => {
          began();
          return 'early';
        }),
      ],
    });
    const run = say('go');
    await server.held();
    await beginning;
    server.release();
    assert.equal(await run, 'done');
    server.assertDone();
  });

  it('runs each call as it was written when a server gives ids twice, or none', async () => {
    const results = (request: Parameters<typeof lastToolResults>[0]) => lastToolResults(request).map((r) => r.text);
    const { say, server, events } = await start(
      [
        reply.tools([{ name: 'read', input: { n: 1 }, id: 'call_0' }]),
        (request) => {
          assert.deepEqual(results(request), ['read 1']);
          return reply.tools([2, 3].map((n) => ({ name: 'read', input: { n }, id: 'call_0' })));
        },
        (request) => {
          assert.deepEqual(results(request), ['read 2', 'read 3']);
          return reply.tools([4, 5].map((n) => ({ name: 'read', input: { n }, id: '' })));
        },
        (request) => {
          assert.deepEqual(results(request), ['read 4', 'read 5']);
          return reply.text('ok');
        },
      ],
      { tools: [reader('read')] },
    );
    assert.equal(await say('go'), 'done');
    server.assertDone();
    const ids = events('tool_started').map((e) => e.callId);
    assert.equal(new Set(ids).size, 5, 'no two calls share an id');
    const previews = events('delta').filter((e) => e.of === 'tool_input');
    assert.deepEqual([...new Set(previews.map((e) => e.of_id))], ids, 'a preview is found by the id of its call');
  });

  it('begins reads early in every turn of a long run', async () => {
    const began: number[] = [];
    const { say, server } = await start(
      (request) => {
        const n = request.turns.filter((turn) => turn.role === 'assistant').length;
        return n < 12 ? reply.tool('read', { n }).text('more').hold('before-message-stop') : reply.text('ok');
      },
      {
        tools: [
          reader('read', async ({ n }) => {
            began.push(n);
            server.release();
            return 'early';
          }),
        ],
      },
    );
    assert.equal(await say('go'), 'done');
    assert.equal(began.length, 12);
  });

  it('runs unsafe calls alone, in their place', async () => {
    const order: string[] = [];
    const note = (text: string) => {
      order.push(text);
      return text;
    };
    const tools = [reader('read', async ({ n }) => note(`read ${n}`)), writer('write', async () => note('write'))];
    const { say } = await start(
      [reply.tools([{ name: 'write' }, { name: 'read', input: { n: 1 } }, { name: 'write' }]), reply.text('ok')],
      { tools, rules: allowAll },
    );
    await say('go');
    assert.deepEqual(order, ['write', 'read 1', 'write']);
  });

  it('answers unknown tools, broken JSON and wrong input with errors that say what to do', async () => {
    const { say, server } = await start(
      [
        reply.tool('raed', {}).toolJson('read', '{"n": ').tool('read', { n: 'x' }).toolJson('read', ''),
        (request) => {
          const texts = lastToolResults(request).map((r) => r.text);
          assert.match(texts[0] ?? '', /no tool called raed.*read/s);
          assert.match(texts[1] ?? '', /not a JSON object/);
          assert.match(texts[2] ?? '', /not valid.*n/s);
          assert.equal(texts[3], 'read 0');
          return reply.text('ok');
        },
      ],
      { tools: [reader('read')] },
    );
    assert.equal(await say('go'), 'done');
    server.assertDone();
  });

  it('never sends a call without its result, also after a stop in the middle of the calls', async () => {
    const { say, session, event, server } = await start([reply.tools([{ name: 'slow' }, { name: 'write' }]), reply.text('ok')], {
      tools: [reader('slow', (_i, signal) => toNever(signal)), writer('write')],
      rules: allowAll,
    });
    const run = say('go');
    await event('tool_started');
    const at = Date.now();
    session.cancel();
    assert.equal(await run, 'cancelled');
    assert.ok(Date.now() - at < 500);
    assert.equal(await say('again'), 'done');
    server.assertDone();
  });

  it('leaves a call that does not heed its signal behind, and says that its outcome is unknown', async () => {
    const { say, session, event, events } = await start([reply.tool('write')], {
      tools: [writer('write', () => new Promise(() => {}))],
      rules: allowAll,
    });
    const run = say('go');
    await event('effect_intended');
    session.cancel();
    assert.equal(await run, 'cancelled');
    assert.equal(events('tool_finished')[0]?.outcome, 'unknown');
  });

  it('does not run a call that the output limit cut, and lets the model send it again', async () => {
    let ran = 0;
    const { say, server } = await start(
      [
        reply.tool('read', { n: 12345 }).cutInsideToolJson(),
        (request) => {
          assert.match(lastToolResults(request)[0]?.text ?? '', /cut at the output limit/);
          return reply.tool('read', { n: 1 });
        },
        reply.text('ok'),
      ],
      { tools: [reader('read', async () => `r${ran++}`)] },
    );
    assert.equal(await say('go'), 'done');
    assert.equal(ran, 1);
    server.assertDone();
  });

  it('asks before it changes something; a denial with a reason reaches the model', async () => {
    const { say, desk, event, server } = await start(
      [
        reply.tool('write'),
        (request) => {
          assert.match(lastToolResults(request)[0]?.text ?? '', /use the other file/);
          return reply.text('ok');
        },
      ],
      { tools: [writer('write')] },
    );
    const run = say('go');
    const ask = await event('permission_asked');
    assert.equal(desk.decide('ask-nothing', { choice: 'once' }), false);
    assert.equal(desk.decide(ask.askId, { choice: 'deny', feedback: 'use the other file' }), true);
    assert.equal(await run, 'done');
    server.assertDone();
  });

  it('grants for the session what was granted for the session', async () => {
    const { say, desk, event, events } = await start([reply.tool('write'), reply.tool('write'), reply.text('ok')], {
      tools: [writer('write')],
    });
    const run = say('go');
    const ask = await event('permission_asked');
    desk.decide(ask.askId, { choice: 'session' });
    assert.equal(await run, 'done');
    assert.equal(events('permission_asked').length, 1);
    assert.equal(events('permission_decided').length, 2);
  });

  it('tells a call whether a person was asked, and runs none that is not the one that was allowed', async () => {
    const asked: boolean[] = [];
    const tell = (name: string, readOnly: boolean, change?: string) =>
      defineTool({
        name,
        description: name,
        input: z.strictObject({ command: z.string() }),
        safety: { readOnly, destructive: false },
        summarize: ({ command }) => ({ title: name, detail: command }),
        preview: async (input) => {
          if (change !== undefined) input.command = change;
          return undefined;
        },
        run: async ({ command }, { unasked }) => {
          asked.push(!unasked);
          return { content: command, summary: '' };
        },
      });
    const input = { command: 'make  all' };
    const { say, desk, event, events } = await start(
      [
        reply.tools([
          { name: 'look', input },
          { name: 'make', input },
          { name: 'swap', input },
        ]),
        reply.text('ok'),
      ],
      { tools: [tell('look', true), tell('make', false), tell('swap', false, 'make other')] },
    );
    const run = say('go');
    for (const tool of ['make', 'swap']) {
      const ask = await event('permission_asked', (one) => one.tool === tool);
      assert.equal(ask.detail, 'make  all', 'shown as it is');
      desk.decide(ask.askId, { choice: 'once' });
    }
    assert.equal(await run, 'done');
    assert.deepEqual(asked, [false, true]);
    assert.deepEqual(
      events('tool_finished').map(({ tool, outcome }) => [tool, outcome]),
      [
        ['look', 'ok'],
        ['make', 'ok'],
        ['swap', 'denied'],
      ],
    );
  });

  it('cancels the calls beside a command that failed', async () => {
    const failing = defineTool({
      name: 'sh',
      description: 'sh',
      input: z.strictObject({ ok: z.boolean() }),
      safety: { readOnly: true, concurrencySafe: true, abortsSiblings: true },
      summarize: () => ({ title: 'sh', detail: '' }),
      run: async ({ ok }, { signal }) =>
        ok ? { content: await toNever(signal), summary: '' } : { content: 'exit 1', summary: 'failed', failed: true },
    });
    const { say, server } = await start(
      [
        reply.tools([
          { name: 'sh', input: { ok: true } },
          { name: 'sh', input: { ok: false } },
          { name: 'read', input: { n: 1 } },
        ]),
        (request) => {
          const results = lastToolResults(request).map((r) => r.text);
          assert.match(results[0] ?? '', /Cancelled: sh failed/);
          assert.equal(results[2], 'read 1');
          return reply.text('ok');
        },
      ],
      { tools: [failing, reader('read')] },
    );
    assert.equal(await say('go'), 'done');
    server.assertDone();
  });

  it('puts a long result on disk, with a preview in the context', async () => {
    const { say, events, server } = await start(
      [
        reply.tool('read', { n: 1 }),
        (request) => {
          const text = lastToolResults(request)[0]?.text ?? '';
          assert.ok(text.length < 3000);
          assert.match(text, /read_file/);
          return reply.text('ok');
        },
      ],
      { tools: [reader('read', async () => 'x'.repeat(60_000))] },
    );
    assert.equal(await say('go'), 'done');
    assert.ok(events('tool_finished')[0]?.spill);
    server.assertDone();
  });
});
