import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/demo/wire/json';
import { MODELS } from '../../../src/demo/wire/models';
import { systemClock } from '../../../src/node/clock';
import { LIMITS, type LimitName, offeredLimit } from '../../../src/protocol/limits';
import { allTokens, totalSpent } from '../../../src/protocol/spend';
import { reply } from '../../support/model-server/reply';
import type { ModelServer, Script } from '../../support/model-server/server';
import { reader } from '../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

let h: Harness;
async function start(script: Script, settings: HarnessOptions['settings'] = {}, more: HarnessOptions = {}): Promise<Harness> {
  h = await startHarness(script, { tools: [reader('read')], settings, ...more });
  return h;
}
/** New calls without end, each with a reply of `words` words before it. */
function endless(words = 10): Script {
  let n = 0;
  return () => reply.text('word '.repeat(words)).tool('read', { n: n++ });
}
const hurried = { ports: { clock: { now: () => systemClock.now(), sleep: async () => {} } } };

/** What the service has counted for all that it sent. */
function counted({ account }: ModelServer) {
  const sum = (name: string) => account.reduce((total, usage) => total + (typeof usage[name] === 'number' ? usage[name] : 0), 0);
  return {
    input: sum('input_tokens'),
    output: sum('output_tokens'),
    cacheRead: sum('cache_read_input_tokens'),
    cacheWrite: sum('cache_creation_input_tokens'),
  };
}
const spent = () => {
  const { cost, ...tokens } = h.session.state().spent;
  return { cost: cost ?? 0, tokens };
};
const limitOf = () => h.events('run_ended').at(-1)?.limit;

describe('limits hold before a request is sent [G1]', () => {
  afterEach(() => h.close());

  it('budget 10,000, used 9,000, next 2,000: no further request', async () => {
    await start(
      (_request, { json }) => {
        const prompt = JSON.stringify(json).length / 4;
        return reply.tool('read', { n: 1 }).outputTokens(9_000 - Math.round(prompt));
      },
      { maxSessionTokens: 10_000 },
    );
    assert.equal(await h.say('go'), 'max_budget');
    assert.equal(h.server.requests.length, 1);
    assert.equal(h.server.all.filter((r) => r.path.includes('count_tokens')).length, 0);
    const limit = limitOf();
    assert.deepEqual([limit?.name, limit?.limit], ['maxSessionTokens', 10_000]);
    assert.ok(limit && limit.next !== null && limit.used + limit.next > 10_000);
    assert.match(
      h.events('run_ended').at(-1)?.detail ?? '',
      /tokens used, and it would take at least .* more, over the limit of 10,000 tokens/,
    );
  });

  const values: Readonly<Record<LimitName, number>> = {
    maxTurns: 4,
    maxSessionTurns: 5,
    maxRunTokens: 12_000,
    maxSessionTokens: 15_000,
    maxRunCost: 0.08,
    maxCost: 0.1,
  };
  for (const name of LIMITS) {
    it(`${name}: stops before it, and never past it`, async () => {
      await start(endless(300), { [name]: values[name] });
      const reason = await h.say('go');
      assert.equal(reason, name.endsWith('Turns') ? 'max_turns' : 'max_budget');
      assert.equal(limitOf()?.name, name);
      const requests = h.server.requests.length;
      assert.ok(requests > 1, `only ${requests} requests`);
      const { cost, tokens } = spent();
      const used = name.endsWith('Cost') ? cost : name.endsWith('Tokens') ? allTokens(tokens) : requests;
      assert.ok(used <= values[name], `${used} of ${values[name]}`);
      if (name.endsWith('Turns')) assert.equal(requests, values[name]);
      // A session's limit holds for the next message too; a run's begins anew.
      await h.say('again');
      const ofRun = name === 'maxTurns' || name.includes('Run');
      assert.equal(h.server.requests.length > requests, ofRun);
    });
  }

  it('lets no reply grow past what is left, so that the worst case fits', async () => {
    // The server cuts what is longer than max_tokens, as the service does.
    await start(() => reply.text('word '.repeat(200_000)), { maxSessionTokens: 30_000 });
    assert.equal(await h.say('go'), 'max_budget');
    const asked = h.server.requests.map(({ json }) => Number(json.max_tokens));
    assert.ok(
      asked.every((most) => most < 32_000),
      String(asked),
    );
    assert.ok(allTokens(spent().tokens) <= 30_000, String(allTokens(spent().tokens)));
    await h.close();
    await start(() => reply.text('word '.repeat(200_000)), { maxCost: 0.2 });
    assert.equal(await h.say('go'), 'max_budget');
    assert.ok(spent().cost <= 0.2, String(spent().cost));
  });

  it('does not continue a cut reply by itself when nine tenths are gone [G3]', async () => {
    await start(
      () =>
        reply
          .text('piece')
          .outputTokens(1_000_000 - 60_000)
          .stop('max_tokens'),
      { maxSessionTokens: 1_000_000 },
    );
    assert.equal(await h.say('go'), 'max_budget');
    assert.equal(h.server.requests.length, 1);
    assert.match(h.events('run_ended')[0]?.detail ?? '', /not continued by itself/);
  });

  it('counts attempts that broke off, and sends none of them past a limit', async () => {
    await start(() => reply.text('some words').disconnect('mid-delta', 'rst'), { maxSessionTokens: 8_000 }, hurried);
    assert.equal(await h.say('x '.repeat(4_000)), 'max_budget');
    assert.ok(h.server.requests.length < 8, 'fewer than retries alone would send');
    assert.deepEqual(spent().tokens, counted(h.server));
    assert.ok(allTokens(spent().tokens) <= 8_000);
    assert.ok(h.events('usage').every((usage) => usage.of === 'retry'));
  });

  it('holds for a summary that the user asks for', async () => {
    await start([reply.text('one '.repeat(400)), reply.text('two '.repeat(400))], { maxSessionTokens: 14_000 });
    await h.say('x '.repeat(4_000));
    await h.say('and');
    const requests = h.server.requests.length;
    assert.equal(await h.session.compact(), 'max_budget');
    assert.equal(h.server.requests.length, requests);
    assert.equal(h.events('compaction_failed').length, 0, 'a limit is no failure of the summary');
  });

  it('stops where the price is not known, and goes on when the user does without the limit', async () => {
    const [spec] = MODELS;
    assert.ok(spec);
    const server = { models: [{ ...spec, id: 'a-model-of-mine' }] };
    await start([reply.text('done')], { model: 'a-model-of-mine', maxCost: 1 }, { server });
    assert.equal(await h.say('go'), 'max_budget');
    assert.equal(h.server.requests.length, 0);
    assert.match(h.events('run_ended')[0]?.detail ?? '', /price of a-model-of-mine is not known/);
    assert.equal(limitOf()?.next, null);
    assert.equal(await h.session.raiseLimit(null), 'done');
    assert.equal(h.server.requests.length, 1);
  });

  it('sends nothing while a limit that was set cannot be read', async () => {
    await start([reply.text('done')]);
    await h.close();
    const broken = [{ name: 'maxCost', message: 'Invalid input: expected number, received string' }];
    await start([reply.text('done')], {}, { problems: () => broken });
    assert.equal(await h.say('go'), 'max_budget');
    assert.equal(await h.session.compact(), 'max_budget');
    assert.equal(h.server.requests.length, 0);
    assert.match(h.events('run_ended')[0]?.detail ?? '', /plumb\.maxCost cannot be used/);
    broken.pop();
    assert.equal(await h.session.resume(), 'done');
  });
});

describe('a limit is raised or kept', () => {
  afterEach(() => h.close());

  it('goes on with the same run, and a restart knows it', async () => {
    await start(endless(), { maxTurns: 2, maxSessionTokens: 1_000_000 });
    assert.equal(await h.say('go'), 'max_turns');
    const hit = limitOf();
    assert.ok(hit);
    assert.equal(offeredLimit(hit), 4);
    assert.equal(h.session.raiseLimit(2), null, 'that is no raise');
    assert.equal(h.session.raiseLimit(Number.NaN), null);
    assert.equal(await h.session.raiseLimit(3), 'max_turns');
    assert.equal(h.server.requests.length, 3, 'one turn more, not three');
    const again = await h.reopen();
    assert.equal(await again.raiseLimit(5), 'max_turns');
    assert.equal(h.server.requests.length, 5);
    assert.deepEqual(
      again.events().flatMap((e) => (e.type === 'limit_decided' ? [[e.decision, e.from, e.to]] : [])),
      [
        ['raised', 2, 3],
        ['raised', 2, 5],
      ],
    );
  });

  it('holds for the session until the limit is set anew', async () => {
    await start(endless(), { maxSessionTurns: 2 });
    await h.say('go');
    await h.session.raiseLimit(4);
    assert.equal(h.server.requests.length, 4);
    const send = (session: Harness['session']) =>
      session.send({ text: 'more', attachments: [], content: [{ type: 'text', text: 'more' }] });
    const same = await h.reopen();
    assert.equal(await send(same), 'max_turns');
    assert.equal(h.server.requests.length, 4, 'the raised limit is known after a restart');
    assert.equal(await send(await h.reopen({ maxSessionTurns: 3 })), 'max_turns');
    assert.equal(h.server.requests.length, 4, 'a lower one takes the place of the raise');
    assert.equal(await send(await h.reopen({ maxSessionTurns: 6 })), 'max_turns');
    assert.equal(h.server.requests.length, 6);
  });

  it('stays when the user ends it there', async () => {
    await start(endless(), { maxTurns: 2 });
    assert.equal(h.session.keepLimit(), false, 'nothing has stopped yet');
    await h.say('go');
    assert.equal(h.session.keepLimit(), true);
    assert.equal(h.server.requests.length, 2);
    assert.equal(h.events('limit_decided')[0]?.decision, 'kept');
  });

  it('leaves a run that was cut off with what it has left', async () => {
    await start(endless(), { maxTurns: 6 }, { tools: [reader('read', async ({ n }) => (n === 2 ? new Promise(() => {}) : `read ${n}`))] });
    void h.say('go');
    await h.event('tool_started', (e) => e.detail === '2');
    const again = await h.reopen();
    const { run } = again.state();
    assert.deepEqual([run.turns, run.over], [3, false]);
  });
});

describe('what was spent, and on what [G2]', () => {
  afterEach(() => h.close());

  it('adds up to what the service counted, by model and kind', async () => {
    const summary = reply.text(nineParts());
    await start(
      [
        reply.tool('read', { n: 1 }),
        reply.text('cut in the middle').disconnect('mid-delta', 'fin'),
        reply.text('one '.repeat(400)),
        reply.text('two '.repeat(400)),
        summary,
        reply.text('three'),
      ],
      {},
      hurried,
    );
    await h.say('first '.repeat(3_000));
    h.session.setModel('claude-haiku-4-5');
    await h.say('second');
    assert.equal(await h.session.compact(), 'done');
    await h.say('third');
    h.server.assertDone();
    assert.deepEqual(spent().tokens, counted(h.server));
    const rows = h.session.state().spend;
    assert.deepEqual(
      rows.map(({ agent, model, of, requests }) => [agent, model, of, requests]),
      [
        ['main', 'claude-opus-4-8', 'turn', 2],
        ['main', 'claude-opus-4-8', 'retry', 1],
        ['main', 'claude-haiku-4-5-20251001', 'turn', 2],
        ['main', 'claude-haiku-4-5-20251001', 'side', 1],
      ],
    );
    assert.deepEqual(totalSpent(rows), h.session.state().spent);
    const again = await h.reopen();
    assert.deepEqual(again.state().spend, rows);
  });

  const LIES: readonly (readonly [string, JsonObject])[] = [
    ['a trillion tokens of prompt', { input_tokens: 1e12 }],
    ['a number past all numbers', { input_tokens: 1e300, output_tokens: 1e300 }],
    ['less than nothing', { input_tokens: -5_000, cache_read_input_tokens: -1 }],
    ['a negative reply', { output_tokens: -1_000_000 }],
    ['half a token', { input_tokens: 0.5 }],
    ['a reply longer than any window', { output_tokens: 1e12 }],
    ['a hundred times what was sent', { cache_read_input_tokens: 900_000 }],
    ['no numbers', { input_tokens: 'many', output_tokens: null, cache_read_input_tokens: {}, cache_creation_input_tokens: [] }],
  ];
  for (const [what, usage] of LIES) {
    it(`does not believe ${what}`, async () => {
      await start([reply.text('fine').usage(usage), reply.text('fine')], { maxCost: 5, maxSessionTokens: 200_000 });
      assert.equal(await h.say('go'), 'done');
      const [first] = h.events('usage');
      assert.match(first?.doubt ?? '', /The service counted .* Plumb counts/);
      const { cost, tokens } = spent();
      assert.ok(
        Object.values(tokens).every((n) => Number.isSafeInteger(n) && n >= 0) && allTokens(tokens) < 10_000,
        JSON.stringify(tokens),
      );
      assert.ok(cost > 0 && cost < 0.1, String(cost));
      assert.equal(await h.say('again'), 'done', 'no limit is taken for reached');
      assert.equal(h.session.state().spend[0]?.estimated, 1);
    });
  }

  it('believes what can be, though it is dear', async () => {
    await start([reply.text('fine').outputTokens(100_000)]);
    await h.say('go');
    assert.equal(h.events('usage')[0]?.doubt, undefined);
    assert.equal(spent().tokens.output, 100_000);
  });
});

function nineParts(): string {
  const parts = ['Intent', 'Concepts', 'Files', 'Errors and fixes', 'Decisions', 'User messages', 'Pending', 'Current work', 'Next step'];
  return `<summary>\n${parts.map((part, i) => `## ${i + 1}. ${part}\nNone.`).join('\n\n')}\n</summary>`;
}
