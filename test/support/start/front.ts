import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * The one door to the editor: a server on loopback that lets in who holds the key and passes everything else on to
 * the editor's socket. The editor has a terminal, so an open port would let any page in any browser on this machine,
 * and any other user of it, run commands.
 */
export type Front = { readonly port: number; readonly address: string; readonly close: () => Promise<void> };

export type FrontOptions = {
  readonly port: number;
  readonly key: string;
  readonly socket: string;
  /** The folder to open when the address names none. */
  readonly folder: string;
  /** What makes a page load the extension under development; added where a link inside the editor lost it. */
  readonly payload: string;
};

const COOKIE = 'plumb-key';

/** Rejects with the error of `listen`, `EADDRINUSE` among them. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const server = createServer((incoming, response) => {
    const hosts = hostsOf(server.address() as AddressInfo);
    if (!fromHere(incoming, hosts)) return refuse(response, 'This editor answers on its own address only.');
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const offered = url.searchParams.get('key');
    if (url.pathname === '/' && offered !== null && sameKey(offered, options.key)) {
      url.searchParams.delete('key');
      response.setHeader('set-cookie', `${COOKIE}=${options.key}; HttpOnly; SameSite=Lax; Path=/`);
      return redirect(response, withPayload(url, options));
    }
    if (!holdsKey(incoming, options.key)) {
      return refuse(response, 'Open the whole address that `npm start` printed: it carries the key to this editor.');
    }
    if (url.pathname === '/mint-key' && incoming.method === 'POST') return void response.end(secretHalf(options.key));
    if (url.pathname === '/' && !url.searchParams.has('payload')) return redirect(response, withPayload(url, options));
    const onward = request(
      { socketPath: options.socket, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => {
      if (!response.headersSent) response.writeHead(502);
      response.end('The editor does not answer. See the terminal that runs `npm start`.');
    });
    incoming.pipe(onward);
  });

  // A socket that was upgraded is no longer among the server's own connections: it would keep `close` waiting.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (incoming, socket, head) => {
    if (!fromHere(incoming, hostsOf(server.address() as AddressInfo)) || !holdsKey(incoming, options.key)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    upgraded.add(socket);
    const onward = connect(options.socket, () => {
      const headers = pairs(incoming.rawHeaders).map(([name, value]) => `${name}: ${value}`);
      onward.write(`${[`GET ${incoming.url} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    const end = () => {
      upgraded.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    onward.on('error', end).on('close', end);
    socket.on('error', end).on('close', end);
  });

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `http://127.0.0.1:${port}/?key=${options.key}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function hostsOf(address: AddressInfo): readonly string[] {
  return [`127.0.0.1:${address.port}`, `localhost:${address.port}`];
}

/** A foreign name that was made to resolve to this machine shows in `Host`, a foreign page in `Origin`. */
function fromHere(incoming: IncomingMessage, hosts: readonly string[]): boolean {
  const { host, origin } = incoming.headers;
  return host !== undefined && hosts.includes(host) && (origin === undefined || origin === `http://${host}`);
}

function holdsKey(incoming: IncomingMessage, key: string): boolean {
  return (incoming.headers.cookie ?? '').split(/; */).some((cookie) => {
    const [name, value] = cookie.split('=');
    return name === COOKIE && sameKey(value ?? '', key);
  });
}

/**
 * The server's half of the key with which the page encrypts its secret storage; without it nothing can be kept there.
 * The editor's own server has none. It is the same at each start, as the key is.
 */
function secretHalf(key: string): Buffer {
  return createHash('sha256').update(`secret storage of ${key}`).digest();
}

function sameKey(offered: string, key: string): boolean {
  const [a, b] = [Buffer.from(offered), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function withPayload(url: URL, options: FrontOptions): string {
  if (!['folder', 'workspace', 'ew'].some((name) => url.searchParams.has(name))) url.searchParams.set('folder', options.folder);
  url.searchParams.set('payload', options.payload);
  return `/?${url.searchParams}`;
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { location: to, 'cache-control': 'no-store' }).end();
}

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}
