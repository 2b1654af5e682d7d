import { createServer } from 'node:http';
import { bundlePanel, previewPage, THEMES, type Theme } from './page';
import { SCENES } from './scenes';

/**
 * Serves every scene in every theme on loopback: `/dark/permission/`. Run it to look at the panel in a browser:
 * `npx tsx test/support/panel-preview/server.ts`.
 */
export async function servePreview(port = 0): Promise<{ readonly address: string; close(): Promise<void> }> {
  const { script, style } = await bundlePanel();
  const server = createServer((request, response) => {
    const [, theme = '', scene = ''] = (request.url ?? '/').split('/');
    const send = (type: string, text: string, keep = 'no-store') =>
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': keep }).end(text);
    // The same for every page, so the browser compiles it once.
    if (request.url === '/webview.js') return send('text/javascript', script, 'max-age=3600');
    if (request.url === '/webview.css') return send('text/css', style, 'max-age=3600');
    const messages = SCENES[scene]?.();
    if (messages && isTheme(theme)) return send('text/html', previewPage(theme, messages));
    return send('text/html', index());
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The preview server has no port.');
  return {
    address: `http://127.0.0.1:${bound.port}`,
    close: () => new Promise((done, fail) => server.close((error) => (error ? fail(error) : done()))),
  };
}

function isTheme(name: string): name is Theme {
  return THEMES.some((theme) => theme === name);
}

function index(): string {
  const row = (scene: string) => `<li>${scene}: ${THEMES.map((theme) => `<a href="/${theme}/${scene}/">${theme}</a>`).join(' ')}</li>`;
  return `<!DOCTYPE html><title>Panel preview</title><ul>${Object.keys(SCENES).map(row).join('')}</ul>`;
}

if (process.argv[1] === import.meta.filename) {
  const { address } = await servePreview();
  console.log(address);
}
