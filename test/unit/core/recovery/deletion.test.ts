import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAssets } from '../../../../src/node/assets';
import { createShell, type NodeShell } from '../../../../src/node/shell';
import { deleteFile } from '../../../../src/tools/delete-file';
import { shellTool } from '../../../../src/tools/shell';
import { reply } from '../../../support/model-server/reply';
import type { Harness } from '../../../support/session-harness';
import { closeAll, put, rewind, start, tree } from './files';

const modules = new URL('../../../../node_modules/', import.meta.url).pathname;

/** What a command or the delete tool takes away comes back, as far as it was known beforehand. */
describe('deletion', function () {
  if (process.platform === 'win32') return;
  this.timeout(30_000);
  let shell: NodeShell;
  before(() => {
    shell = createShell({ setting: '' });
  });
  after(() => shell.dispose());
  afterEach(closeAll);

  const begin = () =>
    start({
      tools: [shellTool({ kind: shell.kind, programs: [] }), deleteFile],
      rules: [],
      ports: { shell, asset: createAssets([`${modules}web-tree-sitter`, `${modules}tree-sitter-bash`]) },
    });

  /** The model calls the tool, and the person allows it. Gives the message to go back to. */
  async function allowed(h: Harness, tool: string, input: Record<string, string>): Promise<number> {
    h.server.push(reply.tool(tool, input), reply.text('ok'));
    const run = h.say('go');
    const ask = await h.event('permission_asked');
    h.desk.decide(ask.askId, { choice: 'once' });
    assert.equal(await run, 'done');
    assert.deepEqual(
      h.events('tool_finished').map(({ outcome }) => outcome),
      ['ok'],
    );
    return h.events('user_message')[0]?.seq ?? assert.fail('no message');
  }
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  it('of a folder by an approved command is taken back by a rewind: bytes and permissions, ignored files too', async () => {
    const h = await begin();
    await put(h.root, {
      '.gitignore': 'build/\n',
      'build/run.sh': '#!/bin/sh\n',
      'build/deep/data.bin': Buffer.from([0, 255, 1, 254]),
      'build/deep/.hidden': 'h\n',
      'src/a.ts': 'a\n',
      'one.log': '1\n',
      'two.log': '2\n',
    });
    await chmod(join(h.root, 'build/run.sh'), 0o755);
    await chmod(join(h.root, 'build/deep/data.bin'), 0o600);
    const before = await tree(h.root);
    const to = await allowed(h, 'shell', { command: 'rm -rf build src && rm *.log' });
    assert.deepEqual(Object.keys(await tree(h.root)), ['.gitignore']);
    const { plan, done } = await rewind(h.session, to);
    assert.deepEqual([plan.missed, plan.left, done.left], [[], [], []]);
    assert.deepEqual(await tree(h.root), before);
    assert.equal(await modeOf(join(h.root, 'build/run.sh')), '755');
    assert.equal(await modeOf(join(h.root, 'build/deep/data.bin')), '600');
    await h.session.rewinder.redo();
    assert.deepEqual(Object.keys(await tree(h.root)), ['.gitignore']);
  });

  it('of a script by the delete tool is taken back with its permissions', async () => {
    const h = await begin();
    await put(h.root, { 'run.sh': '#!/bin/sh\n' });
    await chmod(join(h.root, 'run.sh'), 0o750);
    const to = await allowed(h, 'delete_file', { path: 'run.sh' });
    await rewind(h.session, to);
    assert.equal(await readFile(join(h.root, 'run.sh'), 'utf8'), '#!/bin/sh\n');
    assert.equal(await modeOf(join(h.root, 'run.sh')), '750');
  });

  it('of more than is copied beforehand says so, and copies none of it', async () => {
    const h = await begin();
    await mkdir(join(h.root, 'many'));
    await writeFile(join(h.root, '.gitignore'), 'many/\n');
    for (let n = 0; n < 1_001; n++) await writeFile(join(h.root, 'many', `${n}`), 'x');
    const to = await allowed(h, 'shell', { command: 'rm -rf many' });
    const { plan } = await rewind(h.session, to);
    assert.deepEqual(plan.missed, ['Not all of many was copied before it was deleted: it held more than 1,000 files or 64 MB.']);
    assert.deepEqual(Object.keys(await tree(h.root)), ['.gitignore']);
  });

  it('of links leaves what they lead to, and says that they do not come back', async () => {
    const h = await begin();
    await put(h.root, { 'kept/a.txt': 'a\n', 'old/b.txt': 'b\n' });
    await symlink(join(h.root, 'kept'), join(h.root, 'old/link'));
    const to = await allowed(h, 'shell', { command: 'rm -rf old' });
    const { plan } = await rewind(h.session, to);
    assert.deepEqual(plan.missed, ['Links and special files in old are not brought back.']);
    assert.deepEqual(await tree(h.root), { 'kept/a.txt': 'a\n', 'old/b.txt': 'b\n' });
  });
});
