import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { HostMessage } from '../../../src/protocol/messages';

export const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
export type Theme = (typeof THEMES)[number];

const NONCE = 'preview';
const PROJECT = join(import.meta.dirname, '..', '..', '..');

/** The panel's bundle, built as `esbuild.config.mjs` builds it, without touching `dist`. */
export async function bundlePanel(): Promise<{ readonly script: string; readonly style: string }> {
  const result = await build({
    entryPoints: { webview: join(PROJECT, 'webview/main.tsx') },
    bundle: true,
    minify: true,
    write: false,
    outdir: 'unused',
    platform: 'browser',
    target: 'chrome134',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat' },
  });
  const text = (ending: string) => result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

/**
 * A page that stands in for the editor around the panel: the theme's variables, the default styles that the editor
 * gives every such page, the panel's own content policy, and a host that answers `ready` with `messages`. What the
 * panel posts is kept in `window.posted`; `window.host(message)` sends more.
 */
export function previewPage(theme: Theme, messages: readonly HostMessage[]): string {
  const variables: Record<string, string> = JSON.parse(readFileSync(join(import.meta.dirname, 'themes', `${theme}.json`), 'utf8'));
  const declared = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  const body = theme === 'high-contrast-light' ? 'vscode-high-contrast vscode-high-contrast-light' : `vscode-${theme}`;
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src 'self' 'nonce-${NONCE}'; font-src 'self'; img-src 'self' data:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${NONCE}">
<style nonce="${NONCE}">
:root { ${declared.join(' ')} }
html { background: var(--vscode-sideBar-background); }
@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  img { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { color: var(--vscode-textPreformat-foreground); background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
}
</style>
<link rel="stylesheet" href="/webview.css">
<title>Plumb panel preview</title>
</head>
<body class="${body}" data-vscode-theme-kind="${body}">
<div id="root"></div>
<script nonce="${NONCE}">
window.posted = [];
window.host = (message) => window.postMessage(message, '*');
window.acquireVsCodeApi = () => ({
  postMessage(message) {
    window.posted.push(message);
    if (message.type === 'ready') for (const answer of ${embed(messages)}) window.host(answer);
  },
});
</script>
<script nonce="${NONCE}" src="/webview.js"></script>
</body>
</html>`;
}

/** JSON inside a script element must not be able to end it. */
function embed(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
