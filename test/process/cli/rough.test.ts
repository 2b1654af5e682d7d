import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastToolResults } from '../../../src/demo/wire/request';
import { makePlace, type Place } from '../../support/cli-process';
import { reply } from '../../support/model-server/reply';
import { type ModelServer, type Script, startModelServer } from '../../support/model-server/server';

/** What a careless model, a broken disk or a hostile file does to the command line. */
describe('the command line under rough handling', function () {
  this.timeout(30_000);
  let server: ModelServer;
  let place: Place;

  const setUp = async (script: Script = []) => {
    server = await startModelServer(script);
    place = await makePlace(server.url);
  };
  afterEach(async () => {
    await server.close();
    await place.remove();
  });
  const results = (at = -1) => {
    const request = server.requests.at(at);
    assert.ok(request);
    return JSON.stringify(request.json);
  };

  it('quotes no file in an error that nobody may read without asking', async () => {
    const near = (path: string) => reply.tool('edit_file', { path, edits: [{ old_text: 'the password is hunter3', new_text: 'x' }] });
    for (const mode of ['ask', 'edit', 'auto']) {
      await setUp([near('../secret.txt'), near('.env'), near('~/secret.txt'), near('plain.txt'), reply.text('ok')]);
      const secret = 'the password is hunter2\n';
      await writeFile(join(place.home, 'secret.txt'), secret);
      await writeFile(join(place.folder, '.env'), secret);
      await writeFile(join(place.folder, 'plain.txt'), 'the password is visible\n');
      const ended = await place.run(['-p', 'x', '--permission-mode', mode]);
      assert.equal(ended.code, 4, ended.stderr);
      assert.doesNotMatch(results(), /hunter2/, mode);
      assert.match(results(), /the password is visible/, 'an error about a plain file still shows it');
      if (mode !== 'auto') {
        await server.close();
        await place.remove();
      }
    }
  });

  it('answers a call without arguments with its error, not with a question of permission', async () => {
    await setUp([reply.tool('shell', {}), (request) => reply.text(lastToolResults(request)[0]?.text ?? '')]);
    const ended = await place.run(['-p', 'x']);
    assert.match(ended.stdout, /exactly one of command/);
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
  });

  it('writes its key nowhere, though a server quotes it and a command digs it out', async () => {
    const key = 'a-key-of-no-known-shape';
    await setUp([
      reply.tool('shell', { command: 'cat /proc/$PPID/environ /proc/self/environ; env' }),
      reply.http(401, { type: 'authentication_error', message: `invalid x-api-key: ${key}` }),
    ]);
    const ended = await place.run(['-p', 'x', '--allow', 'shell(*)', '--permission-mode', 'auto', '--output-format', 'stream-json'], {
      env: { ANTHROPIC_API_KEY: key },
    });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /did not accept the API key/);
    assert.ok(!ended.stdout.includes(key) && !ended.stderr.includes(key), 'output');
    for (const { body } of server.requests) assert.ok(!body.toString().includes(key), 'request');
    const storage = join(place.home, '.plumb');
    for (const file of await readdir(storage, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) assert.ok(!(await readFile(join(file.parentPath, file.name), 'utf8')).includes(key), file.name);
    }
  });

  it('goes on in the folder where a session began, wherever it is called from and however that is spelled', async () => {
    await setUp([
      reply.text('One.'),
      reply.text('Two.'),
      reply.tool('write_file', { path: 'made.txt', content: 'x' }),
      reply.text('Three.'),
    ]);
    await symlink(place.folder, join(place.home, 'link'));
    const allowed = ['--permission-mode', 'edit'];
    assert.equal((await place.run(['-p', 'begin', '--cwd', join(place.home, 'link')])).code, 0);
    assert.equal((await place.run(['-p', 'on', '--resume', 'last'])).stdout, 'Two.\n');
    const [id = ''] = await readdir(join(place.home, '.plumb', 'sessions'));
    await mkdir(join(place.home, 'other'));
    const elsewhere = { cwd: join(place.home, 'other') };
    assert.equal((await place.run(['-p', 'on', '--resume', id, ...allowed], elsewhere)).stdout, 'Three.\n');
    assert.equal(await readFile(join(place.folder, 'made.txt'), 'utf8'), 'x');
    const named = await place.run(['-p', 'on', '--resume', id, '--cwd', '.'], elsewhere);
    assert.deepEqual([named.code, /works in .*project/.test(named.stderr)], [2, true], named.stderr);
    await rm(place.folder, { recursive: true });
    const gone = await place.run(['-p', 'on', '--resume', id], elsewhere);
    assert.deepEqual([gone.code, /is gone/.test(gone.stderr)], [2, true], gone.stderr);
  });

  it('says that a log is damaged', async () => {
    await setUp([reply.text('One.'), reply.text('Two.'), reply.text('Three.')]);
    await place.run(['-p', 'begin']);
    const [id = ''] = await readdir(join(place.home, '.plumb', 'sessions'));
    const file = join(place.home, '.plumb', 'sessions', id, 'events.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.map((line, i) => (i === 4 ? 'garbage' : line)).join('\n'));
    const ended = await place.run(['-p', 'on', '--resume', 'last']);
    assert.equal(ended.code, 0);
    assert.match(ended.stderr, /damaged.*line 5/);
    const strange = JSON.stringify({ type: 'from_the_future', seq: 5 });
    await writeFile(file, lines.map((line, i) => (i === 4 ? strange : line)).join('\n'));
    const later = await place.run(['--resume', id]);
    assert.match(later.stderr, /line 5: this Plumb knows no event of the kind "from_the_future"; it is left out/);
    assert.ok(later.stderr.length < 300, 'and not which ones it knows');
  });

  it('names the logs of which nobody can tell their folder when it looks for the last session of one', async () => {
    await setUp([reply.text('One.'), reply.text('Two.')]);
    await place.run(['-p', 'begin']);
    const [id = ''] = await readdir(join(place.home, '.plumb', 'sessions'));
    const file = join(place.home, '.plumb', 'sessions', id, 'events.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.slice(2).join('\n'));
    const ended = await place.run(['-p', 'on', '--resume', 'last']);
    assert.equal(ended.code, 2);
    assert.ok(ended.stderr.includes(id), ended.stderr);
    const by = await place.run(['-p', 'on', '--resume', id]);
    assert.deepEqual([by.code, by.stdout], [0, 'Two.\n'], by.stderr);
  });

  it('says why sessions cannot be kept in a place, whatever stands there', async () => {
    await setUp();
    await writeFile(join(place.home, 'file'), '');
    const places = { [join(place.home, 'file')]: /is a file, so no folder can be made/, [join(place.home, 'file', 'in')]: /is a file/ };
    const nowhere = process.platform === 'linux' ? { '/proc/plumb': /cannot be made|may not write/ } : {};
    for (const [storage, why] of Object.entries({ ...places, ...nowhere })) {
      const ended = await place.run(['-p', 'x', '--storage', storage]);
      assert.equal(ended.code, 1, storage);
      assert.match(ended.stderr, why);
      assert.match(ended.stderr, /--storage/);
      assert.doesNotMatch(ended.stderr, /Warning|fault in Plumb/);
    }
    assert.equal(server.requests.length, 0);
  });

  it('gives a reply whole that went on after the output limit', async () => {
    await setUp([
      reply.text('Let me see.').tool('glob', { pattern: '*' }),
      reply.text('The first half, ').stop('max_tokens'),
      reply.text('and the second.'),
    ]);
    assert.equal((await place.run(['-p', 'x'])).stdout, 'The first half, and the second.\n');
  });

  it('does not spend where it cannot count what it spends', async () => {
    await setUp([reply.text('no')]);
    const ended = await place.run(['-p', 'x', '--model', 'local-model', '--max-cost', '1']);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /price of local-model is not known/);
    assert.equal(server.requests.length, 0);
    const demo = await place.run(['-p', 'hello', '--demo', '--max-cost', '1']);
    assert.equal(demo.code, 0, 'the demo costs nothing');
  });

  it('says so when a rule names no tool', async () => {
    await setUp([reply.text('ok')]);
    const ended = await place.run(['-p', 'x', '--deny', 'shel(rm *)', '--allow', 'mcp__x__*']);
    assert.equal(ended.code, 0);
    assert.match(ended.stderr, /deny "shel\(rm \*\)" means nothing: there is no tool called shel\. .*shell/);
    assert.doesNotMatch(ended.stderr, /mcp__x/);
  });
});
