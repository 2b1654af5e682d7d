import assert from 'node:assert/strict';
import { ModelError } from '../../../src/core/errors';
import { createModelClient } from '../../../src/model/client';
import { apiError, collect, end, type Handler, json, never, requestOf, START, STOP, sse, startServer } from './server';

const yes = { supported: true };
const no = { supported: false };
const info = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  type: 'model',
  display_name: id.toUpperCase(),
  lifecycle: 'active',
  line: null,
  max_input_tokens: 500_000,
  max_tokens: 50_000,
  capabilities: {
    image_input: no,
    thinking: { supported: true, types: { adaptive: yes, enabled: no } },
    effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: null, max: no },
  },
  ...more,
});

async function withServer<T>(
  handler: Handler,
  use: (client: ReturnType<typeof createModelClient>, paths: () => string[]) => Promise<T>,
): Promise<T> {
  const server = await startServer(handler);
  try {
    return await use(createModelClient({ baseUrl: server.url, apiKey: 'k' }), () => server.seen.map(({ path }) => path));
  } finally {
    await server.close();
  }
}

describe('model profiles', () => {
  it('come from the service, page by page, asked for once', async () => {
    const pages: Handler = (response, { path }) => {
      const second = path.includes('after_id=a');
      json(response, 200, {
        data: second ? [info('claude-opus-5-5', { line: 'opus' })] : [info('a'), info('old', { lifecycle: 'retired' })],
        has_more: !second,
        first_id: 'a',
        last_id: second ? 'claude-opus-5-5' : 'a',
      });
    };
    await withServer(pages, async (client, paths) => {
      const list = await client.models(never());
      assert.deepEqual(
        list.map(({ id }) => id),
        ['claude-opus-5-5', 'a'],
        'best first, retired ones left out',
      );
      assert.deepEqual(await client.profile('a', never()), {
        id: 'a',
        name: 'A',
        contextWindow: 500_000,
        maxOutput: 50_000,
        thinking: 'adaptive',
        images: false,
        references: 'no',
        price: null,
        source: 'service',
      });
      assert.deepEqual(list[0]?.price, { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 }, 'prices come from the table');
      assert.equal(paths().length, 2);
    });
  });

  it('shape the request: thinking and effort as the service says', async () => {
    const handler: Handler = (response, { path }) => {
      if (path.startsWith('/v1/models')) return json(response, 200, { data: [info('m')], has_more: false });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(sse([START, end('end_turn'), STOP]));
    };
    const server = await startServer(handler);
    const client = createModelClient({ baseUrl: server.url });
    await collect(client.stream(requestOf({ model: 'm', effort: 'max' }), never()));
    const body = JSON.parse(server.seen.at(-1)?.body ?? '') as Record<string, unknown>;
    assert.deepEqual(body.thinking, { type: 'adaptive', display: 'summarized' });
    assert.deepEqual(body.output_config, { effort: 'high' });
    await server.close();
  });

  it('guess for bare ids, and read limits under the names that other servers use', async () => {
    const list = { object: 'list', data: [{ id: 'qwen3', object: 'model' }, { id: 'big', max_model_len: 40_000 }, { nothing: true }] };
    await withServer(
      (response) => json(response, 200, list),
      async (client) => {
        assert.deepEqual(
          (await client.models(never())).map(({ id, source }) => [id, source]),
          [
            ['qwen3', 'guess'],
            ['big', 'guess'],
          ],
        );
        const { contextWindow, thinking, price } = await client.profile('big', never());
        assert.deepEqual([contextWindow, thinking, price], [40_000, 'none', null]);
      },
    );
  });

  for (const [what, handler] of [
    ['404', (response) => json(response, 404, apiError('not_found_error', 'x'))],
    ['500', (response) => json(response, 500, apiError('api_error', 'x'))],
    ['a web page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')],
    ['an empty list', (response) => json(response, 200, { data: [], has_more: false })],
    ['broken JSON', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[')],
  ] as const satisfies readonly (readonly [string, Handler])[]) {
    it(`come from the table when the list answers with ${what}`, async () => {
      await withServer(handler, async (client) => {
        const list = await client.models(never());
        assert.equal(list[0]?.id, 'claude-opus-5-5');
        assert.ok(list.every(({ source, price }) => source === 'table' && price !== null));
        const dated = await client.profile('claude-sonnet-4-5-20250929', never());
        assert.deepEqual(
          [dated.source, dated.contextWindow, dated.maxOutput, dated.thinking, dated.price?.input, dated.price?.cacheWrite],
          ['table', 200_000, 64_000, 'enabled', 3, 3.75],
        );
        assert.equal((await client.profile('nobody-knows', never())).source, 'guess');
      });
    });
  }

  it('do not hide a refused key behind the table', async () => {
    await withServer(
      (response) => json(response, 401, apiError('authentication_error', 'x')),
      async (client) => {
        await assert.rejects(client.models(never()), (error) => error instanceof ModelError && error.kind === 'auth');
        assert.equal((await client.profile('claude-opus-5-5', never())).source, 'table', 'limits need no key');
      },
    );
  });

  it('let each waiting caller go on its own signal', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await withServer(
      async (response) => {
        await held;
        json(response, 200, { data: [info('m')], has_more: false });
      },
      async (client) => {
        const controller = new AbortController();
        const gone = client.profile('m', controller.signal);
        const stays = client.profile('m', never());
        controller.abort();
        await assert.rejects(gone, { name: 'AbortError' });
        release();
        assert.equal((await stays).source, 'service');
      },
    );
  });
});
