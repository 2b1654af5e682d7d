import assert from 'node:assert/strict';
import { ModelError } from '../../../src/core/errors';
import { createModelClient, estimateTokens } from '../../../src/model/client';
import {
  apiError,
  blockStop,
  collect,
  end,
  type Handler,
  json,
  never,
  requestOf,
  START,
  STOP,
  sse,
  startServer,
  textBlock,
  toolBlock,
} from './server';

const streaming = { 'content-type': 'text/event-stream' };

/** A service without a model list, as local servers are; `messages` answers the rest. */
async function withService(messages: Handler, use: (server: Awaited<ReturnType<typeof startServer>>) => Promise<void>): Promise<void> {
  const server = await startServer((response, seen) =>
    seen.path.startsWith('/v1/models') ? json(response, 404, {}) : messages(response, seen),
  );
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

const kindOf = (kind: string) => (error: unknown) => error instanceof ModelError && error.kind === kind && error.options.retryable;

describe('createModelClient', () => {
  it('reads a reply whose bytes are cut anywhere, inside a character or inside tool JSON', async () => {
    const bytes = Buffer.from(
      sse([START, ...textBlock(0, 'd\u00e9j\u00e0 \u{1F600}'), ...toolBlock(1, '{"p":"\u00e9', '\\u00e9"}'), end('tool_use'), STOP]),
    );
    const single: Handler = async (response) => {
      response.writeHead(200, streaming);
      for (const byte of bytes) {
        if (!response.write(Buffer.of(byte))) await new Promise((resolve) => response.once('drain', resolve));
        await new Promise(setImmediate);
      }
      response.end();
    };
    await withService(single, async ({ url }) => {
      const last = (await collect(createModelClient({ baseUrl: url }).stream(requestOf(), never()))).at(-1);
      assert.ok(last?.type === 'finished');
      assert.deepEqual(
        last.blocks.map((block) => (block.type === 'text' ? block.text : block.type === 'tool_use' ? block.input : block)),
        ['d\u00e9j\u00e0 \u{1F600}', { p: '\u00e9\u00e9' }],
      );
    });
  });

  it('calls a silent stream stalled, and a silent server late, and hangs up on both', async () => {
    for (const [begins, kind] of [
      [true, 'stalled'],
      [false, 'timeout'],
    ] as const) {
      let hungUp: Promise<unknown> = Promise.resolve();
      const silent: Handler = (response) => {
        hungUp = new Promise((resolve) => response.once('close', resolve));
        if (begins) response.writeHead(200, streaming).write(sse([START]));
      };
      await withService(silent, async ({ url }) => {
        const stream = createModelClient({ baseUrl: url }).stream(requestOf({ idleTimeoutMs: 700 }), never());
        await assert.rejects(collect(stream), kindOf(kind));
        await hungUp;
      });
    }
  });

  it('takes pings for life, though they carry nothing', async () => {
    const pinging: Handler = async (response) => {
      response.writeHead(200, streaming).write(sse([START]));
      const until = performance.now() + 900;
      while (performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        response.write(sse([{ type: 'ping' }]));
      }
      response.end(sse([end('end_turn'), STOP]));
    };
    await withService(pinging, async ({ url }) => {
      const chunks = await collect(createModelClient({ baseUrl: url }).stream(requestOf({ idleTimeoutMs: 600 }), never()));
      assert.equal(chunks.at(-1)?.type, 'finished');
    });
  });

  it('does not count the time in which the reader is busy as silence', async () => {
    await withService(
      (response) => void response.writeHead(200, streaming).end(sse([START, ...textBlock(0, 'a', 'b'), end('end_turn'), STOP])),
      async ({ url }) => {
        for await (const chunk of createModelClient({ baseUrl: url }).stream(requestOf({ idleTimeoutMs: 600 }), never())) {
          if (chunk.type === 'started') await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      },
    );
  });

  for (const [how, breakOff] of [
    ['closes', (response: Parameters<Handler>[0]) => void response.end()],
    ['is reset', (response: Parameters<Handler>[0]) => void response.destroy()],
  ] as const) {
    it(`calls a stream that ${how} before its end cut`, async () => {
      await withService(
        (response) => {
          response.writeHead(200, streaming).write(sse([START, ...textBlock(0, 'a').slice(0, -1)]), () => breakOff(response));
        },
        async ({ url }) => {
          await assert.rejects(collect(createModelClient({ baseUrl: url }).stream(requestOf(), never())), kindOf('network'));
        },
      );
    });
  }

  it('ends at once on abort, before the answer and in the middle of it', async () => {
    for (const begins of [true, false]) {
      const controller = new AbortController();
      let hungUp: Promise<unknown> = Promise.resolve();
      const handler: Handler = (response) => {
        hungUp = new Promise((resolve) => response.once('close', resolve));
        if (begins) response.writeHead(200, streaming).write(sse([START]));
        else controller.abort();
      };
      await withService(handler, async ({ url }) => {
        const read = async () => {
          for await (const chunk of createModelClient({ baseUrl: url }).stream(requestOf(), controller.signal)) {
            if (chunk.type === 'started') controller.abort('any reason');
          }
        };
        await assert.rejects(read(), { name: 'AbortError' });
        await hungUp;
      });
    }
  });

  it('hangs up when the reader leaves early', async () => {
    let hungUp: Promise<unknown> = Promise.resolve();
    await withService(
      (response) => {
        hungUp = new Promise((resolve) => response.once('close', resolve));
        response.writeHead(200, streaming).write(sse([START, ...textBlock(0, 'a')]));
      },
      async ({ url }) => {
        for await (const chunk of createModelClient({ baseUrl: url }).stream(requestOf(), never())) {
          if (chunk.type === 'block') break;
        }
        await hungUp;
      },
    );
  });

  it('reads a stream without block ends, as some local servers send it', async () => {
    const events = [START, ...textBlock(0, 'a'), ...toolBlock(1, '{}')].filter(({ type }) => type !== blockStop(0).type);
    await withService(
      (response) => void response.writeHead(200, streaming).end(sse([...events, end('tool_use'), STOP])),
      async ({ url }) => {
        const last = (await collect(createModelClient({ baseUrl: `${url}/v1` }).stream(requestOf(), never()))).at(-1);
        assert.equal(last?.type === 'finished' && last.blocks.length, 2);
      },
    );
  });

  it('reads a stream whose events have no names, and its errors', async () => {
    const nameless = (...events: readonly object[]) =>
      `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
    await withService(
      (response) =>
        void response.writeHead(200, streaming).end(nameless(START, { type: 'ping' }, ...textBlock(0, 'bare'), end('end_turn'), STOP)),
      async ({ url }) => {
        const last = (await collect(createModelClient({ baseUrl: url }).stream(requestOf(), never()))).at(-1);
        assert.deepEqual(last?.type === 'finished' && last.blocks, [{ type: 'text', text: 'bare', citations: null }]);
      },
    );
    for (const event of [
      { type: 'error', error: { type: 'overloaded_error', message: 'busy' } },
      { type: 'error', error: { message: 'no type' } },
    ]) {
      await withService(
        (response) => void response.writeHead(200, streaming).end(nameless(START, event)),
        async ({ url }) => {
          const kind = event.error.type === undefined ? 'server' : 'overloaded';
          await assert.rejects(collect(createModelClient({ baseUrl: url }).stream(requestOf(), never())), kindOf(kind));
        },
      );
    }
  });

  describe('uses what it is given and nothing of the environment', () => {
    const planted = {
      ANTHROPIC_API_KEY: 'env-key',
      ANTHROPIC_AUTH_TOKEN: 'env-token',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
      ANTHROPIC_CUSTOM_HEADERS: 'authorization: Bearer env-header\nx-planted: yes\nanthropic-beta: planted',
      ANTHROPIC_PROFILE: 'planted',
    };
    const before = Object.keys(planted).map((name) => [name, process.env[name]] as const);
    beforeEach(() => {
      Object.assign(process.env, planted);
    });
    afterEach(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    for (const [options, bearer] of [
      [{ apiKey: 'own-key' }, 'own-key'],
      [{ authToken: 'own-token' }, 'own-token'],
      [{}, 'none'],
    ] as const) {
      it(`sends ${bearer}`, async () => {
        await withService(
          (response) => void response.writeHead(200, streaming).end(sse([START, end('end_turn'), STOP])),
          async ({ url, seen }) => {
            await collect(createModelClient({ ...options, baseUrl: url }).stream(requestOf(), never()));
            for (const { headers } of seen) {
              assert.equal(headers.authorization, `Bearer ${bearer}`);
              assert.equal(headers['x-planted'], undefined);
              assert.equal(headers['anthropic-beta'], undefined);
              assert.equal(headers['anthropic-version'], '2026-10-21');
            }
            assert.equal(seen.length, 2);
          },
        );
      });
    }

    it('goes to the service itself when no address is given', async () => {
      const asked: string[] = [];
      const fetch: typeof globalThis.fetch = (input) => {
        asked.push(new URL(String(input)).origin);
        return Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
      };
      await assert.rejects(collect(createModelClient({ apiKey: 'k', fetch }).stream(requestOf(), never())), kindOf('network'));
      assert.deepEqual(new Set(asked), new Set(['https://api.anthropic.com']));
    });
  });

  describe('countTokens', () => {
    it('asks the service', async () => {
      await withService(
        (response) => json(response, 200, { input_tokens: 42 }),
        async ({ url, seen }) => {
          assert.equal(await createModelClient({ baseUrl: url }).countTokens(requestOf(), never()), 42);
          assert.equal(seen.at(-1)?.path, '/v1/messages/count_tokens');
          assert.deepEqual(Object.keys(JSON.parse(seen.at(-1)?.body ?? '')), ['model', 'messages']);
        },
      );
    });

    it('estimates where the route is missing, and does not ask again', async () => {
      for (const status of [404, 405, 501]) {
        await withService(
          (response) => void response.writeHead(status, { 'content-type': 'text/plain' }).end('no such page'),
          async ({ url, seen }) => {
            const client = createModelClient({ baseUrl: url });
            const estimate = estimateTokens(requestOf());
            assert.deepEqual(
              [await client.countTokens(requestOf(), never()), await client.countTokens(requestOf(), never())],
              [estimate, estimate],
            );
            assert.equal(seen.filter(({ path }) => path.includes('count_tokens')).length, 1);
          },
        );
      }
    });

    it('says what is wrong in any other case', async () => {
      await withService(
        (response) => json(response, 404, apiError('not_found_error', 'model: some-model')),
        async ({ url }) => {
          await assert.rejects(createModelClient({ baseUrl: url }).countTokens(requestOf(), never()), /no model "some-model"/);
        },
      );
    });

    it('weighs text by its bytes and an image by its price, whatever its size', () => {
      const withImage = (data: string) =>
        estimateTokens(requestOf({ messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', data }] }] }));
      assert.equal(withImage('A'), withImage('A'.repeat(100_000)));
      assert.ok(withImage('A') > 1600);
      const text = (value: string) => estimateTokens(requestOf({ messages: [{ role: 'user', content: [{ type: 'text', text: value }] }] }));
      assert.equal(text('x'.repeat(3600)) - text(''), 1000);
    });
  });
});
