import assert from 'node:assert/strict';
import { ModelError } from '../../../src/core/errors';
import type { ModelChunk } from '../../../src/core/ports';
import { readStream } from '../../../src/model/stream';
import { blockStart, blockStop, collect, delta, end, type RawEvent, START, STOP, textBlock, toolBlock } from './server';

async function* from(events: readonly unknown[]): AsyncGenerator<unknown> {
  yield* events;
}
const read = (...events: unknown[]) => collect(readStream(from(events)));
const finished = (chunks: readonly ModelChunk[]) => {
  const last = chunks.at(-1);
  assert.equal(last?.type, 'finished');
  return last as Extract<ModelChunk, { type: 'finished' }>;
};
const withTool = async (...pieces: string[]) => finished(await read(START, ...toolBlock(0, ...pieces), end('tool_use'), STOP)).blocks[0];
const TOOL = { type: 'tool_use', id: 'toolu_0', name: 'grep', caller: { type: 'direct' } };

describe('readStream', () => {
  it('yields started, deltas, whole blocks and finished, in that order', async () => {
    const chunks = await read(START, ...textBlock(0, 'Hel', 'lo'), ...toolBlock(1, '', '{"pattern":', '"x"}'), end('tool_use'), STOP);
    assert.deepEqual(chunks, [
      { type: 'started', usage: { input: 12, output: 1, cacheRead: 5, cacheWrite: 0 } },
      { type: 'delta', of: 'text', index: 0, text: 'Hel' },
      { type: 'delta', of: 'text', index: 0, text: 'lo' },
      { type: 'block', index: 0, block: { type: 'text', text: 'Hello', citations: null } },
      { type: 'delta', of: 'tool_input', index: 1, text: '', tool: 'grep', callId: 'toolu_1' },
      { type: 'delta', of: 'tool_input', index: 1, text: '{"pattern":', tool: 'grep', callId: 'toolu_1' },
      { type: 'delta', of: 'tool_input', index: 1, text: '"x"}', tool: 'grep', callId: 'toolu_1' },
      { type: 'block', index: 1, block: { ...TOOL, id: 'toolu_1', input: { pattern: 'x' } } },
      {
        type: 'finished',
        blocks: [
          { type: 'text', text: 'Hello', citations: null },
          { ...TOOL, id: 'toolu_1', input: { pattern: 'x' } },
        ],
        stop: 'tool_use',
        usage: { input: 12, output: 9, cacheRead: 5, cacheWrite: 0 },
        model: 'some-model',
      },
    ]);
  });

  it('keeps signed thinking and every key that it does not know', async () => {
    const citation = { type: 'char_location', cited_text: 'x' };
    const chunks = await read(
      START,
      blockStart(0, { type: 'thinking', thinking: '', signature: '', novelty: 7 }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'sig==' }),
      blockStop(0),
      blockStart(1, { type: 'redacted_thinking', data: 'abc' }),
      blockStop(1),
      blockStart(2, { type: 'text', text: '', citations: null }),
      delta(2, { type: 'text_delta', text: 'so' }),
      delta(2, { type: 'citations_delta', citation }),
      blockStop(2),
      end('end_turn'),
      STOP,
    );
    assert.deepEqual(finished(chunks).blocks, [
      { type: 'thinking', thinking: 'hm', signature: 'sig==', novelty: 7 },
      { type: 'redacted_thinking', data: 'abc' },
      { type: 'text', text: 'so', citations: [citation] },
    ]);
  });

  it('carries block types that it does not know, and passes over unknown events and deltas', async () => {
    const chunks = await read(
      START,
      { type: 'weather_report', sunny: true },
      blockStart(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"a"}' }),
      delta(0, { type: 'never_heard_of' }),
      blockStop(0),
      blockStart(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
      blockStop(1),
      blockStart(2, { type: 'verse', metre: 'free', text: 'O' }),
      delta(2, { type: 'text_delta', text: ' my' }),
      blockStop(2),
      end('end_turn'),
      STOP,
    );
    assert.deepEqual(finished(chunks).blocks, [
      { type: 'other', raw: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'a' } } },
      { type: 'other', raw: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] } },
      { type: 'other', raw: { type: 'verse', metre: 'free', text: 'O my' } },
    ]);
    assert.equal(chunks.filter((chunk) => chunk.type === 'delta').length, 1);
  });

  it('keeps blocks apart that are written at the same time, in the order in which they began', async () => {
    const [begin1, a1, b1, stop1] = toolBlock(1, '{"a":', '1}');
    const [begin2, a2, b2, stop2] = toolBlock(2, '{"b":', '2}');
    const chunks = await read(START, begin1, begin2, a2, a1, b2, stop2, b1, stop1, end('tool_use'), STOP);
    assert.deepEqual(
      finished(chunks).blocks.map((block) => block.type === 'tool_use' && [block.id, block.input]),
      [
        ['toolu_1', { a: 1 }],
        ['toolu_2', { b: 2 }],
      ],
    );
  });

  it('does without what can be done without: indexes, counts that are no numbers, empty envelopes', async () => {
    const bare = (event: RawEvent) => {
      const { index: _index, ...rest } = event;
      return rest;
    };
    const chunks = await read(
      { type: 'message_start' },
      ...textBlock(0, 'a').map(bare),
      ...toolBlock(1, '{}').map(bare),
      { type: 'message_delta', usage: { output_tokens: 'many' } },
      STOP,
    );
    assert.deepEqual(
      finished(chunks).blocks.map((block) => block.type),
      ['text', 'tool_use'],
    );
    assert.equal(finished(chunks).stop, 'tool_use');
  });

  it('ends no block by the end of another that comes late', async () => {
    const [start, piece, stop] = textBlock(0, 'a');
    const chunks = await read(
      START,
      start,
      piece,
      ...toolBlock(1, '{"a":', '1}').flatMap((e, i) => (i === 0 ? [e, stop] : [e])),
      end('tool_use'),
      STOP,
    );
    assert.deepEqual(
      finished(chunks).blocks.map((block) => block.type),
      ['text', 'tool_use'],
    );
    assert.deepEqual(finished(chunks).blocks[1], {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'grep',
      caller: { type: 'direct' },
      input: { a: 1 },
    });
  });

  it('parses tool input at the end of the block, wherever the pieces were cut', async () => {
    const input = { text: 'a "quoted" \u00e9\u{1F600} line\n', nested: { list: [1, null, true] } };
    const text = JSON.stringify(input).replace('\u00e9', '\\u00e9');
    for (let cut = 0; cut <= text.length; cut += 1) {
      assert.deepEqual(await withTool(text.slice(0, cut), text.slice(cut)), { ...TOOL, input });
    }
    assert.deepEqual(await withTool(...text), { ...TOOL, input });
  });

  it('takes no input, and input given whole at the start, as they are meant', async () => {
    assert.deepEqual(await withTool(), { ...TOOL, input: {} });
    assert.deepEqual(await withTool(''), { ...TOOL, input: {} });
    const whole = { ...TOOL, input: { pattern: 'y' } };
    const chunks = await read(START, blockStart(0, whole), blockStop(0), end('tool_use'), STOP);
    assert.deepEqual(finished(chunks).blocks, [whole]);
  });

  for (const raw of ['{"path": "a', '[1]', '"text"', 'null', '{broken}']) {
    it(`keeps input that is no JSON object as text: ${raw}`, async () => {
      assert.deepEqual(await withTool(raw), { ...TOOL, input: {}, malformed: raw });
    });
  }

  for (const stop of ['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'model_context_window_exceeded', 'brand_new']) {
    it(`hands on the stop reason ${stop}`, async () => {
      assert.equal(finished(await read(START, ...textBlock(0, 'x'), end(stop), STOP)).stop, stop);
    });
  }

  it('says why the model refused, with or without words', async () => {
    const refusal = async (details: unknown) =>
      finished(await read(START, end('refusal', { stop_details: details } as Record<string, unknown>), STOP)).refusal;
    assert.equal(await refusal({ type: 'refusal', category: 'cyber', explanation: 'Not this.' }), 'Not this.');
    assert.equal(await refusal({ type: 'refusal', category: 'cyber', explanation: null }), 'cyber');
    assert.equal(await refusal(null), undefined);
  });

  it('concludes the stop reason and unended blocks where a server leaves them out', async () => {
    const chunks = await read(START, ...textBlock(0, 'a').slice(0, 2), ...toolBlock(1, '{}').slice(0, 2), STOP);
    assert.equal(finished(chunks).stop, 'tool_use');
    assert.deepEqual(
      finished(chunks).blocks.map((block) => block.type),
      ['text', 'tool_use'],
    );
  });

  it('takes counts as cumulative, and what a later report leaves out as unchanged', async () => {
    const report: RawEvent = { type: 'message_delta', delta: {}, usage: { output_tokens: 4, cache_creation_input_tokens: 3 } };
    assert.deepEqual(finished(await read(START, report, end('end_turn'), STOP)).usage, {
      input: 12,
      output: 9,
      cacheRead: 5,
      cacheWrite: 3,
    });
  });

  it('calls a stream that ends without message_stop cut, however far it came', async () => {
    const whole = [START, ...textBlock(0, 'a'), end('end_turn')];
    for (let kept = 0; kept <= whole.length; kept += 1) {
      await assert.rejects(
        read(...whole.slice(0, kept)),
        (error) => error instanceof ModelError && error.kind === 'network' && error.options.retryable,
      );
    }
  });

  it('does not guess at a stream that breaks the format', async () => {
    const broken: readonly (readonly unknown[])[] = [
      [{ type: 'message_stop' }],
      [START, { type: 'content_block_start', index: 0 }],
      [START, delta(3, { type: 'text_delta', text: 'x' })],
    ];
    for (const events of broken) await assert.rejects(read(...events), (error) => error instanceof ModelError && error.kind === 'protocol');
  });
});
