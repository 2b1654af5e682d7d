import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { lastToolResults } from '../../../src/demo/wire/request';
import { assertPrefixes, prefixBreak } from '../../support/model-server/prefix';
import { reply } from '../../support/model-server/reply';
import { fromJson } from '../../support/model-server/script-file';
import { type ModelServer, type Script, startModelServer, times, when } from '../../support/model-server/server';

const MODEL = 'claude-opus-5-5';
const TOOLS: Anthropic.Tool[] = [{ name: 'read_file', input_schema: { type: 'object', properties: { path: { type: 'string' } } } }];

describe('the scripted model server', () => {
  let server: ModelServer;
  let client: Anthropic;
  const start = async (script: Script) => {
    server = await startModelServer(script);
    client = new Anthropic({ apiKey: 'test', baseURL: server.url, maxRetries: 0 });
  };
  const ask = (text: string, more: Partial<Anthropic.MessageStreamParams> = {}) =>
    client.messages.stream({ model: MODEL, max_tokens: 1000, messages: [{ role: 'user', content: text }], ...more });

  afterEach(() => server.close());

  it('answers a conversation step by step, reacting to what it was sent', async () => {
    await start([
      reply.text('Let me look.').tool('read_file', { path: 'a.ts' }),
      (request) => reply.text(`It says: ${lastToolResults(request)[0]?.text}`),
    ]);
    const first = await ask('What is in a.ts?', { tools: TOOLS }).finalMessage();
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    assert.deepEqual(call?.input, { path: 'a.ts' });

    const second = await client.messages
      .stream({
        model: MODEL,
        max_tokens: 1000,
        tools: TOOLS,
        messages: [
          { role: 'user', content: 'What is in a.ts?' },
          { role: 'assistant', content: first.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'export {}' }] },
        ],
      })
      .finalText();
    assert.equal(second, 'It says: export {}');
    server.assertDone();
  });

  it('fails loudly when the script runs out', async () => {
    await start([]);
    await assert.rejects(ask('Anything?').finalMessage(), /no reply left for request 1 \(the user said: Anything\?\)/);
    assert.equal(server.failures.length, 1);
    assert.throws(() => server.assertDone(), /no reply left/);
  });

  it('tells when steps were left over', async () => {
    await start([reply.text('never asked for')]);
    assert.throws(() => server.assertDone(), /1 replies that nobody asked for/);
  });

  it('records headers, bytes and the parsed body', async () => {
    await start(() => reply.text('ok'));
    await ask('Grüße').finalMessage();
    const [request] = server.requests;
    assert.equal(request?.headers.authorization, 'Bearer test');
    assert.equal(request?.json.model, MODEL);
    assert.ok(request?.body.includes('Grüße'));
    assert.equal(request?.status, 200);
  });

  it('holds a reply until the test releases it', async () => {
    await start([reply.text('one two three four').pieces(4).hold({ afterDeltas: 2 })]);
    const stream = ask('Count');
    let seen = '';
    stream.on('text', (delta) => {
      seen += delta;
    });
    await server.held();
    server.release();
    await stream.finalMessage();
    assert.equal(seen, 'one two three four');
  });

  it('sees the client leave a stalled answer', async () => {
    await start([reply.text('forever').stall({ afterDeltas: 1 })]);
    const stream = ask('Hang');
    const failed = assert.rejects(stream.finalMessage());
    await server.stalled();
    stream.abort();
    await server.abandoned(1);
    await failed;
    assert.equal(server.requests[0]?.aborted, true);
  });

  it('keeps conditional steps for the requests that they are meant for', async () => {
    await start([
      when((request) => JSON.stringify(request.params).includes('title'), reply.text('A title')),
      ...times(2, reply.text('Hi')),
    ]);
    assert.equal(await ask('Hello').finalText(), 'Hi');
    assert.equal(await ask('Make a title').finalText(), 'A title');
    assert.equal(await ask('Hello').finalText(), 'Hi');
    server.assertDone();
  });
});

describe('a script as JSON', () => {
  it('makes the replies it describes', async () => {
    const server = await startModelServer(fromJson([{ http: 500, times: 1 }, { text: 'Made it' }]));
    try {
      const client = new Anthropic({ apiKey: 'test', baseURL: server.url, maxRetries: 1 });
      const message = await client.messages.create({ model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'Go' }] });
      assert.deepEqual(
        message.content.map((block) => block.type === 'text' && block.text),
        ['Made it'],
      );
      assert.equal(server.requests.length, 2);
    } finally {
      await server.close();
    }
  });

  it('names what does not fit', () => {
    assert.throws(() => fromJson([{ texts: 'typo' }]), /The script does not fit/);
  });
});

describe('prefixes of recorded requests', () => {
  const request = (system: string, ...texts: string[]) => ({
    json: { system, messages: texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })) },
  });

  it('accepts a conversation that only grows, cache marks aside', () => {
    const marked = {
      json: { system: 's', messages: [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] }] },
    };
    assertPrefixes([marked, request('s', 'a', 'b', 'c'), request('s', 'a', 'b', 'c', 'd')]);
  });

  it('names what changed in one that does not', () => {
    assert.throws(() => assertPrefixes([request('s', 'a'), request('t', 'a', 'b')]), /Request 2 .* request 1: system\.0 changed/);
    assert.throws(
      () => assertPrefixes([request('s', 'a'), request('s', 'x')]),
      /messages\.0\.content\.0 changed from user .*"a".* to user .*"x"/,
    );
    assert.equal(prefixBreak({ tools: [{ name: 'a' }] }, { tools: [] }), 'the number of tools or system blocks changed');
  });
});
