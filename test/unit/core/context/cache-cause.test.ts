import assert from 'node:assert/strict';
import { askedOtherwise, type CacheState, layersOf, missOf, rereadPrice, warnedTokens } from '../../../../src/core/context/cache-watch';
import { EMPTY_STATE } from '../../../../src/core/fold';
import type { Clock, ModelMessage, ModelProfile, ModelRequest } from '../../../../src/core/ports';
import { createModelClient } from '../../../../src/model/client';
import { createSwitch } from '../../../../src/model/switch';
import { systemClock } from '../../../../src/node/clock';
import { sha256 } from '../../../../src/node/hash';
import { reply } from '../../../support/model-server/reply';
import { reader } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply } from '../../../support/summary';

const user = (text: string): ModelMessage => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): ModelMessage => ({ role: 'assistant', content: [{ type: 'text', text }] });
const request = (own: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'm',
  maxTokens: 1,
  tools: [{ name: 'a', description: 'a', inputSchema: {} }],
  system: [{ text: 'fixed', mark: true }],
  messages: [],
  effort: 'default',
  idleTimeoutMs: 1,
  ...own,
});
const FIRST = [user('one'), assistant('two'), user('three')];
const before: CacheState = { layers: layersOf(request(), FIRST, null, sha256), model: 'm', at: 0, tokens: 10_000 };

/** The cause that is named when the second request differs in one thing and reads only 3,000 of 10,000 tokens. */
function cause(own: Partial<ModelRequest>, messages: readonly ModelMessage[] = [...FIRST, assistant('four'), user('five')], minutes = 1) {
  const layers = layersOf(request(own), messages, before, sha256);
  return missOf(before, { layers, model: own.model ?? 'm', at: minutes * 60_000 }, 3_000)?.cause;
}

describe('the price of reading anew', () => {
  const profile = (price: ModelProfile['price']): ModelProfile => {
    const window = { contextWindow: 200_000, maxOutput: 32_000 };
    return { id: 'm', name: 'm', ...window, thinking: 'none', images: true, references: 'no', price, source: 'table' };
  };

  it('is that of writing to the cache against reading from it, and unknown where no price is known', () => {
    const price = { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 };
    assert.deepEqual(rereadPrice(40_000, profile(price)), { anew: 0.25, cached: 0.02 });
    assert.equal(rereadPrice(40_000, profile({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 })), null);
    assert.equal(rereadPrice(40_000, profile(null)), null);
    assert.equal(rereadPrice(40_000, undefined), null);
  });
});

describe('a miss of the cache', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('is named by what changed [K4]', () => {
    assert.equal(cause({ model: 'other' }), 'model');
    assert.equal(cause({ tools: [] }), 'tools');
    assert.equal(cause({ system: [{ text: 'another', mark: true }] }), 'system');
    assert.equal(cause({ effort: 'high' }), 'effort');
    assert.equal(cause({}, [user('one'), assistant('2'), user('three'), assistant('four'), user('five')]), 'messages');
    assert.equal(cause({}, [user('one')]), 'messages');
    assert.equal(cause({}, undefined, 9), 'expired');
    assert.equal(cause({}), 'service');
  });

  it('is the connection when another key or address is asked, but not by a log that did not know who was asked', () => {
    const asked = (service?: string) => layersOf(request(), FIRST, before, sha256, service);
    const missed = (was?: string, is?: string) =>
      missOf({ ...before, layers: asked(was) }, { layers: asked(is), model: 'm', at: 60_000 }, 3_000)?.cause;
    assert.equal(missed('one', 'two'), 'connection');
    assert.equal(missed('one', 'one'), 'service');
    assert.equal(missed(undefined, 'two'), 'service');
  });

  it('names the key that was changed in the middle of a session, and keeps nothing of it', async () => {
    const model = createSwitch();
    const h = await startHarness(() => reply.text(`ok ${'and more '.repeat(900)}`), { ports: { model: model.client } });
    open.push(h);
    const ask = (apiKey: string, baseUrl: string) => model.set(createModelClient({ apiKey, baseUrl }));
    ask('canary-one', h.server.url);
    await h.say(`Begin. ${'word '.repeat(8_000)}`);
    ask('canary-one', `${h.server.url}/`);
    await h.say('more');
    assert.deepEqual(h.events('cache_missed'), [], 'the same address, written in another way');
    ask('canary-two', h.server.url);
    await h.say('with another key');
    assert.deepEqual(
      h.events('cache_missed').map((e) => e.cause),
      ['connection'],
    );
    assert.ok(!JSON.stringify(h.session.events()).includes('canary-'));
  });

  it('is warned of before a change of model or effort where it is dear, and while it is', () => {
    const holding = (tokens: number) => ({ ...EMPTY_STATE, cache: { ...before, tokens } });
    assert.equal(warnedTokens([holding(19_999)], 60_000), 0, 'too little for a word');
    assert.equal(warnedTokens([holding(20_000)], 60_000), 20_000);
    assert.equal(warnedTokens([holding(100), EMPTY_STATE, holding(50_000), holding(30_000)], 60_000), 50_000, 'the dearest counts');
    assert.equal(warnedTokens([holding(50_000)], 5 * 60_000), 0, 'the service has let go of it');
    assert.equal(warnedTokens([], 0), 0);
    assert.equal(askedOtherwise([holding(50_000)], 'high').length, 1);
    assert.equal(askedOtherwise([holding(50_000)], 'default').length, 0, 'it was taken back before anything was asked');
  });

  it('is none when what was added stands behind what was sent, in the same message or after it', () => {
    const grown: ModelMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'three' },
        { type: 'text', text: 'and more' },
      ],
    };
    assert.equal(cause({}, [...FIRST.slice(0, 2), grown]), 'service', 'the messages are not the cause');
    const layers = layersOf(request(), FIRST, before, sha256);
    assert.equal(missOf(before, { layers, model: 'm', at: 1 }, 10_000), null);
    assert.equal(missOf(before, { layers, model: 'm', at: 1 }, 9_600), null, 'a little less is the rounding of the service');
    assert.equal(missOf(null, { layers, model: 'm', at: 1 }, 0), null);
  });

  it('is an event of the session, for a changed model, effort, conversation and a long pause', async () => {
    let late = 0;
    const clock: Clock = { now: () => systemClock.now() + late, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
    const h = await startHarness((request) => (asksForSummary(request) ? summaryReply() : reply.text(`ok ${'and more '.repeat(900)}`)), {
      tools: [reader('read')],
      ports: { clock },
      server: { now: () => clock.now() },
    });
    open.push(h);
    await h.say(`Begin. ${'word '.repeat(8_000)}`);
    await h.say('more');
    assert.equal(h.events('cache_missed').length, 0);
    h.session.setModel('claude-opus-5');
    assert.ok((h.events('model_changed')[0]?.uncached ?? 0) > 8_000, 'the price of the switch is named before the request');
    await h.say('with another model');
    late += 9 * 60_000;
    await h.say('after a pause');
    h.session.setModel('claude-opus-4-8');
    assert.ok((h.events('model_changed')[1]?.uncached ?? 0) > 8_000);
    late += 9 * 60_000;
    h.session.setModel('claude-opus-5');
    assert.equal(h.events('model_changed')[2]?.uncached, undefined, 'nothing is cached any more');
    await h.say('again');
    await h.session.compact();
    await h.say('on the summary');
    await h.say('and on');
    const causes = () => h.events('cache_missed').map((e) => e.cause);
    assert.deepEqual(causes(), ['model', 'expired', 'expired', 'messages']);
    const again = await h.reopen({ effort: 'high' });
    await again.send({ text: 'harder', attachments: [], content: [{ type: 'text', text: 'harder' }] });
    const last = again.events().findLast((e) => e.type === 'cache_missed');
    assert.ok(last?.type === 'cache_missed' && last.cause === 'effort');
    assert.match(last.detail, /default to high/);
  });
});
