import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { asking, type Line, MODEL, openLine, rawAnswer } from '../../../support/model-server/client';
import { type Hangup, type Point, reply } from '../../../support/model-server/reply';
import { times } from '../../../support/model-server/server';

const ASK: Anthropic.MessageCreateParamsNonStreaming = { model: MODEL, max_tokens: 1_000, messages: [{ role: 'user', content: 'Go' }] };
const TOOLS: Anthropic.Tool[] = [{ name: 'write', input_schema: { type: 'object' } }];

describe('the wire: what goes wrong', () => {
  let line: Line;
  const start = async (script: Parameters<typeof openLine>[0]) => {
    line = await openLine(script);
  };
  afterEach(() => line.server.close());

  const points: readonly Point[] = ['before-headers', 'after-headers', 'mid-delta', 'before-message-stop'];
  for (const at of points) {
    for (const how of ['fin', 'rst'] satisfies Hangup[]) {
      it(`26 breaks the connection ${String(at)} by ${how}`, async () => {
        await start(() => reply.text('one two three').pieces(4).disconnect(at, how));
        await assert.rejects(line.client.messages.stream(ASK).finalMessage(), Anthropic.AnthropicError);
        assert.equal(line.server.requests[0]?.aborted, false, 'it was not the client who left');
        const raw = rawAnswer(line.server, asking());
        if (how === 'rst') await assert.rejects(raw, { code: 'ECONNRESET' });
        else {
          const text = await raw;
          assert.equal(text.includes('200 OK'), at !== 'before-headers');
          assert.equal(text.includes('message_start'), at === 'mid-delta' || at === 'before-message-stop');
          assert.equal(text.includes('event: message_stop'), false);
          if (at === 'mid-delta') assert.match(text, /event: content_block_delta\ndata: \{[^\n]*$/);
        }
      });
    }
  }

  it('26 ends a stream properly but early', async () => {
    await start(() => reply.text('one two').disconnect('before-message-stop', 'eof'));
    const kinds: string[] = [];
    for await (const event of await line.client.messages.create({ ...ASK, stream: true })) kinds.push(event.type);
    assert.equal(kinds.at(-1), 'message_delta', 'the raw loop ends without a word');
    await assert.rejects(line.client.messages.stream(ASK).finalMessage(), Anthropic.AnthropicError);
  });

  it('26 sees the client leave', async () => {
    await start([reply.text('one two three').pieces(4).hold({ afterDeltas: 1 })]);
    const stream = line.client.messages.stream(ASK);
    const failed = assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    await line.server.held();
    stream.abort();
    await line.server.abandoned(1);
    await failed;
    assert.equal(line.server.requests[0]?.aborted, true);
  });

  it('27 fails in the middle of a stream', async () => {
    await start(['overloaded_error', 'api_error', 'rate_limit_error'].map((type) => reply.text('one two three').errorMidStream(type)));
    for (const type of ['overloaded_error', 'api_error', 'rate_limit_error']) {
      await assert.rejects(line.client.messages.stream(ASK).finalMessage(), (error) => {
        assert.ok(error instanceof Anthropic.APIError);
        assert.deepEqual([error.status, error.type], [undefined, type]);
        return true;
      });
    }
  });

  it('28 turns away by status, with and without the advice to come back', async () => {
    await start([
      reply.http(429, { retryAfter: 7 }),
      reply.http(529),
      reply.http(500),
      reply.http(429, { errorCode: 'enforced_spend_limit_reached', shouldRetry: false }),
    ]);
    const failures: InstanceType<typeof Anthropic.APIError>[] = [];
    for (let count = 0; count < 4; count++) {
      await line.client.messages.create(ASK).catch((error: unknown) => {
        if (error instanceof Anthropic.APIError) failures.push(error);
        else throw error;
      });
    }
    assert.deepEqual(
      failures.map((error) => [
        error.status,
        error.type,
        error.headers?.get('retry-after') ?? null,
        error.headers?.get('x-should-retry') ?? null,
      ]),
      [
        [429, 'rate_limit_error', '7', null],
        [529, 'overloaded_error', null, null],
        [500, 'api_error', null, null],
        [429, 'rate_limit_error', null, 'false'],
      ],
    );
    assert.equal(failures[0]?.headers?.get('anthropic-ratelimit-requests-remaining'), '0');
    assert.equal(failures[3]?.errorCode, 'enforced_spend_limit_reached');
  });

  it('28 fails a number of times, then succeeds', async () => {
    await start([...times(2, reply.http(529, { headers: { 'retry-after-ms': '1' } })), reply.text('At last')]);
    const patient = line.client.withOptions({ maxRetries: 2 });
    const message = await patient.messages.create(ASK);
    assert.deepEqual(
      [message.content[0]?.type === 'text' && message.content[0].text, line.server.requests.map((request) => request.status)],
      ['At last', [529, 529, 200]],
    );
    assert.deepEqual(
      line.server.requests.map((request) => request.headers['x-stainless-retry-count']),
      ['0', '1', '2'],
    );
  });

  it('29 stops for every reason', async () => {
    await start([
      reply.tool('write', { text: 'a long text to be cut' }).cutInsideToolJson(),
      reply.text('I can').refusal('cyber', 'Not this.'),
      reply.empty.refusal(),
      reply.text('Searching').stop('pause_turn'),
      reply.text('one STOP two'),
      reply.empty,
      reply.text('word '.repeat(500)),
      reply.tool('write', { text: 'word '.repeat(500) }),
    ]);
    const next = (more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
      line.client.messages.stream({ ...ASK, tools: TOOLS, ...more });
    const cut = next();
    let json = '';
    cut.on('streamEvent', (event) => {
      if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') json += event.delta.partial_json;
    });
    assert.equal((await cut.finalMessage()).stop_reason, 'max_tokens');
    assert.throws(() => JSON.parse(json), SyntaxError);

    const refused = await next().finalMessage();
    assert.deepEqual([refused.stop_reason, refused.content.length], ['refusal', 1]);
    assert.deepEqual(refused.stop_details, { type: 'refusal', category: 'cyber', explanation: 'Not this.' });
    const nothing = await next().finalMessage();
    assert.deepEqual([nothing.stop_reason, nothing.content], ['refusal', []]);
    assert.equal((await next().finalMessage()).stop_reason, 'pause_turn');
    const stopped = await next({ stop_sequences: ['never', 'STOP'] }).finalMessage();
    assert.deepEqual([stopped.stop_reason, stopped.stop_sequence], ['stop_sequence', 'STOP']);
    assert.equal(stopped.content[0]?.type === 'text' && stopped.content[0].text, 'one ');
    const empty = await next().finalMessage();
    assert.deepEqual([empty.stop_reason, empty.content], ['end_turn', []]);
    const long = await next({ max_tokens: 20 }).finalMessage();
    assert.deepEqual([long.stop_reason, long.usage.output_tokens], ['max_tokens', 20]);
    assert.equal((await next({ max_tokens: 20 }).finalMessage()).stop_reason, 'max_tokens');
    line.server.assertDone();
  });
});
