import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from '../support/build';
import { reply } from '../support/model-server/reply';
import { packExtension } from '../support/package/build';
import { openPlumb, type Plumb } from './support/plumb';

describe('the packaged extension', () => {
  let folder = '';
  let plumb: Plumb | undefined;

  before(async function () {
    this.timeout(180_000);
    folder = await mkdtemp(join(tmpdir(), 'plumb-vsix-'));
    const vsix = join(folder, 'plumb.vsix');
    await buildIfStale();
    packExtension(vsix, { quiet: true });
    plumb = await openPlumb({ vsix, script: [reply.tool('shell', { command: 'echo from-the-package' }), reply.text('It runs.')] });
  });

  after(async () => {
    await plumb?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('installs, starts and answers, with nothing of the repository at hand', async () => {
    assert.ok(plumb);
    await plumb.send('Run a command.');
    const panel = await plumb.panel();
    await panel.getByText('It runs.').first().waitFor();
    assert.equal((await readdir(join(plumb.storage, 'sessions'))).length, 1, 'the session was stored');
    const results = JSON.stringify(plumb.model.requests[1]?.json);
    assert.match(results, /from-the-package/, 'the shell grammar and the shell came along');
  });
});
