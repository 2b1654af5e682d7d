import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSession } from '../../../src/core/session';
import { createShell } from '../../../src/node/shell';
import { allTools } from '../../../src/tools/index';
import { reply } from '../../support/model-server/reply';
import { startHarness } from '../../support/session-harness';

const said = (text: string) => ({ text, attachments: [], content: [{ type: 'text' as const, text }] });

describe('the programs that the shell tool names', () => {
  const path = process.env.PATH;
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-path-'));
    process.env.PATH = folder;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true, force: true });
  });

  it('are those on PATH when the session began, for as long as it lasts [R5]', async () => {
    const shell = createShell({ setting: '' });
    const gh = join(folder, 'gh');
    await writeFile(gh, '#!/bin/sh\n');
    await chmod(gh, 0o755);
    const tools = async () => allTools({ kind: shell.kind, programs: await shell.programs() });
    const h = await startHarness([reply.text('1'), reply.text('2'), reply.text('3')], { tools: await tools(), ports: { shell } });
    const names = (n: number) => /"gh"|\bgh\b/.test(JSON.stringify(h.server.requests.at(n)?.json.tools));
    try {
      await h.say('one');
      assert.equal(names(-1), true, 'gh is on PATH');
      await rm(gh);
      const resumed = await h.reopen();
      await resumed.send(said('two'));
      assert.equal(names(-1), true, 'the session sends what it began with');
      const next = await startSession({ ...h.options, tools: await tools() });
      await next.send(said('three'));
      await next.close();
      assert.equal(names(-1), false, 'a new session looks anew');
    } finally {
      await h.close();
      await shell.dispose();
    }
  });
});
