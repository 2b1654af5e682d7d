import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastToolResults } from '../../../src/demo/wire/request';
import { createSandbox } from '../../../src/node/sandbox';
import { makePlace, objectIn, type Place } from '../../support/cli-process';
import { reply } from '../../support/model-server/reply';
import { type ModelServer, type Script, startModelServer } from '../../support/model-server/server';

const sandbox = await createSandbox().state();

describe('permissions on the command line', function () {
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

  const put = (file: string, text: string) => writeFile(join(place.folder, file), text);
  const get = (file: string) => readFile(join(place.folder, file), 'utf8');

  const edit = reply.tool('edit_file', { path: 'a.txt', edits: [{ old_text: 'old', new_text: 'new' }] });

  it('denies what would be asked, tells the model and the caller, and ends with 4', async () => {
    await setUp([edit, (request) => reply.text(`heard: ${JSON.stringify(lastToolResults(request))}`)]);
    await put('a.txt', 'old\n');
    const ended = await place.run(['-p', 'edit', '--output-format', 'json']);
    assert.equal(ended.code, 4);
    assert.equal(await get('a.txt'), 'old\n');
    const outcome = objectIn(ended);
    assert.match(outcome.text, /nobody is there to ask/);
    assert.equal(outcome.denied[0]?.tool, 'edit_file');
    const [rule = ''] = outcome.denied[0]?.rules ?? [];
    assert.ok(ended.stderr.includes(`--allow '${rule}'`), ended.stderr);
    // What it advises works.
    server.push(edit, reply.text('ok'));
    assert.equal((await place.run(['-p', 'edit', '--allow', rule])).code, 0);
    assert.equal(await get('a.txt'), 'new\n');
  });

  it('advises a rule for what deletes, and says when no rule helps', async () => {
    const remove = (command: string) => reply.tool('shell', { command });
    await setUp([
      remove('rm -rf build'),
      reply.text('no'),
      remove('rm -rf build'),
      reply.text('yes'),
      remove('rm -rf /'),
      reply.text('no'),
    ]);
    await mkdir(join(place.folder, 'build'));
    assert.match((await place.run(['-p', 'x'])).stderr, /--allow 'shell\(rm -rf build\)'/);
    assert.equal((await place.run(['-p', 'x', '--allow', 'shell(rm -rf build)'])).code, 0);
    assert.deepEqual(await readdir(place.folder), []);
    assert.match((await place.run(['-p', 'x'])).stderr, /Nothing lets this pass/);
  });

  (sandbox.ready ? it : it.skip)(
    `confines what auto mode lets pass, where that is wanted${sandbox.ready ? '' : ` (${sandbox.why})`}`,
    async () => {
      await setUp([reply.tool('shell', { command: 'sh work.sh' }), reply.text('ok')]);
      await put('work.sh', 'echo in > in.txt; echo out > ../out.txt; echo out > "$HOME/.bashrc"');
      await mkdir(join(place.home, '.plumb'), { recursive: true });
      await writeFile(join(place.home, '.plumb', 'settings.json'), JSON.stringify({ sandbox: 'required' }));
      const ended = await place.run(['-p', 'x', '--permission-mode', 'auto']);
      assert.equal(ended.code, 0, ended.stderr);
      assert.equal(await get('in.txt'), 'in\n');
      assert.ok(!(await readdir(place.home)).includes('out.txt'));
    },
  );

  it('says at the start when there is no sandbox for what auto mode lets pass', async () => {
    await setUp([reply.text('ok')]);
    await mkdir(join(place.home, '.plumb'), { recursive: true });
    await writeFile(join(place.home, '.plumb', 'settings.json'), JSON.stringify({ sandbox: 'auto' }));
    const ended = await place.run(['-p', 'x', '--permission-mode', 'auto'], { env: { PATH: place.home } });
    assert.equal(ended.code, 0, ended.stderr);
    if (process.platform === 'linux')
      assert.match(ended.stderr, /no sandbox here, so what auto mode lets pass runs without one: bubblewrap \(bwrap\) is not installed/);
  });

  it('follows the mode', async () => {
    await setUp([edit, reply.text('ok'), edit, reply.text('ok')]);
    await put('a.txt', 'old\n');
    assert.equal((await place.run(['-p', 'edit', '--permission-mode', 'plan'])).code, 0);
    assert.equal(await get('a.txt'), 'old\n');
    assert.equal((await place.run(['-p', 'edit', '--permission-mode', 'edit'])).code, 0);
    assert.equal(await get('a.txt'), 'new\n');
  });

  it('lets deny win over allow and over the mode', async () => {
    await setUp([edit, (request) => reply.text(JSON.stringify(lastToolResults(request)))]);
    await put('a.txt', 'old\n');
    const { code, stdout } = await place.run([
      '-p',
      'x',
      '--permission-mode',
      'edit',
      '--allow',
      'edit_file(*)',
      '--deny',
      'edit_file(*.txt)',
    ]);
    assert.equal(code, 0);
    assert.equal(await get('a.txt'), 'old\n');
    assert.match(stdout, /edit_file\(\*\.txt\)/);
  });

  it('runs allowed commands, which do not see the key', async () => {
    await setUp([
      reply.tool('shell', { command: 'env; echo ran > made.txt' }),
      (request) => reply.text(JSON.stringify(lastToolResults(request))),
    ]);
    const { code, stdout } = await place.run(['-p', 'x', '--permission-mode', 'edit', '--allow', 'shell(*)']);
    assert.equal(code, 0);
    assert.equal(await get('made.txt'), 'ran\n');
    assert.match(stdout, /GIT_PAGER=cat/);
    assert.doesNotMatch(stdout, /canary|ANTHROPIC/);
  });

  it('goes on after calls that nothing can allow or resolve', async () => {
    const calls = ['cat /dev/urandom | head -c 5 > x.bin', 'cat //server/share', 'rm -rf /', "echo 'unclosed"].map((command) => ({
      name: 'shell',
      input: { command },
    }));
    const others = [
      { name: 'read_file', input: { path: '/dev/zero' } },
      { name: 'read_file', input: { path: 'a\0b' } },
      { name: 'write_file', input: { path: '//server/x', content: 'x' } },
      { name: 'grep', input: { pattern: '(unclosed' } },
      { name: 'no_such_tool', input: {} },
      { name: 'edit_file', input: {} },
    ];
    await setUp([
      reply.tools([...calls, ...others]),
      (request) => reply.text(JSON.stringify(lastToolResults(request).map((r) => r.isError))),
    ]);
    const { code, stdout } = await place.run(['-p', 'x', '--permission-mode', 'edit', '--allow', 'shell(*)']);
    assert.equal(code, 4);
    assert.deepEqual(
      JSON.parse(stdout),
      [...calls, ...others].map(() => true),
    );
    assert.deepEqual(await readdir(place.folder), []);
  });

  it('hears the rules of the settings file', async () => {
    await setUp([edit, reply.text('ok')]);
    await put('a.txt', 'old\n');
    await mkdir(join(place.home, '.plumb'));
    await writeFile(
      join(place.home, '.plumb', 'settings.json'),
      JSON.stringify({ mode: 'edit', deny: ['edit_file'], nonsense: 1, effort: 'huge' }),
    );
    const { code, stderr } = await place.run(['-p', 'x']);
    assert.equal(code, 0);
    assert.equal(await get('a.txt'), 'old\n');
    assert.match(stderr, /nonsense/);
    assert.match(stderr, /effort/);
  });

  it('takes nothing from the folder it works in', async () => {
    await setUp([edit, reply.text('ok')]);
    await put('a.txt', 'old\n');
    await mkdir(join(place.folder, '.plumb'));
    await put('.plumb/settings.json', JSON.stringify({ mode: 'auto', allow: ['edit_file'], baseUrl: 'http://127.0.0.1:9' }));
    assert.equal((await place.run(['-p', 'x'])).code, 4);
    assert.equal(await get('a.txt'), 'old\n');
  });
});
