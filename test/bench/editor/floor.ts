import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The floor in the editor: a bare extension with one webview, which holds a text area and nothing else. */
export async function writeFloorExtension(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = {
    name: 'floor',
    publisher: 'bench',
    version: '0.0.1',
    engines: { vscode: '^1.106.0' },
    main: './extension.js',
    activationEvents: ['onStartupFinished'],
    contributes: {
      viewsContainers: { secondarySidebar: [{ id: 'floor', title: 'Floor', icon: 'icon.svg' }] },
      views: { floor: [{ type: 'webview', id: 'floor.view', name: 'Floor', icon: 'icon.svg' }] },
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'icon.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle cx="8" cy="8" r="6"/></svg>',
  );
  await writeFile(join(folder, 'extension.js'), EXTENSION);
}

const EXTENSION = `const vscode = require('vscode');
exports.activate = (context) => {
  const provider = {
    resolveWebviewView(view) {
      view.webview.options = { enableScripts: true };
      view.webview.html = '<!DOCTYPE html><html><body><textarea></textarea></body></html>';
    },
  };
  context.subscriptions.push(vscode.window.registerWebviewViewProvider('floor.view', provider));
};
`;
