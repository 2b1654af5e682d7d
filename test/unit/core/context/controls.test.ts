import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { priceOfEviction } from '../../../../src/protocol/context';
import { allTools } from '../../../../src/tools/index';
import { readFile } from '../../../../src/tools/read-file';
import { assertPrefixes, prefixBreak } from '../../../support/model-server/prefix';
import { reply } from '../../../support/model-server/reply';
import type { Script } from '../../../support/model-server/server';
import { reader, toNever } from '../../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply, summaryText } from '../../../support/summary';

const open: Harness[] = [];
async function start(script: Script, options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(script, { tools: [...allTools(), long], ...options });
  open.push(harness);
  return harness;
}
const long = reader('read', async ({ n }) => `<result ${n}> `.repeat(300));
const MODELS = ['claude-opus-5-5', 'claude-haiku-4-5'];
const lastSent = (h: Harness) => JSON.stringify(h.server.requests.at(-1)?.json);
const fine = (h: Harness) => {
  assert.deepEqual(h.server.failures, []);
  for (const request of h.server.requests) assert.equal(request.status, 200, request.error);
};
const said = (text: string) => ({ text, attachments: [], content: [{ type: 'text' as const, text }] });
const sum = (blocks: readonly { readonly tokens: number }[]) => blocks.reduce((total, { tokens }) => total + tokens, 0);

/** Each message is answered by a read and then by a text. */
const reads: Script = (request) => {
  if (asksForSummary(request)) return summaryReply();
  const n = request.turns.length;
  return n % 4 === 1 ? reply.thinking('look').tool('read', { n }) : reply.thinking('so').text(`answer ${n}`);
};

describe('what the user does to the context', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('takes whole turns out, with their messages and calls, and leaves one line for each stretch [C4]', async () => {
    for (const model of MODELS) {
      const h = await start(
        (request) => {
          const text = JSON.stringify(request.turns.at(-1));
          if (text.includes('tool_result')) return reply.thinking('so').text('answered');
          const n = Number(/question (\d)/.exec(text)?.[1] ?? 0);
          return n > 0 ? reply.thinking('look').tool('read', { n }) : reply.text('plain');
        },
        { settings: { model } },
      );
      for (const n of [1, 2, 3, 4]) await h.say(`question ${n}`);
      const report = await h.session.context.report();
      assert.deepEqual(report.wholeTurns, [1, 2, 3, 4, 5, 6, 7], 'every turn but the newest can go as a whole');
      const picks = { ids: [], turns: [1, 2, 5] };
      const { freed, count } = priceOfEviction(report, picks);
      assert.ok(count > 6);
      assert.equal(await h.session.context.evict(picks), 3);
      const after = await h.session.context.report();
      assert.ok(
        Math.abs(sum(report.blocks) - sum(after.blocks) - freed) <= freed * 0.03,
        `${freed} of ${sum(report.blocks) - sum(after.blocks)}`,
      );
      await h.say('and now?');
      const sent = lastSent(h);
      assert.doesNotMatch(sent, /question [13]|<result [13]>/);
      assert.match(sent, /question 2.*<result 2>.*question 4.*<result 4>/);
      assert.equal(sent.match(/took this part of the conversation out/g)?.length, 2);
      const again = await h.reopen();
      await again.send(said('and on'));
      assertPrefixes(h.server.requests.slice(-2));
      assert.equal(again.context.undoEviction(), true);
      await again.send(said('with all'));
      assert.match(lastSent(h), /question 1.*<result 1>.*question 2.*question 3.*<result 3>/);
      fine(h);
    }
  }).timeout(20_000);

  it('gives of a turn that holds something pinned, and of the newest one, the results alone [C4]', async () => {
    const h = await start((request) =>
      request.turns.length % 4 === 1
        ? reply.tools([1, 2].map((i) => ({ name: 'read', input: { n: request.turns.length * 10 + i } })))
        : reply.text('ok'),
    );
    await h.say('one');
    await h.say('two');
    const [pinned = ''] = h.events('tool_finished').map((e) => e.callId);
    h.session.context.pin(pinned, true);
    const report = await h.session.context.report();
    assert.ok(!report.wholeTurns.includes(1));
    assert.equal(await h.session.context.evict({ ids: [], turns: [1] }), 1);
    await h.say('three');
    assert.match(lastSent(h), /"one".*<result 11>/);
    assert.doesNotMatch(lastSent(h), /<result 12>/);
    assert.equal(await h.session.context.evict({ ids: [], turns: [99] }), 0);
    fine(h);
  });

  it('takes an attached file out and leaves what was typed', async () => {
    const h = await start([reply.text('one'), reply.text('two'), reply.text('three')]);
    const text = 'What is in it?';
    const file = { type: 'text' as const, text: `<attached file /w/big.ts>\n${'line\n'.repeat(400)}</attached>` };
    await h.session.send({ text, attachments: [{ kind: 'file', path: '/w/big.ts' }], content: [file, { type: 'text', text }] });
    const report = await h.session.context.report();
    const block = report.blocks.find((b) => b.source === 'attachment');
    assert.equal(block?.label, 'file /w/big.ts');
    assert.ok(block?.id);
    assert.equal(await h.session.context.evict({ ids: [block.id], turns: [] }), 1);
    const before = h.server.requests.at(-1)?.json ?? {};
    await h.say('go on');
    assert.doesNotMatch(lastSent(h), /line\\nline/);
    assert.match(lastSent(h), /took this attachment out.*What is in it\?/);
    h.session.context.undoEviction();
    await h.say('once more');
    assert.equal(prefixBreak(before, h.server.requests.at(-1)?.json ?? {}), undefined);
    fine(h);
  });

  it('waits for the end of the step when a run is under way, and can be called off until then', async () => {
    let release = () => {};
    let reached = () => {};
    const inside = new Promise<void>((done) => {
      reached = done;
    });
    const held = new Promise<void>((done) => {
      release = done;
    });
    const slow = reader('slow', async () => {
      reached();
      await held;
      return 'slow';
    });
    const h = await start([reply.tool('read', { n: 1 }), reply.text('one'), reply.tool('slow', {}), reply.text('two')], {
      tools: [long, slow],
    });
    await h.say('first');
    const ids = h.events('tool_finished').map((e) => e.callId);
    const run = h.say('second');
    await inside;
    assert.equal(await h.session.context.evict({ ids, turns: [] }), 'waiting');
    assert.equal((await h.session.context.report()).waiting, 1);
    assert.equal(h.session.context.undoEviction(), true);
    assert.equal(await h.session.context.evict({ ids, turns: [] }), 'waiting');
    assert.equal(h.events('context_evicted').length, 0);
    assert.equal(h.session.context.editSummary(1, 'no'), false);
    release();
    assert.equal(await run, 'done');
    assert.equal(h.events('context_evicted').length, 1);
    assert.doesNotMatch(lastSent(h), /<result 1>/);
    assert.equal((await h.session.context.report()).waiting, 0);
    h.server.assertDone();
  });

  it('is not forgotten when the run is cut off before its step has ended', async () => {
    let reached = () => {};
    const inside = new Promise<void>((done) => {
      reached = done;
    });
    let times = 0;
    const slow = reader('slow', async (_, signal) => {
      reached();
      times += 1;
      return times === 1 ? toNever(signal) : 'slow';
    });
    const h = await start([reply.tool('read', { n: 1 }), reply.text('one'), reply.tool('slow', {}), reply.text('two')], {
      tools: [long, slow],
    });
    await h.say('first');
    const ids = h.events('tool_finished').map((e) => e.callId);
    void h.say('second');
    await inside;
    assert.equal(await h.session.context.evict({ ids, turns: [] }), 'waiting');
    const again = await h.reopen();
    assert.equal(again.events().filter((e) => e.type === 'context_evicted').length, 0, 'nothing was taken out yet');
    assert.equal((await again.context.report()).waiting, 1);
    assert.equal(await again.resume(), 'done');
    assert.equal((await again.context.report()).waiting, 0);
    assert.equal(again.events().filter((e) => e.type === 'context_evicted').length, 1);
    assert.doesNotMatch(lastSent(h), /<result 1>/);
    fine(h);
  });

  it('costs no more than what stands behind the last place that is in the cache before it', async () => {
    const h = await start(reads);
    for (let i = 0; i < 9; i++) await h.say(`say ${i}`);
    const late = h.events('tool_finished').at(-3);
    assert.ok(late);
    const picks = { ids: [late.callId], turns: [] };
    const report = await h.session.context.report();
    const { reread } = priceOfEviction(report, picks);
    const cached = sum(report.blocks.filter((b) => b.cached));
    assert.ok(reread < cached / 3, `${reread} of ${cached}`);
    const turns = h.events('usage').length;
    await h.session.context.evict(picks);
    await h.say('go on');
    const [was, is] = h.events('usage').slice(turns - 1);
    assert.ok(was && is);
    const prompt = was.cacheRead + was.cacheWrite;
    const gone = report.blocks.find((b) => b.id === late.callId && b.source === 'result')?.tokens ?? 0;
    const lost = (prompt - is.cacheRead) * (cached / prompt) - gone;
    // Thinking that goes with it was in the cache too, and is not read again.
    assert.ok(Math.abs(lost - reread) < cached * 0.05, `${Math.round(lost)} lost, ${reread} said, ${cached} cached`);
    fine(h);
  }).timeout(20_000);

  it('finds what was cached again when an eviction is put back before the next request', async () => {
    const h = await start(reads);
    for (let i = 0; i < 7; i++) await h.say(`say ${i}`);
    const [first] = h.events('tool_finished');
    const before = h.events('usage').at(-1);
    await h.session.context.evict({ ids: [first?.callId ?? ''], turns: [] });
    assert.ok((await h.session.context.report()).blocks.filter((b) => b.cached && b.kind === 'active').length < 4);
    h.session.context.undoEviction();
    await h.say('go on');
    const after = h.events('usage').at(before ? h.events('usage').indexOf(before) + 1 : 0);
    assert.ok(before && after);
    assert.equal(after.cacheRead, before.cacheRead + before.cacheWrite);
  }).timeout(20_000);

  it('says before it puts back what that costs: nothing while nothing was asked, else what the service reads anew', async () => {
    for (const model of MODELS) {
      const h = await start(reads, { settings: { model } });
      for (let i = 0; i < 7; i++) await h.say(`say ${i}`);
      const [first] = h.events('tool_finished');
      const before = sum((await h.session.context.report()).blocks);
      assert.equal((await h.session.context.report()).undo, null);
      await h.session.context.evict({ ids: [first?.callId ?? ''], turns: [] });
      const at = await h.session.context.report();
      assert.equal(at.undo?.reread, 0, 'the service still has all of it');
      assert.ok(Math.abs((at.undo?.tokens ?? 0) + sum(at.blocks) - before) < 5);
      await h.say('without it');
      const said = (await h.session.context.report()).undo;
      assert.ok(said?.once && said.more && said.tokens > 500, JSON.stringify(said));
      assert.equal(h.session.context.undoEviction(), true);
      const turns = h.events('usage').length;
      await h.say('with it again');
      const [was, is] = h.events('usage').slice(turns - 1);
      assert.ok(was && is);
      const prompt = (u: typeof was) => u.input + u.cacheRead + u.cacheWrite;
      // Anew: what stands in the prompt uncached, less what was said since the report.
      const anew = prompt(is) - is.cacheRead - (prompt(is) - prompt(was) - said.tokens);
      assert.ok(Math.abs(anew - said.reread) < anew * 0.1 + 200, `${model}: ${anew} read anew, ${said.reread} said`);
    }
  }).timeout(30_000);

  it('says which results are of no more use: a file that changed, a call made again, a file nobody named for ten turns', async () => {
    const files = ['a', 'b', 'c', 'd'];
    let root = '';
    const h = await start(
      async (request) => {
        const n = request.turns.length;
        if (n === 1) return reply.tools(files.map((name) => ({ name: 'read_file', input: { path: `${name}.txt` } })));
        if (n === 5) {
          await writeFile(join(root, 'a.txt'), 'new');
          return reply.tools(['a', 'b'].map((name) => ({ name: 'read_file', input: { path: `${name}.txt` } })));
        }
        return reply.text(n % 8 === 1 ? 'Then `c.txt`.' : 'ok');
      },
      { tools: [readFile] },
    );
    root = h.root;
    for (const name of files) await writeFile(join(root, `${name}.txt`), `text of ${name}\n`.repeat(50));
    await h.say('read');
    // In the order of the calls: those that run side by side may end in any.
    const called = () => h.events('assistant_message').flatMap((e) => e.blocks.flatMap((b) => (b.type === 'tool_use' ? [b.id] : [])));
    const ids = called();
    assert.deepEqual((await h.session.context.report()).stale.ids, []);
    for (let i = 0; i < 3; i++) await h.say(`more ${i}`);
    assert.deepEqual([...(await h.session.context.report()).stale.ids].sort(), ids.slice(0, 2), 'a changed, b was read again');
    for (let i = 0; i < 8; i++) await h.say(`on ${i}`);
    const { stale, blocks } = await h.session.context.report();
    assert.deepEqual([...stale.ids].sort(), [...ids.slice(0, 2), ids[3], ...called().slice(4)], 'c was named, d was not');
    assert.equal(stale.tokens, sum(blocks.filter((b) => b.source === 'result' && stale.ids.includes(b.id ?? ''))));
  }).timeout(20_000);

  it('tells problems, what a compaction put back, and its summary apart, and still makes the whole [C9]', async () => {
    let root = '';
    const h = await start(
      (request) => {
        if (asksForSummary(request)) return summaryReply();
        return request.turns.length === 1 ? reply.tool('read_file', { path: 'a.txt' }) : reply.text(`ok ${'and '.repeat(300)}`);
      },
      { tools: [readFile] },
    );
    root = h.root;
    await writeFile(join(root, 'a.txt'), 'text of a');
    for (let i = 0; i < 8; i++) await h.say(`say ${i}`);
    assert.equal(await h.session.compact(), 'done');
    const { blocks } = await h.session.context.report();
    const active = blocks.filter((b) => b.kind === 'active').map((b) => b.source);
    assert.deepEqual(active.slice(0, 3), ['summary', 'kept', 'kept']);
    assert.match(blocks.find((b) => b.source === 'kept')?.label ?? '', /a\.txt as it is now/);
    assert.ok(blocks.every((b) => (b.turn === undefined) === (b.kind === 'passive' || b.source === 'summary' || b.source === 'kept')));
    const { after } = h.events('context_compacted')[0] ?? { after: 0 };
    assert.ok(Math.abs(sum(blocks) - after) < after * 0.05, `${sum(blocks)} of ${after}`);
  });
});

describe('the summary of a compaction', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  async function condensed(model = 'claude-opus-5-5'): Promise<Harness> {
    const h = await start(
      (request) =>
        asksForSummary(request) ? summaryReply({ Decisions: 'blue' }) : reply.thinking('hm').text(`answer ${'padding '.repeat(300)}`),
      { settings: { model } },
    );
    for (let i = 0; i < 8; i++) await h.say(`say ${i}`);
    assert.equal(await h.session.compact(), 'done');
    return h;
  }
  const compaction = (h: Harness) => h.events('context_compacted')[0]?.seq ?? 0;
  const mine = summaryText({ Decisions: 'green, says the user' });

  it('can be written anew: every request from then on carries it, over a restart too', async () => {
    for (const model of MODELS) {
      const h = await condensed(model);
      await h.say('on the summary');
      assert.match(lastSent(h), /blue/);
      assert.equal(h.session.context.editSummary(compaction(h), mine), true);
      await h.say('on mine');
      assert.match(lastSent(h), /green, says the user/);
      assert.doesNotMatch(lastSent(h), /blue/);
      const again = await h.reopen();
      await again.send(said('and on'));
      assertPrefixes(h.server.requests.slice(-2));
      fine(h);
    }
  }).timeout(20_000);

  it('costs nothing when it is written anew before the next request, and goes with the compaction', async () => {
    const h = await condensed();
    const before = h.server.requests.findLast((r) => !JSON.stringify(r.json.messages).includes('write a summary of this'));
    assert.equal(h.session.context.editSummary(compaction(h), ' '), false);
    assert.equal(h.session.context.editSummary(compaction(h) + 1, mine), false);
    assert.equal(h.session.context.editSummary(compaction(h), mine), true);
    assert.equal(h.session.undoCompaction(), true);
    assert.equal(h.session.context.editSummary(compaction(h), mine), false);
    await h.say('as it was');
    assert.equal(prefixBreak(before?.json ?? {}, h.server.requests.at(-1)?.json ?? {}), undefined);
    fine(h);
  });
});
