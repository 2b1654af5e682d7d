import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { THEMES, type Theme } from '../panel-preview/page';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const VARIABLES = join(PROJECT, 'test', 'support', 'panel-preview', 'themes');

/** Serves the log view in a theme on loopback: `/dark/?rows=100000`. */
export async function serveLogPreview(): Promise<{ address(theme: Theme, rows: number): string; close(): Promise<void> }> {
  const bundled = await build({
    entryPoints: { log: join(PROJECT, 'webview/log/main.tsx'), host: join(PROJECT, 'test/support/log-preview/host.ts') },
    bundle: true,
    write: false,
    outdir: 'unused',
    platform: 'browser',
    target: 'chrome134',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const text = (name: string) => bundled.outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const [, theme = 'dark', file = ''] = path.split('/');
    const send = (type: string, body: string) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    if (file.endsWith('.js')) return send('text/javascript', text(`/${file}`));
    if (file.endsWith('.css')) return send('text/css', text(`/${file}`));
    if (!THEMES.some((known) => known === theme)) return response.writeHead(404).end();
    return send('text/html', page(theme));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The preview server has no port.');
  return {
    address: (theme, rows) => `http://127.0.0.1:${bound.port}/${theme}/?rows=${rows}`,
    close: () => new Promise((done, fail) => server.close((error) => (error ? fail(error) : done()))),
  };
}

function page(theme: string): string {
  const variables: Record<string, string> = JSON.parse(readFileSync(join(VARIABLES, `${theme}.json`), 'utf8'));
  const declared = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  const body = theme === 'high-contrast-light' ? 'vscode-high-contrast vscode-high-contrast-light' : `vscode-${theme}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<style>:root { ${declared.join(' ')} } html { background: var(--vscode-editor-background); }</style>
<link rel="stylesheet" href="log.css">
<title>Log view preview</title>
</head>
<body class="${body}">
<div id="root"></div>
<script src="host.js"></script>
<script src="log.js"></script>
</body>
</html>`;
}
