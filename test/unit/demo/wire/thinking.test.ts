import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { asking, type Line, MODEL, openLine } from '../../../support/model-server/client';
import { reply } from '../../../support/model-server/reply';

const SHOWN = { type: 'adaptive', display: 'summarized' } as const;
const TOOL: Anthropic.Tool = { name: 'look', input_schema: { type: 'object' } };

describe('the wire: thinking', () => {
  let line: Line;
  afterEach(() => line.server.close());

  /** One answered turn with thinking and a call, as it would be sent back. */
  async function turn(model: string = MODEL): Promise<{ messages: Anthropic.MessageParam[]; content: Anthropic.ContentBlock[] }> {
    line = await openLine((request) => (request.turns.length === 1 ? reply.thinking('Let me think.').tool('look') : reply.text('Done')));
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Go' }];
    const { content } = await line.client.messages
      .stream({ model, max_tokens: 500, thinking: SHOWN, tools: [TOOL], messages })
      .finalMessage();
    const call = content.find((block) => block.type === 'tool_use');
    const result: Anthropic.MessageParam = {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'seen' }],
    };
    return { messages: [...messages, { role: 'assistant', content }, result], content };
  }
  const again = (messages: unknown, more: object = {}) => asking({ max_tokens: 500, thinking: SHOWN, tools: [TOOL], messages, ...more });

  it('14 takes the kinds of thinking that each model takes', async () => {
    line = await openLine(() => reply.thinking('Hm.').text('Hi'));
    const refused = (model: string, thinking: object, more: object = {}) =>
      line.refusal(asking({ model, max_tokens: 4_000, thinking, ...more }));
    const taken = async (model: string, thinking: object, more: object = {}) =>
      assert.equal((await line.post(asking({ model, max_tokens: 4_000, thinking, ...more }))).status, 200, model);
    const enabled = { type: 'enabled', budget_tokens: 2_000 };
    const disabled = { type: 'disabled' };

    assert.match(
      await refused(MODEL, disabled),
      /^"thinking\.type\.disabled" is not supported for this model\. Use "thinking\.type\.adaptive"/,
    );
    assert.match(await refused(MODEL, enabled), /^"thinking\.type\.enabled" is not supported/);
    assert.match(
      await refused('claude-opus-4-5', { type: 'adaptive' }),
      /^"thinking\.type\.adaptive" is not supported .* Use "thinking\.type\.enabled"/,
    );
    assert.match(await refused('claude-opus-5', disabled, { output_config: { effort: 'max' } }), /"thinking\.type\.disabled"/);
    await taken('claude-opus-5', disabled, { output_config: { effort: 'high' } });
    await taken('claude-sonnet-5-5', { type: 'between_tools' });
    await taken('claude-opus-4-5', enabled);
    await taken('claude-opus-4-8', disabled);

    assert.equal(
      await refused('claude-opus-4-5', { type: 'enabled', budget_tokens: 1_023 }),
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    );
    assert.match(await refused('claude-opus-4-5', { type: 'enabled', budget_tokens: 4_000 }), /`max_tokens` must be greater than/);
    assert.match(
      await refused('claude-opus-4-5', enabled, { tools: [TOOL], tool_choice: { type: 'any' } }),
      /Thinking may not be enabled when tool_choice forces tool use/,
    );
    assert.match(await refused('claude-haiku-4-5', enabled, { output_config: { effort: 'low' } }), /does not support the effort parameter/);

    const kinds = async (model: string, thinking?: object) => {
      const { json } = await line.post(asking({ model, max_tokens: 4_000, thinking }));
      return (Array.isArray(json.content) ? json.content : []).map((block) => [block.type, block.thinking ?? block.text]);
    };
    assert.deepEqual(
      await kinds(MODEL),
      [
        ['thinking', ''],
        ['text', 'Hi'],
      ],
      'omitted by default',
    );
    assert.deepEqual(await kinds(MODEL, SHOWN), [
      ['thinking', 'Hm.'],
      ['text', 'Hi'],
    ]);
    assert.deepEqual(await kinds('claude-opus-4-8'), [['text', 'Hi']], 'off by default');
  });

  it('15 takes its own thinking back unchanged, and nothing else', async () => {
    const { messages, content } = await turn();
    assert.equal((await line.post(again(messages))).status, 200);
    const changed = content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'Let me not.' } : block));
    assert.match(
      await line.refusal(again([messages[0], { role: 'assistant', content: changed }, messages[2]])),
      /`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified\./,
    );
    const forged = content.map((block) => (block.type === 'thinking' ? { ...block, signature: 'c2lnbmVk.bXlzZWxm' } : block));
    assert.match(
      await line.refusal(again([messages[0], { role: 'assistant', content: forged }, messages[2]])),
      /Invalid `signature` in `thinking` block/,
    );
  });

  it('15 takes thinking back that only the model may read', async () => {
    line = await openLine((request) => (request.turns.length === 1 ? reply.redactedThinking('Secret.').text('Hi') : reply.text('Done')));
    const ask: Anthropic.MessageParam = { role: 'user', content: 'Go' };
    const { content } = await line.client.messages.stream({ model: MODEL, max_tokens: 500, messages: [ask] }).finalMessage();
    const [hidden] = content;
    assert.ok(hidden?.type === 'redacted_thinking');
    const answered = (blocks: unknown[]) =>
      asking({ messages: [ask, { role: 'assistant', content: blocks }, { role: 'user', content: 'And?' }] });
    assert.equal((await line.post(answered(content))).status, 200);
    const changed = [{ ...hidden, data: `${hidden.data.slice(0, -4)}AAA=` }, ...content.slice(1)];
    assert.match(await line.refusal(answered(changed)), /Invalid `data` in `redacted_thinking` block/);
  });

  it('16 binds thinking to the conversation it was made in, on the models that do', async () => {
    const { messages } = await turn();
    const elsewhere = [{ role: 'user', content: 'Go away' }, ...messages.slice(1)];
    assert.equal(
      await line.refusal(again(elsewhere)),
      'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation. ' +
        'Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".',
    );
    assert.match(await line.refusal(again(messages, { system: 'Be brief.' })), /bound to a different conversation/);
    assert.match(await line.refusal(again(messages, { tools: [TOOL, { ...TOOL, name: 'touch' }] })), /bound to a different conversation/);

    const headers = { 'anthropic-beta': 'thinking-binding-controls-2026-08-01' };
    const drop = { thinking: { ...SHOWN, block_binding: { prefix_mismatch_behavior: 'drop_block' } } };
    const { json } = await line.post(again(elsewhere, drop), { headers });
    assert.deepEqual(json.input_transformations, [
      { type: 'thinking_dropped', path: 'messages.1.content.0', reason: 'prefix_binding_mismatch' },
    ]);
    assert.equal((await line.post(again(messages, { model: 'claude-sonnet-5-5', system: 'x' }))).status, 200, 'another model drops it');
    await line.server.close();

    const loose = await turn('claude-opus-5');
    const moved = [{ role: 'user', content: 'Go away' }, ...loose.messages.slice(1)];
    assert.equal((await line.post(again(moved, { model: 'claude-opus-5' }))).status, 200);
  });

  it('16 keeps thinking valid over a long run, cache marks and merged messages included', async () => {
    line = await openLine((request) =>
      request.turns.length < 9 ? reply.thinking('Hm.').text('Next').tool('look').tool('look') : reply.text('Done'),
    );
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Go' }];
    for (let step = 0; step < 5; step++) {
      const { content } = await line.client.messages.stream({ model: MODEL, max_tokens: 500, tools: [TOOL], messages }).finalMessage();
      messages.push({ role: 'assistant', content });
      const calls = content.filter((block) => block.type === 'tool_use');
      messages.push({
        role: 'user',
        content: calls.map((call, index) => ({
          type: 'tool_result',
          tool_use_id: call.id,
          content: 'seen',
          cache_control: index === 0 && step === 3 ? { type: 'ephemeral' } : undefined,
        })),
      });
    }
    assert.deepEqual(
      line.server.requests.map((request) => request.status),
      [200, 200, 200, 200, 200],
    );
  });
});
