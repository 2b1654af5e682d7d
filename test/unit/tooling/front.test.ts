import * as assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Front, openFront } from '../../support/start/front';

const KEY = 'a-key-of-some-length';

describe('the door of npm start', () => {
  let folder = '';
  let editor: Server;
  let front: Front;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plumb-front-'));
    const socket = join(folder, 'editor');
    editor = createServer((incoming, response) => response.end(`editor: ${incoming.method} ${incoming.url}`));
    editor.on('upgrade', (_incoming, upgraded, head: Buffer) => {
      upgraded.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      if (head.length > 0) upgraded.write(`echo ${head}`);
      upgraded.on('data', (chunk: Buffer) => upgraded.write(`echo ${chunk}`));
    });
    await new Promise<void>((resolve) => editor.listen(socket, resolve));
    front = await openFront({ port: 0, key: KEY, socket, folder: '/the/folder', payload: '[["x","y"]]' });
  });

  after(async () => {
    await front.close();
    editor.closeAllConnections();
    editor.close();
    rmSync(folder, { recursive: true });
  });

  it('gives the page its half of the key of the secret storage, the same each time, and nobody else', async () => {
    const mint = async (cookie: string) => {
      const address = `http://127.0.0.1:${front.port}/mint-key`;
      const answer = await fetch(address, { method: 'POST', headers: { cookie } });
      return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const half = await mint(`plumb-key=${KEY}`);
    assert.deepEqual([half.status, half.bytes.length], [200, 32]);
    assert.deepEqual((await mint(`plumb-key=${KEY}`)).bytes, half.bytes);
    assert.equal((await mint('plumb-key=wrong')).status, 403);
  });

  it('gives whoever comes with the key a cookie, and sends them to the folder with the extension loaded', async () => {
    const answer = await get(`/?key=${KEY}`);
    assert.equal(answer.status, 302);
    assert.match(answer.headers['set-cookie']?.[0] ?? '', /^plumb-key=a-key-of-some-length; HttpOnly; SameSite=/);
    const to = new URL(answer.headers.location ?? '', 'http://x');
    assert.equal(to.searchParams.get('folder'), '/the/folder');
    assert.equal(to.searchParams.get('payload'), '[["x","y"]]');
    assert.equal(to.searchParams.has('key'), false, 'the key does not stay in the address bar');
  });

  it('passes on what comes with the cookie', async () => {
    const answer = await get('/static/app.js?a=1', { cookie: `other=1; plumb-key=${KEY}` });
    assert.equal(answer.text, 'editor: GET /static/app.js?a=1');
  });

  it('loads the extension again where a link inside the editor lost it', async () => {
    const answer = await get('/?folder=/another', { cookie: `plumb-key=${KEY}` });
    const to = new URL(answer.headers.location ?? '', 'http://x');
    assert.equal(to.searchParams.get('folder'), '/another');
    assert.equal(to.searchParams.get('payload'), '[["x","y"]]');
  });

  for (const [who, path, headers] of [
    ['without a key', '/', {}],
    ['with a wrong key', '/?key=a-key-of-other-lengt', {}],
    ['with a wrong cookie', '/static/app.js', { cookie: 'plumb-key=wrong' }],
    ['under a foreign name that resolves to this machine', '/static/app.js', { cookie: `plumb-key=${KEY}`, host: 'evil.example' }],
    ['from a foreign page', '/static/app.js', { cookie: `plumb-key=${KEY}`, origin: 'https://evil.example' }],
    ['from a page on another port', '/static/app.js', { cookie: `plumb-key=${KEY}`, origin: 'http://127.0.0.1:1' }],
  ] as const) {
    it(`refuses who comes ${who}`, async () => {
      const answer = await get(path, headers);
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.text, /editor:/);
    });
  }

  it('carries a WebSocket both ways', async () => {
    const text = await upgrade({ cookie: `plumb-key=${KEY}`, origin: `http://127.0.0.1:${front.port}` }, 'echo hello');
    assert.match(text, /^HTTP\/1\.1 101/);
  });

  it('refuses a WebSocket without the key, and one from a foreign page', async () => {
    assert.match(await upgrade({}, '403'), /^HTTP\/1\.1 403/);
    assert.match(await upgrade({ cookie: `plumb-key=${KEY}`, origin: 'https://evil.example' }, '403'), /^HTTP\/1\.1 403/);
  });

  it('says so when the port is taken', async () => {
    await assert.rejects(openFront({ port: front.port, key: KEY, socket: '', folder: '/', payload: '' }), { code: 'EADDRINUSE' });
  });

  type Answer = { status: number; headers: IncomingMessage['headers']; text: string };

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: front.port, path, headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      })
        .on('error', reject)
        .end();
    });
  }

  /** Resolves with everything received once `until` is in it. */
  function upgrade(headers: Record<string, string>, until: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const lines = ['GET /socket HTTP/1.1', `Host: 127.0.0.1:${front.port}`, 'Connection: Upgrade', 'Upgrade: websocket'];
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
      const socket = connect(front.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\nhello`));
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk;
        if (!text.includes(until)) return;
        socket.destroy();
        resolve(text);
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`closed after: ${text}`)));
    });
  }
});
