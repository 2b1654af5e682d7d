import assert from 'node:assert/strict';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePlace, objectIn, type Place } from '../../support/cli-process';
import { reply } from '../../support/model-server/reply';
import { type ModelServer, startModelServer } from '../../support/model-server/server';

const zResult = z.object({
  verdict: z.string(),
  covered: z.number(),
  events: z.number(),
  effects: z.number(),
  agents: z.array(z.object({ did: z.string(), operator: z.string() })),
  problems: z.array(z.object({ file: z.string(), line: z.number(), kind: z.string() })),
  proves: z.string(),
  provesNot: z.string(),
});

describe('plumb verify', function () {
  this.timeout(60_000);
  let place: Place;
  let server: ModelServer;
  before(async () => {
    server = await startModelServer([
      reply.tool('write_file', { path: 'a.txt', content: 'one\n' }),
      reply.text('Written.'),
      reply.tool('read_file', { path: 'a.txt' }),
      reply.text('Read.'),
    ]);
    place = await makePlace(server.url);
  });
  after(async () => {
    await place.remove();
    await server.close();
  });

  it('proves a session of two runs, and names the line that was changed in a copy of it', async () => {
    const args = ['--permission-mode', 'edit', '--output-format', 'json', '--model', 'claude-opus-4-8'];
    const first = await place.run(['-p', 'Write it.', ...args]);
    assert.equal(first.code, 0, first.stderr);
    const session = objectIn(first).session ?? '';
    const second = await place.run(['-p', 'Read it.', '--resume', session, ...args]);
    assert.equal(second.code, 0, second.stderr);

    const said = await place.run(['verify', session.slice(0, 8)]);
    assert.equal(said.code, 0, said.stdout + said.stderr);
    assert.match(said.stdout, /everything is as it was signed/);
    assert.match(said.stdout, /on the word of did:key:z6Mk\w+ \(the command line of this storage\)/);
    assert.match(said.stdout, /This proves integrity/);
    assert.match(said.stdout, /It does not prove that nothing was cut off/);
    const key = join(place.home, '.plumb', 'identity', 'operator.key');
    if (process.platform !== 'win32') assert.equal((await stat(key)).mode & 0o777, 0o600);

    const folder = join(place.home, 'copy');
    await mkdir(folder);
    for (const name of ['events.jsonl', 'proof.jsonl']) await cp(join(place.home, '.plumb', 'sessions', session, name), join(folder, name));
    const log = join(folder, 'events.jsonl');
    const elsewhere = { env: { HOME: folder, USERPROFILE: folder } };
    const whole = await place.run(['verify', log, '--json'], elsewhere);
    const result = zResult.parse(JSON.parse(whole.stdout));
    assert.equal(whole.code, 0, whole.stdout);
    assert.deepEqual([result.verdict, result.covered, result.effects], ['proven', result.events, 1]);
    assert.equal(new Set(result.agents.map(({ did }) => did)).size, 1);

    const lines = (await readFile(log, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.includes('"type":"tool_finished"'));
    await writeFile(log, lines.map((line, i) => (i === at ? line.replace('"ok"', '"error"') : line)).join('\n'));
    const changed = await place.run(['verify', folder, '--json'], elsewhere);
    assert.equal(changed.code, 1, changed.stderr);
    assert.deepEqual(
      zResult.parse(JSON.parse(changed.stdout)).problems.map(({ file, line, kind }) => [file, line, kind]),
      [['events.jsonl', at + 1, 'edited']],
    );
    const none = await place.run(['verify', join(folder, 'nothing-here')], elsewhere);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /There is no session/);
  });
});
