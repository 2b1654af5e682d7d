import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { type Line, MODEL, openLine } from '../../../support/model-server/client';
import { reply } from '../../../support/model-server/reply';

type Beta = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;
const TOOL = { name: 'look', input_schema: { type: 'object' as const } };
const LONG = 'word '.repeat(2_000);

/** A conversation with this many calls, each with a long result. */
function history(calls: number): Anthropic.Beta.BetaMessageParam[] {
  const turns = Array.from({ length: calls }, (_, index): Anthropic.Beta.BetaMessageParam[] => [
    { role: 'assistant', content: [{ type: 'tool_use', id: `t${index}`, name: 'look', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: `t${index}`, content: LONG }] },
  ]);
  return [{ role: 'user', content: 'Look around' }, ...turns.flat()];
}

describe('the wire: betas', () => {
  let line: Line;
  let now = 0;
  const start = async (script: Parameters<typeof openLine>[0]) => {
    now = 1_000_000;
    line = await openLine(script, { now: () => now });
  };
  afterEach(() => line.server.close());
  const body = (more: Partial<Beta>): Beta => ({ model: MODEL, max_tokens: 100, tools: [TOOL], messages: history(6), ...more });

  it('31 clears old tool results, counts the rest and says what it did', async () => {
    await start(() => reply.text('Done'));
    const plain = await line.client.beta.messages.create(body({}));
    const edits: Beta['context_management'] = {
      edits: [{ type: 'clear_tool_uses_20250919', trigger: { type: 'tool_uses', value: 4 }, keep: { type: 'tool_uses', value: 2 } }],
    };
    const betas = ['context-management-2025-06-27'];
    const cleared = await line.client.beta.messages.create(body({ betas, context_management: edits }));
    const [edit] = cleared.context_management?.applied_edits ?? [];
    assert.ok(edit?.type === 'clear_tool_uses_20250919');
    assert.equal(edit.cleared_tool_uses, 4);
    assert.equal(cleared.usage.input_tokens, plain.usage.input_tokens - edit.cleared_input_tokens);
    assert.ok(edit.cleared_input_tokens > 4 * 2_000);

    const count = await line.client.beta.messages.countTokens({
      model: MODEL,
      tools: [TOOL],
      messages: history(6),
      betas,
      context_management: edits,
    });
    assert.equal(count.input_tokens, cleared.usage.input_tokens);
    assert.equal(count.context_management?.original_input_tokens, plain.usage.input_tokens);

    const idle = await line.client.beta.messages.create(
      body({ betas, context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }),
    );
    assert.deepEqual(idle.context_management, { applied_edits: [] });
    assert.equal(idle.usage.input_tokens, plain.usage.input_tokens);
  });

  it('31 clears thinking', async () => {
    await start((request) => (request.turns.length < 4 ? reply.thinking(LONG).tool('look') : reply.text('Done')));
    const messages: Anthropic.Beta.BetaMessageParam[] = [{ role: 'user', content: 'Go' }];
    for (let step = 0; step < 2; step++) {
      const { content } = await line.client.beta.messages.create(body({ max_tokens: 9_000, messages }));
      const call = content.find((block) => block.type === 'tool_use');
      messages.push(
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'x' }] },
      );
    }
    const done = await line.client.beta.messages.create(
      body({
        messages,
        betas: ['context-management-2025-06-27'],
        context_management: { edits: [{ type: 'clear_thinking_20251015', keep: { type: 'thinking_turns', value: 1 } }] },
      }),
    );
    const [edit] = done.context_management?.applied_edits ?? [];
    assert.ok(edit?.type === 'clear_thinking_20251015');
    assert.deepEqual([edit.cleared_thinking_turns, edit.cleared_input_tokens > 2_000], [1, true]);
  });

  it('31 compacts over its trigger, and leaves out what a summary stands for', async () => {
    await start(() => reply.text('Going on'));
    const betas = ['compact-2026-01-12'];
    const messages = history(30);
    const compact = (more: object = {}): Beta['context_management'] => ({
      edits: [{ type: 'compact_20260112', trigger: { type: 'input_tokens', value: 50_000 }, ...more }],
    });
    const stream = line.client.beta.messages.stream(body({ messages, betas, context_management: compact() }));
    const whole = await stream.finalMessage();
    assert.deepEqual(
      whole.content.map((block) => block.type),
      ['compaction', 'text'],
    );
    assert.deepEqual(
      whole.usage.iterations?.map((one) => one.type),
      ['compaction', 'message'],
    );
    assert.ok((whole.usage.iterations?.[0]?.input_tokens ?? 0) > 50_000 && whole.usage.input_tokens < 1_000);

    const next: Anthropic.Beta.BetaMessageParam[] = [
      ...messages,
      { role: 'assistant', content: whole.content },
      { role: 'user', content: 'And?' },
    ];
    const after = await line.client.beta.messages.create(body({ messages: next, betas, context_management: compact() }));
    assert.equal(after.usage.iterations, null);
    assert.ok(after.usage.input_tokens < 1_000);

    const paused = await line.client.beta.messages.create(
      body({ messages, betas, context_management: compact({ pause_after_compaction: true }) }),
    );
    assert.deepEqual([paused.stop_reason, paused.content.map((block) => block.type)], ['compaction', ['compaction']]);
  });

  it('31 compacts on request, into a block that takes the place of what it covers', async () => {
    await start([reply.text('They looked around six times.'), reply.text('Right.')]);
    const betas = ['compact-2026-09-04'];
    const summary = await line.client.beta.messages.create(body({ betas, compaction: { type: 'summarize' } }));
    const [block] = summary.content;
    assert.ok(block?.type === 'compaction');
    assert.deepEqual([summary.stop_reason, block.content, summary.usage.input_tokens], ['compaction', 'They looked around six times.', 0]);
    const messages: Anthropic.Beta.BetaMessageParam[] = [
      { role: 'assistant', content: [block] },
      { role: 'user', content: 'And now?' },
    ];
    const after = await line.client.beta.messages.create(body({ betas, messages }));
    assert.ok(after.usage.input_tokens < 100);
  });

  it('31 holds threads, each continued once, until they expire', async () => {
    await start(() => reply.text('Yes'));
    const betas = ['message-threads-2026-08-12'];
    const say = (text: string, thread: Beta['thread'], more: Partial<Beta> = {}) =>
      line.client.beta.messages.create({
        model: MODEL,
        max_tokens: 100,
        betas,
        thread,
        messages: [{ role: 'user', content: text }],
        ...more,
      });
    const first = await say('One', { type: 'create' }, { system: 'Be brief.' });
    const follow = { type: 'continue' as const, previous_message_id: first.id };
    await assert.rejects(say('Two', follow, { system: 'Be long.' }), { status: 400, errorCode: 'thread_unsupported_request' });
    const second = await say('Two', follow);
    assert.ok(second.usage.input_tokens > first.usage.input_tokens, 'the whole conversation was read');
    await assert.rejects(say('Again', follow), { status: 400, errorCode: 'thread_already_continued' });
    now += 5 * 60_000;
    await assert.rejects(say('Late', { type: 'continue', previous_message_id: second.id }), { status: 404, errorCode: 'thread_not_found' });
  });

  it('31 carries the SDK’s tool runner over threads', async () => {
    await start((request) =>
      request.turns.length === 1 ? reply.tool('look', { at: 'it' }) : reply.text(`Seen ${request.turns.length} turns`),
    );
    const seen: unknown[] = [];
    const tool = betaTool({
      name: 'look',
      description: 'Looks',
      inputSchema: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
      run: (input) => {
        seen.push(input);
        return 'a tree';
      },
    });
    const last = await line.client.beta.messages.toolRunner({
      model: MODEL,
      max_tokens: 100,
      tools: [tool],
      messages: [{ role: 'user', content: 'What is there?' }],
    });
    assert.deepEqual(seen, [{ at: 'it' }]);
    assert.equal(last.content[0]?.type === 'text' && last.content[0].text, 'Seen 3 turns');
    const [, second] = line.server.requests;
    assert.ok(JSON.stringify(second?.json.thread).includes('continue'));
    assert.equal(Array.isArray(second?.json.messages) && second.json.messages.length, 1, 'only what is new was sent');
  });

  it('31 leaves deferred tools out of the prompt until they are referred to', async () => {
    await start(() => reply.text('Done'));
    const rare = { name: 'rare', description: LONG, input_schema: { type: 'object' as const }, defer_loading: true };
    const messages: Anthropic.Beta.BetaMessageParam[] = [{ role: 'user', content: 'Go' }];
    const without = await line.client.beta.messages.create(body({ messages }));
    const deferred = await line.client.beta.messages.create(body({ messages, tools: [TOOL, rare] }));
    assert.equal(deferred.usage.input_tokens, without.usage.input_tokens);
    const loading: Anthropic.Beta.BetaMessageParam[] = [
      ...messages,
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'tool_reference', tool_name: 'rare' }] }] },
    ];
    const loaded = await line.client.beta.messages.create(body({ messages: loading, tools: [TOOL, rare] }));
    assert.ok(loaded.usage.input_tokens > 2_000);
  });
});
