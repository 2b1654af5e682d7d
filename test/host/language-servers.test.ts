import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerLanguageServers } from '../../src/editor/language-servers/language-servers';
import type { LanguageServer } from '../../src/protocol/settings';
import { eventually, workspaceRoot } from './support';

/** The bundle of this suite lies one folder below the repository. */
const server = join(__dirname, '..', 'node_modules', 'dockerfile-language-server-nodejs', 'bin', 'docker-langserver');
const docker: LanguageServer = { command: process.execPath, args: [server, '--stdio'], languages: ['dockerfile'], env: {} };

describe('language servers of the user', function () {
  // Programs start here, on a machine that may be busy with others.
  this.timeout(60_000);
  const patiently = (check: () => unknown) => eventually(check, 50_000);
  let servers: ReturnType<typeof registerLanguageServers> | undefined;
  afterEach(() => servers?.dispose());

  const openDockerfile = async (text: string) => {
    const path = join(workspaceRoot(), 'Dockerfile');
    await writeFile(path, text);
    return vscode.workspace.openTextDocument(vscode.Uri.file(path));
  };

  it("start with the first document of their language, and their problems are the editor's", async () => {
    servers = registerLanguageServers(() => ({ docker }));
    assert.deepEqual(servers.running(), []);
    const document = await openDockerfile('FROM node\nFORM node\n');
    await patiently(() => assert.equal(servers?.running()[0]?.status(), 'running'));
    await patiently(() => {
      const found = vscode.languages.getDiagnostics(document.uri);
      assert.ok(
        found.some((d) => d.range.start.line === 1 && /FORM/.test(d.message)),
        JSON.stringify(found),
      );
    });
    servers.dispose();
    await patiently(() => assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []));
  });

  it('say why they do not run, and are not started again and again', async () => {
    const crash: LanguageServer = { command: process.execPath, args: ['-e', 'process.exit(3)'], languages: ['dockerfile'], env: {} };
    const missing: LanguageServer = { ...docker, command: '/nowhere/to/be/found' };
    servers = registerLanguageServers(() => ({ crash, missing }));
    await openDockerfile('FROM node\n');
    await patiently(() => {
      for (const one of servers?.running() ?? []) assert.match(one.status(), /^stopped: ./);
      assert.equal(servers?.running().length, 2);
    });
  });
});
