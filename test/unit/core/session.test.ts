import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../src/core/ports';
import { defineTool } from '../../../src/core/tool';
import { systemClock } from '../../../src/node/clock';
import { assertPrefixes } from '../../support/model-server/prefix';
import { reply } from '../../support/model-server/reply';
import { times } from '../../support/model-server/server';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

let h: Harness | undefined;
async function start(script: Parameters<typeof startHarness>[0], options: HarnessOptions = {}): Promise<Harness> {
  h = await startHarness(script, options);
  return h;
}

import { reader } from '../../support/sample-tools';

/** Waits are over at once. */
const hurried: Clock = { now: () => systemClock.now(), sleep: async () => {} };

describe('a session', () => {
  afterEach(async () => {
    await h?.close();
    h = undefined;
  });

  it('answers, and ends with its reason as the last event', async () => {
    const { say, session, server, events } = await start([reply.thinking('hm').text('Hello.')]);
    assert.equal(await say('hi'), 'done');
    assert.equal(session.events().at(-1)?.type, 'run_ended');
    assert.deepEqual(session.state().workflow, { at: 'ended', reason: 'done' });
    assert.equal(session.state().title, 'hi');
    assert.ok(events('usage')[0]?.cost);
    server.assertDone();
  });

  it('numbers logged events without gaps and never logs previews', async () => {
    const { say, session, heard } = await start([reply.text('One two three four five six seven.')]);
    await say('hi');
    assert.deepEqual(
      session.events().map((e) => e.seq),
      session.events().map((_, i) => i + 1),
    );
    assert.ok(heard.some((e) => e.type === 'delta'));
    assert.ok(!session.events().some((e) => e.type === 'delta'));
  });

  it('stops a stream that stands still, and keeps the text that had arrived', async () => {
    const { say, session, event, server } = await start([
      reply.text('Half a sentence that will not end').stall({ afterDeltas: 1 }),
      reply.text('ok'),
    ]);
    const run = say('go');
    await event('delta', (d) => d.of === 'text');
    session.cancel();
    assert.equal(await run, 'cancelled');
    const last = session.events().findLast((e) => e.type === 'assistant_message');
    assert.ok(last?.type === 'assistant_message' && last.partial);
    assert.equal(await say('again'), 'done');
    server.assertDone();
  });

  it('tries again after errors that pass, and says so meanwhile', async () => {
    const { say, events, server } = await start(
      [
        reply.http(529),
        reply.http(429, { retryAfter: 0 }),
        reply.text('half').disconnect('mid-delta', 'rst'),
        reply.text('half').errorMidStream('overloaded_error'),
        reply.text('cut').disconnect('before-message-stop', 'eof'),
        reply.text('ok'),
      ],
      { ports: { clock: hurried } },
    );
    assert.equal(await say('go'), 'done');
    const waits = events('state_changed').filter((e) => e.workflow.at === 'retrying');
    assert.equal(waits.length, 5);
    server.assertDone();
  });

  it('ends with the cause and the next step when a repeat can not help', async () => {
    const { say, events } = await start([reply.http(401, { type: 'authentication_error', message: 'invalid key' })]);
    assert.equal(await say('go'), 'failed');
    const end = events('run_ended')[0];
    assert.equal(end?.error, 'auth');
    assert.match(end?.next ?? '', /key/i);
  });

  it('goes on after a failed run without a new message', async () => {
    const { say, session, server } = await start([reply.http(401, { type: 'authentication_error', message: 'no' }), reply.text('ok')]);
    await say('go');
    assert.equal(await session.resume(), 'done');
    server.assertDone();
  });

  it('handles pause, refusal and a full window', async () => {
    const { say, events } = await start([
      reply.text('a').stop('pause_turn'),
      reply.text('b'),
      reply.text('no').refusal('cyber', 'not this'),
      reply.text('long').stop('model_context_window_exceeded'),
    ]);
    assert.equal(await say('one'), 'done');
    assert.equal(await say('two'), 'refused');
    assert.equal(await say('three'), 'failed');
    assert.match(events('run_ended')[1]?.detail ?? '', /not this/);
    assert.equal(events('run_ended')[2]?.error, 'too_long');
  });

  it('delivers what is typed during a run at the next step', async () => {
    const { say, server, session, event } = await start(
      [
        reply.tool('read', { n: 1 }).hold('before-message-stop'),
        (request) => {
          assert.match(JSON.stringify(request.turns), /also this/);
          return reply.text('both');
        },
      ],
      { tools: [reader('read')] },
    );
    const run = say('first');
    await server.held();
    assert.equal(await say('also this'), 'queued');
    assert.equal(session.state().queue.length, 1);
    server.release();
    assert.equal(await run, 'done');
    await event('user_message', (m) => m.queueId !== undefined);
    assert.equal(session.state().queue.length, 0);
    assertPrefixes(server.requests);
    server.assertDone();
  });

  it('goes on for a message that arrived while the last reply was written', async () => {
    const { say, server } = await start([reply.text('done').hold('before-message-stop'), reply.text('and this')]);
    const run = say('first');
    await server.held();
    await say('more');
    server.release();
    assert.equal(await run, 'done');
    server.assertDone();
  });

  it('stops a call that repeats itself with the same result', async () => {
    const { say, events, server } = await start(times(10, reply.tool('read', { n: 1 })), { tools: [reader('read')] });
    assert.equal(await say('go'), 'stalled');
    assert.equal(events('breaker_tripped')[0]?.breaker, 'repeated_call');
    assert.equal(server.requests.length, 5);
  });

  it('sends nothing past the limits of turns and money', async () => {
    const { say, server } = await start(times(10, reply.tool('read', { n: 1 })), { tools: [reader('read')], settings: { maxTurns: 2 } });
    assert.equal(await say('go'), 'max_turns');
    assert.equal(server.requests.length, 2);
    await h?.close();
    const second = await start([reply.tool('read', { n: 1 }).outputTokens(1_000_000), reply.text('no')], {
      tools: [reader('read')],
      settings: { maxCost: 20 },
    });
    assert.equal(await second.say('go'), 'max_budget');
    assert.equal(second.server.requests.length, 1);
  });

  it('each request begins with the one before it, over modes, queues, errors and a resume', async () => {
    const script = [
      reply.tool('read', { n: 1 }),
      reply.thinking('t').text('one'),
      reply.tool('read', { n: 2 }),
      reply.text('two'),
      reply.text('three'),
    ];
    const harness = await start(script, { tools: [reader('read')] });
    await harness.say('a');
    harness.session.setMode('plan');
    await harness.say('b');
    const again = await harness.reopen();
    await again.send({ text: 'c', attachments: [], content: [{ type: 'text', text: 'c' }] });
    assertPrefixes(harness.server.requests);
    assert.match(harness.server.requests[2]?.body.toString() ?? '', /Mode: plan/);
    harness.server.assertDone();
  });

  it('tells the model which of the files it knows changed under it', async () => {
    const { say, root, server } = await start(
      [
        reply.tool('known'),
        reply.text('one'),
        (request) => {
          assert.match(JSON.stringify(request.turns), /Changed on disk.*a\.txt/);
          return reply.text('two');
        },
      ],
      {
        tools: [
          defineTool({
            name: 'known',
            description: 'known',
            input: z.strictObject({}),
            safety: { readOnly: true },
            summarize: () => ({ title: 'known', detail: '' }),
            run: async (_i, { ports, signal, facts }) => {
              const path = join(facts.cwd, 'a.txt');
              return { content: 'ok', summary: '', files: { [path]: (await ports.documents.readText(path, signal)).hash } };
            },
          }),
        ],
      },
    );
    await writeFile(join(root, 'a.txt'), 'one');
    await say('go');
    await writeFile(join(root, 'a.txt'), 'other');
    await say('go');
    server.assertDone();
  });
});
