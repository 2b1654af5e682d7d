import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePlace, type Place } from '../../support/cli-process';
import { reply } from '../../support/model-server/reply';
import { type ModelServer, startModelServer } from '../../support/model-server/server';

const zRecord = z.looseObject({
  session: z.string(),
  agent: z.string(),
  tool: z.string(),
  inputHash: z.string().length(64),
  class: z.string(),
  rule: z.string(),
  origin: z.string().nullable(),
  handler: z.string(),
  verdict: z.string(),
  outcome: z.string(),
  reason: z.string(),
});

describe('permission audit on the command line', function () {
  this.timeout(30_000);
  let server: ModelServer;
  let place: Place;
  before(async () => {
    const edit = reply.tool('edit_file', { path: 'a.txt', edits: [{ old_text: 'old', new_text: 'new' }] });
    server = await startModelServer([
      reply.tools([
        { name: 'read_file', input: { path: 'a.txt' } },
        { name: 'shell', input: { command: 'touch made' } },
      ]),
      reply.text('no'),
      edit,
      reply.text('ok'),
    ]);
    place = await makePlace(server.url);
    await writeFile(join(place.folder, 'a.txt'), 'old\n');
    assert.equal((await place.run(['-p', 'first'])).code, 4);
    assert.equal((await place.run(['-p', 'second', '--allow', 'edit_file(a.txt)'])).code, 0);
  });
  after(async () => {
    await server.close();
    await place.remove();
  });

  it('prints every decision of all sessions, and those that are wanted', async () => {
    const all = await place.run(['audit', '--json']);
    assert.equal(all.code, 0, all.stderr);
    const records = all.stdout
      .trim()
      .split('\n')
      .map((line) => zRecord.parse(JSON.parse(line)));
    assert.deepEqual(
      records.map(({ tool, verdict, outcome, rule, origin, handler }) => [tool, verdict, outcome, rule, origin, handler]),
      [
        ['read_file', 'allow', 'ok', 'class:read_only', null, 'unattended'],
        ['shell', 'deny', 'denied', 'nobody', null, 'unattended'],
        ['edit_file', 'allow', 'ok', 'edit_file(a.txt)', 'flag', 'unattended'],
      ],
    );
    assert.equal(new Set(records.map(({ session }) => session)).size, 2);
    const denied = await place.run(['audit', '--outcome', 'deny', '--since', '1h']);
    assert.match(denied.stdout, /^\S+Z \[\w{8} 1\] deny {2}denied {4}shell: touch made \(by nobody being there\)\n$/);
    assert.equal((await place.run(['audit', '--session', records[0]?.session.slice(0, 8) ?? '', '--tool', 'edit_file'])).stdout, '');
    const none = await place.run(['audit', '--session', 'nothing-of-the-kind']);
    assert.deepEqual([none.code, none.stdout], [2, '']);
    assert.match(none.stderr, /There is no session nothing-of-the-kind/);
  });

  it('tells what the rules of today would answer otherwise, and runs nothing', async () => {
    await mkdir(join(place.home, '.plumb'), { recursive: true });
    const same = await place.run(['audit', 'replay', '--allow', 'edit_file(a.txt)']);
    assert.equal(same.stdout, '');
    assert.match(same.stderr, /^plumb: 3 decisions, 0 would be answered otherwise\n$/);
    const settings = join(place.home, '.plumb', 'settings.json');
    await writeFile(settings, JSON.stringify({ deny: ['read_file(a.txt)'], allow: ['shell(touch made)'] }));
    const other = await place.run(['audit', 'replay']);
    assert.equal(other.code, 0, other.stderr);
    const lines = other.stdout.trim().split('\n');
    assert.equal(lines.length, 3, other.stdout);
    assert.match(lines[0] ?? '', /allow -> deny {2}read_file: a\.txt: .* \[read_file\(a\.txt\)\]$/);
    assert.match(lines[1] ?? '', /ask \(denied\) -> allow {2}shell: touch made: .* \[shell\(touch made\)\]$/);
    assert.match(lines[2] ?? '', /allow -> ask {2}edit_file: a\.txt/);
    assert.equal(await readFile(join(place.folder, 'a.txt'), 'utf8'), 'new\n');
    await assert.rejects(readFile(join(place.folder, 'made')));
    await writeFile(settings, '{}');
  });
});
