import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { asking, HEADERS, type Line, MODEL, openLine, rawAnswer } from '../../../support/model-server/client';
import { type Chunks, reply } from '../../../support/model-server/reply';

const ASK: Anthropic.MessageCreateParamsNonStreaming = { model: MODEL, max_tokens: 1_000, messages: [{ role: 'user', content: 'Go' }] };
const TOOLS: Anthropic.Tool[] = [{ name: 'write', input_schema: { type: 'object' } }];
const MIXED = 'Grüße aus Köln 🎈 — «ça va» ';

/** Events of a raw answer: names as the `event:` lines give them, data parsed. */
function eventsIn(raw: string): { name: string; data: { type: string } }[] {
  return [...raw.matchAll(/event: (\w+)\r?\ndata: (.*?)\r?\n\r?\n/g)].map(([, name = '', data = '']) => ({ name, data: JSON.parse(data) }));
}

describe('the wire: messages and their streams', () => {
  let line: Line;
  const start = async (script: Parameters<typeof openLine>[0]) => {
    line = await openLine(script);
  };
  afterEach(() => line.server.close());

  it('21 gives every key of a message, and cumulative usage at the end', async () => {
    await start(() => reply.thinking('Hm.').text('Hello there'));
    const whole = await line.client.messages.create(ASK);
    assert.deepEqual(Object.keys(whole).sort(), [
      'container', 'content', 'diagnostics', 'id', 'model', 'role', 'stop_details', 'stop_reason', 'stop_sequence', 'type', 'usage',
    ]); // biome-ignore format: one list
    assert.deepEqual(Object.keys(whole.usage).sort(), [
      'cache_creation', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'inference_geo', 'input_tokens', 'output_tokens',
      'output_tokens_details', 'server_tool_use', 'service_tier', 'speed',
    ]); // biome-ignore format: one list
    assert.ok((whole.usage.output_tokens_details?.thinking_tokens ?? 0) > 0);
    assert.ok(whole.usage.output_tokens > (whole.usage.output_tokens_details?.thinking_tokens ?? 0));

    const events: Anthropic.MessageStreamEvent[] = [];
    for await (const event of await line.client.messages.create({ ...ASK, stream: true })) events.push(event);
    const [first] = events;
    const delta = events.find((event) => event.type === 'message_delta');
    assert.ok(first?.type === 'message_start' && delta);
    assert.deepEqual([first.message.content, first.message.stop_reason, first.message.usage.output_tokens], [[], null, 1]);
    assert.equal(delta.usage.output_tokens, whole.usage.output_tokens);
    assert.equal(delta.usage.input_tokens, first.message.usage.input_tokens);
    assert.equal(events.at(-1)?.type, 'message_stop');
    assert.deepEqual((await line.client.messages.stream(ASK).finalMessage()).usage.output_tokens, whole.usage.output_tokens);
  });

  it('22 streams calls: empty input first, no arguments, several at once, text before', async () => {
    await start(() => reply.text('Two calls.').tool('write').tool('write', { path: 'a.ts', text: 'x' }));
    const events: Anthropic.MessageStreamEvent[] = [];
    const stream = line.client.messages.stream({ ...ASK, tools: TOOLS });
    for await (const event of stream) events.push(event);
    const starts = events.flatMap((event) => (event.type === 'content_block_start' ? [event] : []));
    assert.deepEqual(
      starts.map((event) => [event.index, event.content_block.type]),
      [
        [0, 'text'],
        [1, 'tool_use'],
        [2, 'tool_use'],
      ],
    );
    assert.ok(starts.every(({ content_block: block }) => block.type !== 'tool_use' || Object.keys(block.input ?? {}).length === 0));
    const partials = (index: number) =>
      events.flatMap((event) =>
        event.type === 'content_block_delta' && event.index === index && event.delta.type === 'input_json_delta'
          ? [event.delta.partial_json]
          : [],
      );
    assert.deepEqual(partials(1), ['']);
    assert.deepEqual(partials(2), ['', '{"path":"a.ts"', ',"text":"x"}']);
    const message = await stream.finalMessage();
    assert.equal(message.stop_reason, 'tool_use');
    assert.deepEqual(
      message.content.map((block) => (block.type === 'tool_use' ? block.input : 'text')),
      ['text', {}, { path: 'a.ts', text: 'x' }],
    );
    const ids = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    assert.equal(new Set(ids).size, 2);
  });

  for (const mode of ['events', 'bytes', 'utf8-split', 'json-split', 'escape-split', 'one-write', 'crlf', 'gzip'] satisfies Chunks[]) {
    it(`23 says the same however it is cut: ${mode}`, async () => {
      await start(() =>
        reply
          .text(MIXED)
          .tool('write', { text: MIXED, list: [1, { deep: true }] })
          .chunks(mode),
      );
      const message = await line.client.messages.stream({ ...ASK, tools: TOOLS }).finalMessage();
      assert.deepEqual(
        message.content.map((block) => (block.type === 'text' ? block.text : block.type === 'tool_use' ? block.input : '')),
        [MIXED, { text: MIXED, list: [1, { deep: true }] }],
      );
    });
  }

  it('23 cuts where it says', async () => {
    const saying = reply.text(MIXED).tool('write', { text: 'é' });
    await start([
      saying.chunks('bytes'),
      saying.chunks('utf8-split'),
      saying.chunks('crlf'),
      saying.chunks('escape-split'),
      saying.chunks('one-write'),
    ]);
    const chunksOf = async () => {
      const response = await fetch(`${line.server.url}/v1/messages`, {
        method: 'POST',
        headers: HEADERS,
        body: JSON.stringify({ ...asking(), stream: true, tools: TOOLS, max_tokens: 500 }),
      });
      const chunks: Buffer[] = [];
      for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk));
      return chunks;
    };
    const bytes = await chunksOf();
    assert.ok(bytes.filter((chunk) => chunk.length === 1).length > bytes.length / 2);
    const cut = await chunksOf();
    assert.ok(
      cut.some((chunk) => Buffer.from(chunk.toString('utf8')).compare(chunk) !== 0),
      'a chunk ends inside a character',
    );
    assert.match(Buffer.concat(await chunksOf()).toString('utf8'), /event: message_start\r\ndata: .*\r\n\r\n/);
    const partials = eventsIn(Buffer.concat(await chunksOf()).toString('utf8')).flatMap(({ data }) =>
      'delta' in data && JSON.stringify(data.delta).includes('partial_json') ? [JSON.parse(JSON.stringify(data.delta)).partial_json] : [],
    );
    assert.ok(partials.join('').includes('\\u00e9') && partials.every((part) => part.length <= 1), 'the escape itself is cut');
    assert.ok((await chunksOf()).length <= 2);
  });

  it('24 adds pings and unknown events that a client must ignore', async () => {
    const noisy = reply.text(MIXED).pings().unknownEvents();
    await start([noisy, noisy, reply.text('Quiet').stall({ afterDeltas: 1 }, { pings: 3 })]);
    assert.equal(await line.client.messages.stream(ASK).finalText(), MIXED);
    const events = eventsIn(await rawAnswer(line.server, asking()));
    const names = events.map(({ name }) => name);
    assert.ok(names.filter((name) => name === 'ping').length > 4 && names[0] === 'ping' && names.includes('weather_report'));
    assert.ok(events.every(({ name, data }) => data.type === name));

    const stream = line.client.messages.stream(ASK);
    const failed = assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    await line.server.stalled();
    stream.abort();
    await failed;
  });

  it('25 comes late, slowly, or not at all, and thinks in silence', async () => {
    await start([
      reply.text('Late').hold('before-headers'),
      reply.text('one two three').pieces(4).hold({ afterDeltas: 1 }).hold({ afterDeltas: 2 }),
      reply.thinking('Long thoughts').text('Short answer').hold({ afterEvents: 2 }),
      reply.text('slow').slow({ firstByte: 1, delta: 1 }),
      reply.text('Never').stall('before-headers'),
    ]);
    let connected = false;
    const late = line.client.messages.stream(ASK).on('connect', () => {
      connected = true;
    });
    await line.server.held();
    assert.equal(connected, false);
    line.server.release();
    assert.equal(await late.finalText(), 'Late');

    const slow = line.client.messages.stream(ASK);
    const seen: string[] = [];
    slow.on('text', (delta) => seen.push(delta));
    for (let count = 0; count < 2; count++) {
      await line.server.held();
      line.server.release();
    }
    await slow.finalMessage();
    assert.deepEqual(seen, ['one ', 'two ', 'thre', 'e']);

    const silent = line.client.messages.stream(ASK);
    const kinds: string[] = [];
    silent.on('streamEvent', (event) => kinds.push(event.type === 'content_block_delta' ? event.delta.type : event.type));
    await line.server.held();
    line.server.release();
    await silent.finalMessage();
    assert.ok(!kinds.includes('thinking_delta') && kinds.includes('signature_delta'));
    assert.equal(await line.client.messages.stream(ASK).finalText(), 'slow');

    const never = line.client.messages.stream(ASK);
    const failed = assert.rejects(never.finalMessage(), Anthropic.APIUserAbortError);
    await line.server.stalled();
    never.abort();
    await line.server.abandoned(5);
    await failed;
  });
});
