import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { asking, HEADERS, type Line, MODEL, openLine } from '../../../support/model-server/client';
import { reply } from '../../../support/model-server/reply';

describe('the wire: who asks, and for what', () => {
  let line: Line;
  beforeEach(async () => {
    line = await openLine(() => reply.text('Hi'));
  });
  afterEach(() => line.server.close());

  it('1 serves messages, counts and models, with or without ?beta=true, and nothing else', async () => {
    const { client, server } = line;
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 7 })) ids.push(model.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length > 14 && ids.includes(MODEL), 'all pages were walked');
    const model = await client.models.retrieve(MODEL);
    assert.equal(model.max_input_tokens, 1_000_000);
    assert.equal(model.capabilities?.thinking.types.adaptive.supported, true);
    assert.equal((await client.models.retrieve('claude-opus-4-5')).id, 'claude-opus-4-5-20251101');

    assert.equal((await line.post(asking(), { path: '/v1/messages?beta=true' })).status, 200);
    const { max_tokens: _, ...countable } = asking();
    assert.equal((await line.post(countable, { path: '/v1/messages/count_tokens?beta=true' })).status, 200);

    await assert.rejects(client.models.retrieve('claude-none'), Anthropic.NotFoundError);
    await assert.rejects(
      client.messages.create({ model: 'claude-none', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }),
      (error) => {
        assert.ok(error instanceof Anthropic.NotFoundError);
        assert.equal(error.type, 'not_found_error');
        assert.match(error.message, /model: claude-none/);
        assert.ok(error.requestID);
        return true;
      },
    );
    for (const path of ['/v1/complete', '/', '/v1/models/a/b']) {
      assert.equal((await fetch(`${server.url}${path}`, { headers: HEADERS })).status, 404, path);
    }
  });

  it('2 asks for a credential, a known version and known betas', async () => {
    const { client, server } = line;
    assert.equal(
      (await client.messages.create({ model: MODEL, max_tokens: 9, messages: [{ role: 'user', content: 'x' }] })).role,
      'assistant',
    );
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer test');
    assert.equal((await line.post(asking(), { headers: { 'x-api-key': 'key' } })).status, 200);

    const nobody = await line.post(asking(), { headers: { 'x-api-key': '' } });
    assert.equal(nobody.status, 401);
    assert.deepEqual(nobody.json.type, 'error');
    assert.match(nobody.text, /authentication_error/);
    assert.match(await line.refusal(asking(), { headers: { 'anthropic-version': '' } }), /anthropic-version: header is required/);
    assert.match(await line.refusal(asking(), { headers: { 'anthropic-version': '2020-01-01' } }), /2020-01-01 is not a valid version/);
    assert.equal((await line.post(asking(), { headers: { 'anthropic-version': '2023-06-01' } })).status, 200);
    assert.equal(
      await line.refusal(asking(), { headers: { 'anthropic-beta': 'compact-2026-01-12, no-such-beta' } }),
      'Unexpected value(s) `no-such-beta` for the `anthropic-beta` header.',
    );
  });

  it('3 refuses unknown fields, and beta fields without their beta', async () => {
    const tool = { name: 'a', input_schema: { type: 'object' } };
    const refused = async (body: object, message: string) => assert.equal(await line.refusal(asking({ ...body })), message);
    await refused({ foo: 1 }, 'foo: Extra inputs are not permitted');
    await refused({ messages: [{ role: 'user', content: 'x', name: 'n' }] }, 'messages.0.name: Extra inputs are not permitted');
    await refused({ tools: [{ ...tool, foo: 1 }] }, 'tools.0.custom.foo: Extra inputs are not permitted');
    await refused(
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x', malformed: 'y' }] }] },
      'messages.0.content.0.text.malformed: Extra inputs are not permitted',
    );
    assert.match(
      await line.refusal(asking({ messages: [{ role: 'user', content: [{ type: 'paragraph', text: 'x' }] }] })),
      /^messages\.0\.content\.0: Input tag 'paragraph' found using 'type' does not match any of the expected tags: 'text', /,
    );
    await refused({ context_management: { edits: [] } }, 'context_management: Extra inputs are not permitted');
    await refused(
      { thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } } },
      'thinking.adaptive.block_binding: Extra inputs are not permitted',
    );
    const headers = { 'anthropic-beta': 'context-management-2025-06-27' };
    assert.equal((await line.post(asking({ context_management: { edits: [] } }), { headers })).status, 200);
  });

  it('4 names missing fields, and a max_tokens over the limit of the model', async () => {
    assert.equal(await line.refusal({ model: MODEL, messages: [] }), 'max_tokens: Field required');
    assert.equal(await line.refusal({ max_tokens: 5, messages: [] }), 'model: Field required');
    assert.equal(
      await line.refusal(asking({ messages: [{ role: 'user', content: [{ type: 'text' }] }] })),
      'messages.0.content.0.text.text: Field required',
    );
    assert.equal(await line.refusal(asking({ tools: [{ name: 'a' }] })), 'tools.0.custom.input_schema: Field required');
    assert.equal(
      await line.refusal(asking({ messages: [{ role: 'user', content: [{ text: 'x' }] }] })),
      'messages.0.content.0.type: Field required',
    );
    assert.equal(
      await line.refusal(asking({ model: 'claude-opus-4-6', max_tokens: 128_001 })),
      'max_tokens: 128001 > 128000, which is the maximum allowed number of output tokens for claude-opus-4-6',
    );
    const counted = { path: '/v1/messages/count_tokens' };
    assert.equal(await line.refusal(asking(), counted), 'max_tokens: Extra inputs are not permitted');
  });

  it('5 refuses sampling parameters in the newest version, whatever their value', async () => {
    for (const name of ['temperature', 'top_p', 'top_k']) {
      assert.match(await line.refusal(asking({ [name]: 1 })), new RegExp(`^${name}: `));
      assert.equal((await line.post(asking({ [name]: 1 }), { headers: { 'anthropic-version': '2023-06-01' } })).status, 200);
    }
    const cited = [{ type: 'text', text: 'x', citations: [{ type: 'char_location' }] }];
    assert.match(await line.refusal(asking({ messages: [{ role: 'user', content: cited }] })), /citations are not permitted/);
  });

  it('6 refuses empty text', async () => {
    const text = (block: object) => asking({ messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, block] }] });
    assert.equal(await line.refusal(text({ type: 'text', text: '' })), 'messages: text content blocks must be non-empty');
    assert.equal(
      await line.refusal(text({ type: 'text', text: '', cache_control: { type: 'ephemeral' } })),
      'messages.0.content.1.text: cache_control cannot be set for empty text blocks',
    );
    assert.equal(await line.refusal(asking({ system: [{ type: 'text', text: '' }] })), 'system: text content blocks must be non-empty');
  });

  it('7 refuses a conversation without messages, and reads neighbours of one role as one', async () => {
    assert.equal(await line.refusal(asking({ messages: [] })), 'messages: at least one message is required');
    const call = { type: 'tool_use', id: 'toolu_1', name: 'a', input: {} };
    const split = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: 'Let me see.' },
      { role: 'assistant', content: [call] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
      { role: 'user', content: 'Go on' },
    ];
    assert.equal((await line.post(asking({ messages: split }))).status, 200);
    assert.match(
      await line.refusal(asking({ messages: [{ role: 'user', content: [] }, ...split] })),
      /^messages\.0: all messages must have non-empty/,
    );
    assert.match(await line.refusal(asking({ messages: split.slice(1) })), /first message must use the "user" role/);
  });

  it('7 takes system messages in the conversation where they may stand', async () => {
    const system = { role: 'system', content: 'Be brief from now on.' };
    const user = { role: 'user', content: 'x' };
    const talk = (...messages: object[]) => asking({ messages });
    assert.equal((await line.post(talk(user, system))).status, 200);
    assert.equal((await line.post(talk(user, system, { role: 'assistant', content: 'y' }, user))).status, 200);
    assert.match(await line.refusal(talk(system, user)), /^messages\.0: a `system` message must follow/);
    assert.match(await line.refusal(talk(user, system, user)), /^messages\.1: a `system` message must be last or come before/);
    assert.match(await line.refusal({ ...talk(user, system), model: 'claude-sonnet-4-6' }), /not supported for this model/);
  });

  it('8 refuses to go on from the assistant’s last words, except where the service paused', async () => {
    const prefilled = (model: string, content: unknown = 'Once') =>
      asking({
        model,
        messages: [
          { role: 'user', content: 'A story' },
          { role: 'assistant', content },
        ],
      });
    const message = 'This model does not support assistant message prefill. The conversation must end with a user message.';
    assert.equal(await line.refusal(prefilled(MODEL)), message);
    assert.equal(await line.refusal(prefilled('claude-sonnet-4-6')), message);
    assert.equal((await line.post(prefilled('claude-opus-4-5'))).status, 200);

    await line.server.close();
    line = await openLine([reply.text('Half of it.').stop('pause_turn'), reply.text('The rest.')]);
    const first = await line.client.messages.create({ model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'A story' }] });
    assert.equal(first.stop_reason, 'pause_turn');
    assert.equal(await line.refusal(prefilled(MODEL, 'Half of something else.')), message);
    const { json } = await line.post(prefilled(MODEL, [...first.content]));
    assert.equal(json.stop_reason, 'end_turn');
  });

  it('30 takes 32 MB and no more, and keeps every request as it came', async () => {
    const big = JSON.stringify(asking({ messages: [{ role: 'user', content: 'x'.repeat(33 * 1024 * 1024) }] }));
    const refused = await line.post(big);
    assert.equal(refused.status, 413);
    assert.match(refused.text, /request_too_large/);
    const odd = '{"model": "claude-opus-5-5",\n "max_tokens":9, "messages":[{"role":"user","content":"\\u00e9 é"}]}';
    await line.post(odd, { headers: { 'x-mine': 'yes' } });
    const kept = line.server.requests.at(-1);
    assert.equal(kept?.body.toString('utf8'), odd);
    assert.equal(kept?.headers['x-mine'], 'yes');
    assert.equal(line.server.requests[0]?.status, 413);
  });
});
