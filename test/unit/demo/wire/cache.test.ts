import assert from 'node:assert/strict';
import { isObject, type JsonObject } from '../../../../src/demo/wire/json';
import { asking, type Line, openLine } from '../../../support/model-server/client';
import { reply } from '../../../support/model-server/reply';

const MINUTE = 60_000;
const MARK = { cache_control: { type: 'ephemeral' } };
const HOUR = { cache_control: { type: 'ephemeral', ttl: '1h' } };
/** About 650 tokens on a model whose minimum is 512. */
const LONG = 'All work and no play. '.repeat(91);
const text = (words: string, mark: object = {}) => ({ type: 'text', text: words, ...mark });
const users = (...blocks: object[]) => ({ messages: [{ role: 'user', content: blocks }] });

describe('the wire: tokens and the prompt cache', () => {
  let line: Line;
  let now = 0;
  beforeEach(async () => {
    now = 1_000_000;
    line = await openLine(() => reply.text('Hi'), { now: () => now });
  });
  afterEach(() => line.server.close());

  /** Read, written and plain input tokens of a request. */
  async function spent(more: JsonObject, headers = {}) {
    const { json, status } = await line.post(asking({ model: 'claude-opus-5', ...more }), { headers });
    assert.equal(status, 200, JSON.stringify(json));
    const usage = isObject(json.usage) ? json.usage : {};
    const creation = isObject(usage.cache_creation) ? usage.cache_creation : {};
    const read = Number(usage.cache_read_input_tokens);
    const written = Number(usage.cache_creation_input_tokens);
    const short = Number(creation.ephemeral_5m_input_tokens);
    const long = Number(creation.ephemeral_1h_input_tokens);
    const input = Number(usage.input_tokens);
    assert.equal(short + long, written);
    return { read, written, input, short, long, all: read + written + input };
  }
  async function counted(more: JsonObject): Promise<number> {
    const { max_tokens: _, ...body } = asking({ model: 'claude-opus-5', ...more });
    return Number((await line.post(body, { path: '/v1/messages/count_tokens' })).json.input_tokens);
  }

  it('17 takes four cache marks, the longer-lived first', async () => {
    const marked = (count: number) => ({ system: Array.from({ length: count }, (_, index) => text(`s${index}`, MARK)) });
    assert.equal((await line.post(asking(marked(4)))).status, 200);
    assert.equal(await line.refusal(asking(marked(5))), 'A maximum of 4 blocks with cache_control may be provided. Found 5.');
    assert.equal(
      await line.refusal(asking({ ...marked(4), ...MARK })),
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    );
    assert.equal((await line.post(asking({ ...marked(3), ...MARK }))).status, 200);
    const last = { ...marked(3), ...users(text('x', MARK)) };
    assert.equal((await line.post(asking({ ...last, ...MARK }))).status, 200, 'the automatic one is there already');
    assert.match(await line.refusal(asking({ ...last, ...HOUR })), /ttl='5m' already/);
    assert.match(
      await line.refusal(asking({ system: [text('a', MARK)], ...users(text('b', HOUR)) })),
      /^messages\.0\.content\.0\.cache_control\.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block\./,
    );
    assert.match(
      await line.refusal(asking({ tools: [{ name: 'a', input_schema: { type: 'object' }, ...MARK }], system: [text('a', HOUR)] })),
      /^system\.0\.cache_control\.ttl/,
    );
  });

  it('18 reads exactly the prefix that was written, and sums to the prompt', async () => {
    const first = { system: [text(LONG, MARK)], ...users(text('one', MARK)) };
    const wrote = await spent(first);
    assert.deepEqual([wrote.read, wrote.input], [0, 0]);
    assert.equal(wrote.written, await counted(first));

    const again = await spent(first);
    assert.deepEqual([again.read, again.written, again.input], [wrote.written, 0, 0]);

    const grown = {
      ...first,
      messages: [...first.messages, { role: 'assistant', content: 'Hi' }, { role: 'user', content: [text('two', MARK)] }],
    };
    const more = await spent(grown);
    assert.equal(more.read, wrote.written);
    assert.equal(more.all, await counted(grown));
    assert.ok(more.written > 0 && more.input === 0);

    const edited = { ...first, system: [text(`${LONG}!`, MARK)] };
    assert.equal((await spent(edited)).read, 0, 'a byte of the prefix changed');
    assert.equal((await spent({ ...first, tools: [{ name: 'a', input_schema: { type: 'object' } }] })).read, 0);
    assert.equal(
      (await spent({ ...first, ...users(text('other', MARK)) })).read,
      await systemTokens(first),
      'the system prompt is still there',
    );
  });
  const systemTokens = async (body: JsonObject) => (await counted(body)) - (await counted({ messages: body.messages }));

  it('18 keeps entries apart by credential and model, and for as long as they live', async () => {
    const body = { system: [text(LONG, MARK)] };
    const { written } = await spent(body);
    assert.equal((await spent(body, { 'x-api-key': 'other' })).read, 0);
    assert.equal((await spent({ ...body, model: 'claude-fable-5' })).read, 0);
    now += 4 * MINUTE;
    assert.equal((await spent(body)).read, written);
    now += 4 * MINUTE;
    assert.equal((await spent(body)).read, written, 'reading refreshed it');
    now += 5 * MINUTE;
    assert.equal((await spent(body)).read, 0);

    const long = { system: [text(`${LONG} for long`, HOUR)], ...users(text('short', MARK)) };
    const both = await spent(long);
    assert.ok(both.long > 500 && both.short > 0 && both.short < 20);
    now += 59 * MINUTE;
    assert.equal((await spent(long)).read, both.long);
  });

  it('18 caches nothing below the minimum of the model', async () => {
    const body = { system: [text(LONG, MARK)] };
    assert.ok((await spent(body)).written > 0);
    const demanding = { ...body, model: 'claude-opus-4-7' };
    assert.deepEqual([(await spent(demanding)).written, (await spent(demanding)).read], [0, 0]);
  });

  it('18 looks back twenty blocks and no further', async () => {
    const blocks = (count: number) => Array.from({ length: count }, (_, index) => text(`block ${index}`));
    const ending = (count: number) => users(text(LONG), ...blocks(count - 1), text('end', MARK));
    const base = users(text(LONG, MARK));
    const { written } = await spent(base);
    assert.equal((await spent(ending(21))).read, 0, 'the write lies twenty-one blocks before the mark');
    await spent(base);
    assert.equal((await spent(ending(20))).read, written, 'twenty blocks before the mark');
  });

  it('18 shows an entry once the response to its writer has begun', async () => {
    await line.server.close();
    line = await openLine((request) => (request.headers['x-hold'] ? reply.text('Hi').hold() : reply.text('Hi')), { now: () => now });
    const body = { system: [text(LONG, MARK)] };
    const first = spent(body, { 'x-hold': '1' });
    await line.server.held();
    const meanwhile = spent(body, { 'x-hold': '1' });
    await line.server.received(2);
    line.server.release();
    line.server.release();
    assert.deepEqual([(await first).read, (await meanwhile).read], [0, 0]);
    assert.ok((await spent(body)).read > 0);
  });

  it('19 lets tool choice, thinking and effort change the messages’ prefix only', async () => {
    const tools = [{ name: 'a', input_schema: { type: 'object' }, description: LONG, ...MARK }];
    const body = { tools, system: [text(LONG, MARK)], ...users(text(LONG, MARK)) };
    const { written } = await spent(body);
    const fixed = written - ((await counted(users(text(LONG)))) - 0);
    for (const change of [{ tool_choice: { type: 'none' } }, { thinking: { type: 'disabled' } }, { output_config: { effort: 'low' } }]) {
      assert.equal((await spent({ ...body, ...change })).read, fixed, JSON.stringify(change));
    }
    const toolsOnly = (await spent({ ...body, system: [text(`New. ${LONG}`, MARK)] })).read;
    assert.ok(toolsOnly > 500 && toolsOnly < fixed, 'a new system prompt keeps the tools');
  });

  it('20 counts alike everywhere, and stops at the edge of the window', async () => {
    const body = { system: 'Be brief.', tools: [{ name: 'a', input_schema: { type: 'object' } }], ...users(text('Grüße 🎈')) };
    const sizes = [await counted(body), await counted(body), (await spent(body)).all];
    assert.equal(new Set(sizes).size, 1);
    assert.ok((await counted({ ...body, system: 'Be very brief.' })) > (sizes[0] ?? 0));

    const fill = (tokens: number) => users(text('x'.repeat(tokens * 4 - 16)));
    assert.equal(
      await line.refusal(asking({ model: 'claude-opus-4-5', ...fill(208_310) })),
      'prompt is too long: 208310 tokens > 200000 maximum',
    );
    await line.server.close();
    line = await openLine(() => reply.text('word '.repeat(100)));
    const edge = await line.post(asking({ model: 'claude-opus-4-5', max_tokens: 1_000, ...fill(199_990) }));
    assert.equal(edge.json.stop_reason, 'model_context_window_exceeded');
    assert.equal(isObject(edge.json.usage) && edge.json.usage.output_tokens, 10);
  });
});
