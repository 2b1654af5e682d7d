import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModelClient } from '../../src/model/client';
import { startModelServer } from '../support/model-server/server';
import { modelClientContract } from './support/model-client';

modelClientContract('the whole Messages API', 'claude-opus-5-5', async (script) => {
  const server = await startModelServer(script);
  return { client: createModelClient({ baseUrl: server.url, apiKey: 'test' }), server, close: server.close };
});

modelClientContract('an older model, by token', 'claude-opus-4-5-20251101', async (script) => {
  const server = await startModelServer(script);
  return { client: createModelClient({ baseUrl: server.url, authToken: 'test' }), server, close: server.close };
});

/** As local model servers are: messages and nothing else, no key asked for, the address given with /v1. */
modelClientContract('a server that speaks it in part', 'claude-sonnet-5', async (script) => {
  const server = await startModelServer(script);
  const part = await startPart(server.url);
  return {
    client: createModelClient({ baseUrl: `${part.url}/v1` }),
    server,
    close: async () => {
      await part.close();
      await server.close();
    },
  };
});

/** Passes on requests for messages, byte for byte, and knows no other path. */
async function startPart(target: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    if (incoming.url !== '/v1/messages') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return;
    }
    const onward = forward(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      answer.on('aborted', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
