import assert from 'node:assert/strict';
import { contextBlocks } from '../../../../src/core/context/blocks';
import { BYTES_PER_TOKEN } from '../../../../src/core/context/tokens';
import { priceOfEviction } from '../../../../src/protocol/context';
import { allTools } from '../../../../src/tools/index';
import { assertPrefixes, prefixBreak } from '../../../support/model-server/prefix';
import { reply } from '../../../support/model-server/reply';
import { reader } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply } from '../../../support/summary';

const open: Harness[] = [];
/** Three results, a, b and c, then a reply to each message. */
async function withResults(model = 'claude-opus-5-5'): Promise<Harness & { readonly ids: readonly string[] }> {
  const h = await startHarness(
    (request) => {
      if (asksForSummary(request)) return summaryReply();
      if (request.turns.length === 1) return reply.thinking('look').tools([1, 2, 3].map((n) => ({ name: 'read', input: { n } })));
      return reply.thinking('so').text(`said ${request.turns.length}`);
    },
    { tools: [...allTools(), reader('read', async ({ n }) => `<result ${n}> `.repeat(300))], settings: { model } },
  );
  open.push(h);
  await h.say('Read three.');
  return { ...h, ids: h.events('tool_finished').map((e) => e.callId) };
}
const lastSent = (h: Harness) => JSON.stringify(h.server.requests.at(-1)?.json);
const ok = (h: Harness) => {
  assert.deepEqual(h.server.failures, []);
  for (const request of h.server.requests) assert.equal(request.status, 200, request.error);
};

describe('what is in the context', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('is labelled part by part, and the parts make the whole to 5 % [C9]', async () => {
    const h = await withResults();
    h.session.setMode('plan');
    await h.say('And now?');
    // The request as it was sent is what was in the log before its answer.
    const answer = h.session.events().findLastIndex((e) => e.type === 'turn_started');
    const { blocks } = contextBlocks(h.session.events().slice(0, answer));
    const { tools, system, messages } = h.server.requests.at(-1)?.json ?? {};
    const sent = JSON.stringify([tools, system, messages]).replaceAll(/,"cache_control":\{[^}]*\}/g, '');
    const whole = Buffer.byteLength(sent) / BYTES_PER_TOKEN;
    const sum = blocks.reduce((total, b) => total + b.tokens, 0);
    assert.ok(Math.abs(sum - whole) / whole < 0.05, `${sum} of ${Math.round(whole)}`);
    assert.deepEqual([...new Set(blocks.filter((b) => b.kind === 'passive').map((b) => b.source))], ['tool', 'system', 'facts']);
    assert.deepEqual(
      blocks.filter((b) => b.kind === 'active').map((b) => b.source),
      ['user', 'notice', 'thinking', 'call', 'call', 'call', 'result', 'result', 'result', 'thinking', 'reply', 'user', 'notice'],
    );
    assert.equal(blocks.find((b) => b.source === 'result')?.label, 'read 1');
  });

  it('loses what the user takes out, keeps the pairs, and says the price before [C4]', async () => {
    for (const model of ['claude-opus-5-5', 'claude-haiku-4-5']) {
      const h = await withResults(model);
      const [, b = ''] = h.ids;
      const report = await h.session.context.report();
      const said = priceOfEviction(report, { ids: [b], turns: [] });
      const before = report.blocks.reduce((sum, block) => sum + block.tokens, 0);
      assert.equal(await h.session.context.evict({ ids: [b], turns: [] }), 1);
      const now = await h.session.context.report();
      const after = now.blocks.reduce((sum, block) => sum + block.tokens, 0);
      assert.ok(said.freed > 0 && Math.abs(before - after - said.freed) <= 3, `${before} - ${after} is not ${said.freed}`);
      await h.say('Go on.');
      // What the service read from the cache before and reads no more is what was said.
      const [, was] = h.events('usage');
      const is = h.events('usage').at(-1);
      assert.ok(was && is);
      const prompt = was.input + was.cacheRead + was.cacheWrite;
      const estimate = report.blocks.reduce((sum, block) => sum + (block.cached ? block.tokens : 0), 0);
      const gone = report.blocks.find((block) => block.id === b && block.source === 'result')?.tokens ?? 0;
      const lost = (prompt - is.cacheRead) * (estimate / prompt) - gone;
      assert.ok(Math.abs(lost - said.reread) < said.reread * 0.05, `${Math.round(lost)} lost, ${said.reread} said`);
      assert.doesNotMatch(lastSent(h), /<result 2>/);
      assert.match(lastSent(h), /<result 1>.*<result 3>/);
      const again = await h.reopen();
      await again.send({ text: 'And on.', attachments: [], content: [{ type: 'text', text: 'And on.' }] });
      assertPrefixes(h.server.requests.slice(-2));
      ok(h);
    }
  });

  it('is whole again when the eviction is taken back before the next request [C4]', async () => {
    const h = await withResults();
    assert.equal(h.session.context.undoEviction(), false);
    const before = h.server.requests.at(-1)?.json ?? {};
    await h.session.context.evict({ ids: h.ids, turns: [] });
    assert.equal(h.session.context.undoEviction(), true);
    await h.say('Go on.');
    assert.equal(prefixBreak(before, h.server.requests.at(-1)?.json ?? {}), undefined);
    await h.session.context.evict({ ids: h.ids, turns: [] });
    await h.say('Without them.');
    assert.equal(h.session.context.undoEviction(), true);
    await h.say('With them.');
    assert.match(lastSent(h), /<result 1>.*<result 2>.*<result 3>/);
    ok(h);
  });

  it('keeps what is pinned: through an eviction and through a compaction [C4]', async () => {
    const h = await withResults();
    const [a = '', b = '', c = ''] = h.ids;
    assert.equal(h.session.context.pin('nothing', true), false);
    assert.equal(h.session.context.pin(b, true), true);
    assert.equal(await h.session.context.evict({ ids: [a, b], turns: [] }), 1);
    for (let i = 0; i < 4; i++) await h.say(`More ${i}`);
    assert.match(lastSent(h), /<result 2>/);
    assert.equal(await h.session.compact(), 'done');
    await h.say('On the summary.');
    assert.match(lastSent(h), /Pinned by the user.*<result 2>/);
    assert.doesNotMatch(lastSent(h), /<result [13]>/);
    assert.equal(h.session.context.pin(b, false), true);
    assert.equal(h.session.context.pin(c, false), false);
    ok(h);
  });
});
