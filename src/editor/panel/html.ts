import * as vscode from 'vscode';

/**
 * The panel's page. Its policy lets nothing in but our own script and style: no remote content, no inline code. The
 * component toolkit looks for the nonce in its meta tag: it adds one empty style to see what the browser can do.
 */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri): Promise<string> {
  return pageHtml(webview, extension, 'webview', 'Plumb');
}

/**
 * A page of ours: `dist/<name>.js` and `dist/<name>.css` under the same policy. Both stand in the page itself: as files
 * each would be asked for by the page, through the window, from the host, before anything could be drawn.
 */
export async function pageHtml(webview: vscode.Webview, extension: vscode.Uri, name: 'webview' | 'log', title: string): Promise<string> {
  const read = async (file: string) =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', file)));
  const [script, style] = await Promise.all([read(`${name}.js`), read(`${name}.css`)]);
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${style}</style>
<title>${title}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}
