import assert from 'node:assert/strict';
import { isAbort, ModelError, type ModelErrorKind } from '../../../src/core/errors';
import type { ModelChunk, ModelClient, ModelMessage, ModelRequest } from '../../../src/core/ports';
import { type Chunks, type Hangup, type Point, reply } from '../../support/model-server/reply';
import type { ModelServer, Script } from '../../support/model-server/server';

/** What every `ModelClient` has to keep, whatever service it stands on. */
export type ModelService = { readonly client: ModelClient; readonly server: ModelServer; close(): Promise<void> };

const CHUNKS: readonly Chunks[] = ['events', 'bytes', 'utf8-split', 'json-split', 'escape-split', 'one-write', 'crlf', 'gzip'];
const POINTS: readonly Point[] = ['before-headers', 'after-headers', 'mid-delta', 'before-message-stop', { afterDeltas: 1 }];
const HANGUPS: readonly Hangup[] = ['eof', 'fin', 'rst'];
const TOOL = { name: 'grep', description: 'Searches.', inputSchema: { type: 'object', properties: { pattern: { type: 'string' } } } };

export function modelClientContract(name: string, model: string, start: (script: Script) => Promise<ModelService>): void {
  const request = (messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest => ({
    model,
    maxTokens: 4000,
    tools: [TOOL],
    system: [{ text: 'You are a test.', mark: true }],
    messages,
    effort: 'default',
    idleTimeoutMs: 10_000,
    ...more,
  });
  const hello: ModelMessage = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };
  const never = new AbortController().signal;

  async function on(script: Script, use: (service: ModelService) => Promise<void>): Promise<void> {
    const service = await start(script);
    try {
      await use(service);
    } finally {
      await service.close();
    }
  }
  const read = async (client: ModelClient, more: Partial<ModelRequest> = {}, messages: readonly ModelMessage[] = [hello]) => {
    const chunks: ModelChunk[] = [];
    for await (const chunk of client.stream(request(messages, more), never)) chunks.push(chunk);
    return chunks;
  };
  const end = (chunks: readonly ModelChunk[]) => {
    const last = chunks.at(-1);
    assert.ok(last?.type === 'finished', 'the last chunk is the end');
    return last;
  };
  const failure = async (client: ModelClient, more: Partial<ModelRequest> = {}): Promise<ModelError> => {
    try {
      await read(client, more);
    } catch (error) {
      assert.ok(error instanceof ModelError, `throws ModelError only, not ${String(error)}`);
      assert.match(error.options.next, /\w{4}/, 'says what to do next');
      return error;
    }
    return assert.fail('the request should have failed');
  };

  describe(`ModelClient: ${name}`, () => {
    it('gives the beginning, deltas that add up to the blocks, and the end', async () => {
      await on([reply.text('Some words, and more of them.').tool('grep', { pattern: 'x' }, 'toolu_1')], async ({ client }) => {
        const chunks = await read(client);
        const last = end(chunks);
        assert.equal(chunks[0]?.type, 'started');
        assert.deepEqual(
          chunks.flatMap((chunk) => (chunk.type === 'block' ? [chunk.block] : [])),
          last.blocks,
        );
        const deltas = (of: string) => chunks.map((chunk) => (chunk.type === 'delta' && chunk.of === of ? chunk.text : '')).join('');
        assert.equal(deltas('text'), 'Some words, and more of them.');
        assert.deepEqual(JSON.parse(deltas('tool_input')), { pattern: 'x' });
        assert.deepEqual(
          last.blocks.map((block) =>
            block.type === 'text' ? block.text : block.type === 'tool_use' ? [block.id, block.name, block.input] : block,
          ),
          ['Some words, and more of them.', ['toolu_1', 'grep', { pattern: 'x' }]],
        );
        assert.deepEqual([last.stop, last.model], ['tool_use', model]);
        assert.ok(last.usage.output > 0 && last.usage.input + last.usage.cacheWrite > 0);
      });
    });

    for (const chunks of CHUNKS) {
      it(`reads the same reply whatever way its bytes are cut: ${chunks}`, async () => {
        const scripted = reply
          .text('d\u00e9j\u00e0 vu \u{1F600}')
          .tool('grep', { pattern: '"\u00e9\u{1F600}\\' })
          .pings()
          .unknownEvents()
          .chunks(chunks);
        await on([scripted], async ({ client }) => {
          assert.deepEqual(
            end(await read(client)).blocks.map((block) =>
              block.type === 'text' ? block.text : block.type === 'tool_use' ? block.input : block,
            ),
            ['d\u00e9j\u00e0 vu \u{1F600}', { pattern: '"\u00e9\u{1F600}\\' }],
          );
        });
      });
    }

    for (const at of POINTS) {
      for (const how of HANGUPS) {
        if (at === 'before-headers' && how === 'eof') continue;
        it(`calls a reply cut that ends by ${how} ${JSON.stringify(at)}`, async () => {
          await on([reply.text('Some words.').disconnect(at, how)], async ({ client, server }) => {
            const { kind, options } = await failure(client);
            assert.deepEqual([kind, options.retryable], ['network', true]);
            assert.equal(server.requests.length, 1, 'one attempt, no retries');
          });
        });
      }
    }

    it('calls silence what it is, before the answer and in the middle of it', async () => {
      for (const [at, kinds] of [
        ['before-headers', ['timeout', 'stalled']],
        ['mid-delta', ['stalled']],
      ] as const) {
        await on([reply.text('Some words.').stall(at)], async ({ client, server }) => {
          const { kind, options } = await failure(client, { idleTimeoutMs: 1500 });
          assert.ok((kinds as readonly string[]).includes(kind) && options.retryable, kind);
          await server.abandoned(1);
        });
      }
    });

    it('ends with an AbortError soon after the signal fires, and leaves the service', async () => {
      for (const at of ['before-headers', 'mid-delta'] as const) {
        await on([reply.text('Some words.').hold(at)], async ({ client, server }) => {
          const controller = new AbortController();
          const reading = (async () => {
            for await (const chunk of client.stream(request([hello]), controller.signal)) void chunk;
          })();
          await server.held();
          controller.abort();
          await assert.rejects(reading, (error: unknown) => isAbort(error));
          await server.abandoned(1);
        });
      }
      await on([], async ({ client }) => {
        for (const work of [client.models, client.profile.bind(null, model)] as const) {
          await assert.rejects((work as (signal: AbortSignal) => Promise<unknown>)(AbortSignal.abort()), (error: unknown) =>
            isAbort(error),
          );
        }
      });
    });

    const stops = ['end_turn', 'pause_turn', 'model_context_window_exceeded', 'max_tokens'] as const;
    for (const stop of stops) {
      it(`hands on the stop reason ${stop}`, async () => {
        await on([reply.text('x').stop(stop)], async ({ client }) => assert.equal(end(await read(client)).stop, stop));
      });
    }

    it('hands on a refusal with its reason, an empty reply, and a call that was cut', async () => {
      await on(
        [reply.refusal('cyber', 'Not this.'), reply.empty, reply.tool('grep', { pattern: 'a long pattern' }).cutInsideToolJson()],
        async ({ client }) => {
          const refused = end(await read(client));
          assert.deepEqual([refused.stop, refused.refusal], ['refusal', 'Not this.']);
          assert.deepEqual(end(await read(client)).blocks, []);
          const cut = end(await read(client));
          assert.equal(cut.stop, 'max_tokens');
          const [block] = cut.blocks;
          assert.ok(block?.type === 'tool_use' && block.malformed && Object.keys(block.input).length === 0, 'a half input is no input');
        },
      );
    });

    const errors: readonly (readonly [number, ModelErrorKind, boolean])[] = [
      [400, 'invalid', false],
      [401, 'auth', false],
      [402, 'billing', false],
      [403, 'auth', false],
      [413, 'too_large', false],
      [429, 'rate_limit', true],
      [500, 'server', true],
      [504, 'timeout', true],
      [529, 'overloaded', true],
    ];
    for (const [status, kind, retryable] of errors) {
      it(`makes ${kind} of ${status}`, async () => {
        await on([reply.http(status, { retryAfter: status === 429 ? 3 : undefined })], async ({ client }) => {
          const error = await failure(client);
          assert.deepEqual([error.kind, error.options.retryable, error.options.status], [kind, retryable, status]);
          assert.equal(error.options.retryAfterMs, status === 429 ? 3000 : undefined);
        });
      });
    }

    it('takes a spend limit for what it is, and an error in the middle of the stream too', async () => {
      await on(
        [reply.http(429, { errorCode: 'enforced_spend_limit_reached' }), reply.text('Some words.').errorMidStream('overloaded_error')],
        async ({ client }) => {
          const spent = await failure(client);
          assert.deepEqual([spent.kind, spent.options.retryable], ['billing', false]);
          const overloaded = await failure(client);
          assert.deepEqual([overloaded.kind, overloaded.options.retryable], ['overloaded', true]);
        },
      );
    });

    it('says which model is not known', async () => {
      await on([], async ({ client }) => {
        const error = await failure(client, { model: 'no-such-model' });
        assert.equal(error.kind, 'not_found');
        assert.match(error.message, /no-such-model/);
      });
    });

    it('knows a profile for every id, and always has models to offer', async () => {
      await on([], async ({ client }) => {
        const profile = await client.profile(model, never);
        assert.ok(profile.contextWindow > 1000 && profile.maxOutput > 1000);
        assert.equal((await client.profile('no-such-model', never)).source, 'guess');
        assert.ok((await client.models(never)).length > 0);
      });
    });

    it('counts tokens, exactly or by estimate', async () => {
      await on([], async ({ client }) => {
        const short = await client.countTokens(request([hello]), never);
        const long = await client.countTokens(request([{ role: 'user', content: [{ type: 'text', text: 'word '.repeat(2000) }] }]), never);
        assert.ok(short > 0 && long > short + 1000, `${short} ${long}`);
      });
    });

    it('sends a conversation back so that the service takes it: thinking signed, results paired, the prefix cached', async () => {
      const words = 'A long enough beginning for the cache. '.repeat(900);
      await on(
        [
          reply
            .thinking('Hm.')
            .text('I look.')
            .tools([
              { name: 'grep', id: 'toolu_a' },
              { name: 'grep', id: 'toolu_b' },
            ]),
          reply.text('Done.'),
        ],
        async ({ client, server }) => {
          const first: ModelMessage = { role: 'user', content: [{ type: 'text', text: words, mark: true }] };
          const { blocks, usage } = end(await read(client, {}, [first]));
          const logged = JSON.parse(JSON.stringify(blocks)) as typeof blocks;
          const results: ModelMessage = {
            role: 'user',
            content: [
              { type: 'tool_result', callId: 'toolu_a', content: [{ type: 'text', text: 'hit' }], isError: false },
              { type: 'tool_result', callId: 'toolu_b', content: [{ type: 'text', text: '' }], isError: true, mark: true },
            ],
          };
          const second = end(await read(client, {}, [first, { role: 'assistant', content: logged }, results]));
          assert.deepEqual(
            server.requests.map(({ status }) => status),
            [200, 200],
          );
          assert.equal(second.stop, 'end_turn');
          assert.ok(usage.cacheWrite > 1000, 'the first request wrote the cache');
          assert.ok(second.usage.cacheRead >= usage.cacheWrite, 'the second found it');
          server.assertDone();
        },
      );
    });
  });
}
