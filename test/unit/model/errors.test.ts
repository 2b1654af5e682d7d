import assert from 'node:assert/strict';
import { ModelError, type ModelErrorKind } from '../../../src/core/errors';
import { createModelClient } from '../../../src/model/client';
import { toModelError } from '../../../src/model/errors';
import { apiError, collect, type Handler, json, never, requestOf, START, sse, startServer, textBlock } from './server';

/** What the real SDK makes of an answer, and the adapter of that. The model list answers 404, as local servers do. */
async function failureOf(handler: Handler): Promise<ModelError> {
  const server = await startServer((response, seen) =>
    seen.path.startsWith('/v1/models') ? json(response, 404, {}) : handler(response, seen),
  );
  try {
    const client = createModelClient({ baseUrl: server.url, apiKey: 'k' });
    await collect(client.stream(requestOf(), never()));
  } catch (error) {
    assert.ok(error instanceof ModelError, String(error));
    assert.equal(server.seen.filter(({ path }) => path === '/v1/messages').length, 1, 'one attempt, no retries');
    return error;
  } finally {
    await server.close();
  }
  return assert.fail('the request should have failed');
}

const answers = (status: number, body: unknown, headers?: Record<string, string>) =>
  failureOf((response) => json(response, status, body, headers));
const html = (status: number) =>
  failureOf((response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html><h1>Hello</h1></html>');
  });

describe('errors of the service', () => {
  const table: readonly [number, string, string, ModelErrorKind, boolean][] = [
    [400, 'invalid_request_error', 'tools.0: Field required', 'invalid', false],
    [400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum', 'too_long', false],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the API.', 'billing', false],
    [401, 'authentication_error', 'invalid key', 'auth', false],
    [402, 'billing_error', 'no credit', 'billing', false],
    [403, 'permission_error', 'not yours', 'auth', false],
    [404, 'not_found_error', 'model: some-model', 'not_found', false],
    [409, 'conflict_error', 'busy', 'server', true],
    [413, 'request_too_large', 'too large', 'too_large', false],
    [429, 'rate_limit_error', 'slow down', 'rate_limit', true],
    [500, 'api_error', 'oops', 'server', true],
    [504, 'timeout_error', 'late', 'timeout', true],
    [529, 'overloaded_error', 'Overloaded', 'overloaded', true],
  ];
  for (const [status, type, message, kind, retryable] of table) {
    it(`${status} ${type} (${message}) is ${kind}${retryable ? ', worth a retry' : ''}`, async () => {
      const error = await answers(status, apiError(type, message));
      assert.deepEqual(
        [error.kind, error.options.retryable, error.options.status, error.options.requestId],
        [kind, retryable, status, 'req_1'],
      );
      assert.match(error.options.next, /\w{4}/);
    });
  }

  it('never waits for a spend limit', async () => {
    for (const error_code of ['enforced_spend_limit_reached', 'contract_spend_limit_reached']) {
      const error = await answers(429, apiError('rate_limit_error', 'cap', { error_code }), { 'x-should-retry': 'true' });
      assert.deepEqual([error.kind, error.options.retryable], ['billing', false]);
    }
    assert.equal((await answers(429, apiError('rate_limit_error', 'ramp', { error_code: 'ramp_limit_exceeded' }))).kind, 'rate_limit');
  });

  it('tells an unknown model from a wrong base address', async () => {
    const unknown = await answers(404, apiError('not_found_error', 'model: some-model'));
    assert.match(unknown.message, /no model "some-model"/);
    for (const body of [apiError('not_found_error', 'Not Found'), { detail: 'Not Found' }]) {
      const wrong = await answers(404, body);
      assert.equal(wrong.kind, 'not_found');
      assert.match(wrong.message, /no Messages API at this path/);
      assert.match(wrong.options.next, /plumb\.baseUrl/);
    }
  });

  it('reads how long to wait, in each of its forms', async () => {
    const waitOf = async (headers: Record<string, string>) =>
      (await answers(429, apiError('rate_limit_error', 'x'), headers)).options.retryAfterMs;
    assert.equal(await waitOf({ 'retry-after': '7' }), 7000);
    assert.equal(await waitOf({ 'retry-after-ms': '250', 'retry-after': '7' }), 250);
    const asDate = (await waitOf({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })) ?? 0;
    assert.ok(asDate > 50_000 && asDate <= 60_000, String(asDate));
    assert.equal(await waitOf({}), undefined);
    assert.equal(await waitOf({ 'retry-after': 'soon' }), undefined);
  });

  it('obeys x-should-retry', async () => {
    assert.equal((await answers(500, apiError('api_error', 'x'), { 'x-should-retry': 'false' })).options.retryable, false);
    assert.equal((await answers(400, apiError('invalid_request_error', 'x'), { 'x-should-retry': 'true' })).options.retryable, true);
  });

  it('recognises an address that does not speak the Messages API', async () => {
    for (const status of [200, 405, 400]) {
      const error = await html(status);
      assert.deepEqual([error.kind, error.options.retryable], ['protocol', false], String(status));
      assert.match(error.message, /^127\.0\.0\.1:\d+ does not speak the Messages API/);
    }
    assert.equal((await answers(200, { hello: 'world' })).kind, 'protocol');
    assert.equal((await html(404)).kind, 'not_found');
    assert.deepEqual([(await html(502)).kind, (await html(503)).options.retryable], ['server', true]);
    const proxy = await html(407);
    assert.equal(proxy.kind, 'network');
    assert.match(`${proxy.message} ${proxy.options.next}`, /failed without a reason\. .*proxy asks for a user name/);
  });

  it('passes on what other servers say in their own format', async () => {
    const error = await answers(400, { error: { message: 'this model does not support tools', code: 9 } });
    assert.equal(error.kind, 'invalid');
    assert.match(error.message, /does not support tools/);
    assert.match((await answers(503, { error: 'loading model' })).message, /loading model/);
    assert.equal((await answers(401, { error: { type: 'invalid_request_error', message: 'Incorrect API key' } })).kind, 'auth');
  });

  for (const [type, kind] of [
    ['overloaded_error', 'overloaded'],
    ['api_error', 'server'],
    ['rate_limit_error', 'rate_limit'],
    ['timeout_error', 'timeout'],
  ] as const) {
    it(`${type} in the middle of a stream is ${kind}, worth a retry`, async () => {
      const error = await failureOf((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`${sse([START, ...textBlock(0, 'a')])}event: error\ndata: ${JSON.stringify(apiError(type, 'x'))}\n\n`);
      });
      assert.deepEqual([error.kind, error.options.retryable, error.options.status], [kind, true, undefined]);
    });
  }
});

describe('a connection that was written wrong', () => {
  const wrong: readonly [baseUrl: string, apiKey: string, ModelErrorKind, RegExp][] = [
    ['ftp://model.example', 'key', 'network', /not a valid address/],
    ['http://127.0.0.1:1', 'key', 'network', /port of 127\.0\.0\.1:1 is one that no web address may have/],
    ['http://127.0.0.1:9', 'key', 'network', /port of 127\.0\.0\.1:9 is one that no web address may have/],
    ['not an address', 'key', 'network', /not a valid address/],
    ['http://127.0.0.1:9999', 'sk-\u2014', 'auth', /key holds a character/],
  ];
  for (const [baseUrl, apiKey, kind, message] of wrong) {
    it(`${baseUrl} with ${apiKey} is told at once`, async () => {
      const client = createModelClient({ baseUrl, apiKey });
      await assert.rejects(collect(client.stream(requestOf(), never())), (error: unknown) => {
        assert.ok(error instanceof ModelError);
        assert.deepEqual([error.kind, error.options.retryable], [kind, false]);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe('errors of the network', () => {
  const failing = async (cause: unknown): Promise<ModelError> => {
    const fetch = () => Promise.reject(cause);
    const client = createModelClient({ baseUrl: 'https://model.example', apiKey: 'secret-key', fetch });
    const error: unknown = await collect(client.stream(requestOf(), never())).then(
      () => assert.fail('should fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ModelError);
    assert.doesNotMatch(error.message + error.options.next, /secret-key/);
    return error;
  };
  const fetchFailed = (cause: object) => new TypeError('fetch failed', { cause: Object.assign(new Error('cause'), cause) });

  const table: readonly [string, ModelErrorKind, boolean, RegExp][] = [
    ['ENOTFOUND', 'network', true, /model\.example cannot be found/],
    ['EAI_AGAIN', 'network', true, /cannot be found/],
    ['ECONNREFUSED', 'network', true, /Nothing answers at model\.example/],
    ['ECONNRESET', 'network', true, /connection to model\.example failed/],
    ['EHOSTUNREACH', 'network', true, /cannot be reached/],
    ['ETIMEDOUT', 'timeout', true, /did not answer in time/],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true, /did not answer in time/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate', false, /SELF_SIGNED_CERT_IN_CHAIN/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', false, /cannot be trusted/],
    ['CERT_HAS_EXPIRED', 'certificate', false, /CERT_HAS_EXPIRED/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', false, /cannot be trusted/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'certificate', false, /does not answer with TLS/],
  ];
  for (const [code, kind, retryable, message] of table) {
    it(`${code} is ${kind}`, async () => {
      const error = await failing(fetchFailed({ code }));
      assert.deepEqual([error.kind, error.options.retryable], [kind, retryable]);
      assert.match(error.message, message);
    });
  }

  it('looks into the several causes that a refused localhost gives', async () => {
    const errors = ['::1', '127.0.0.1'].map((address) => Object.assign(new Error(address), { code: 'ECONNREFUSED' }));
    assert.match((await failing(new TypeError('fetch failed', { cause: new AggregateError(errors) }))).message, /Nothing answers/);
  });

  it("reads the editor's own network stack", async () => {
    assert.equal((await failing(new Error('net::ERR_CERT_AUTHORITY_INVALID'))).kind, 'certificate');
    const proxy = await failing(new Error('net::ERR_PROXY_CONNECTION_FAILED'));
    assert.match(`${proxy.message} ${proxy.options.next}`, /proxy.*http\.proxy/i);
    assert.match((await failing(new Error('net::ERR_NAME_NOT_RESOLVED'))).message, /cannot be found/);
  });

  it('says that an address is none', async () => {
    const client = createModelClient({ baseUrl: 'nonsense', apiKey: 'k' });
    await assert.rejects(collect(client.stream(requestOf(), never())), (error) => {
      assert.ok(error instanceof ModelError);
      assert.match(error.message, /not a valid address/);
      return !error.options.retryable;
    });
  });

  it('does not repeat what looks like a fault of our own', () => {
    assert.equal(toModelError(new TypeError('x is not a function'), { host: 'h' }).options.retryable, false);
  });

  it('meets a real closed port', async () => {
    const server = await startServer(() => {});
    await server.close();
    const client = createModelClient({ baseUrl: server.url });
    await assert.rejects(
      collect(client.stream(requestOf(), never())),
      (error) => error instanceof ModelError && /Nothing answers/.test(error.message),
    );
  });
});
