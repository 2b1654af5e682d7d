import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePlace, type Place } from '../../support/cli-process';

const zAnswer = z.looseObject({
  id: z.union([z.string(), z.number()]).nullable(),
  class: z.string().nullish(),
  verdict: z.string().optional(),
  containment: z.string().optional(),
  target: z.string().nullish(),
  rule: z.string().nullish(),
  why: z.string().optional(),
  error: z.string().optional(),
  parts: z.array(z.object({ text: z.string(), class: z.string(), why: z.string() })).optional(),
});

describe('judging from the command line', function () {
  this.timeout(30_000);
  let place: Place;
  beforeEach(async () => {
    place = await makePlace();
  });
  afterEach(() => place.remove());

  const answers = async (args: readonly string[], lines: readonly (string | object)[]) => {
    const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const ended = await place.run(args, { input });
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout
      .trim()
      .split('\n')
      .map((line) => zAnswer.parse(JSON.parse(line)));
  };

  it('says of each line what it would do, in order, and runs none', async () => {
    const said = await answers(
      ['classify'],
      [
        { id: 1, cmd: 'git log --oneline | head -5' },
        { id: 'b', cmd: 'touch made' },
        { id: 3, cmd: 'rm -rf src' },
        { id: 4, cmd: 'echo $(touch made)' },
        { id: 5, cmd: 'cat ../.ssh/id_rsa' },
        { id: 6, cmd: 'Get-ChildItem -Recurse', shell: 'powershell' },
        { id: 7, cmd: 'dir /b', shell: 'cmd', cwd: 'C:\\work' },
        { id: 8, cmd: 'ls -la', shell: 'zsh', cwd: '/nowhere/app' },
        { id: 9, cmd: `ls && ${'a '.repeat(20_000)}` },
      ],
    );
    assert.deepEqual(
      said.map(({ id, class: effect }) => [id, effect]),
      [
        [1, 'read_only'],
        ['b', 'mutating'],
        [3, 'destructive'],
        [4, 'must_ask'],
        [5, 'must_ask'],
        [6, 'read_only'],
        [7, 'read_only'],
        [8, 'read_only'],
        [9, 'must_ask'],
      ],
    );
    assert.deepEqual(
      said[0]?.parts?.map(({ text }) => text),
      ['git log --oneline', 'head -5'],
    );
    assert.deepEqual(await readdir(place.folder), []);
  });

  it('answers a broken line with what is wrong, and goes on', async () => {
    const said = await answers(
      ['classify'],
      ['{"id": 1,', '[]', '{"id": 2, "cmd": 7}', '{"id": 3, "cmd": "ls", "shell": "fish"}', '', { id: 4, cmd: 'ls' }],
    );
    assert.deepEqual(
      said.map(({ id, error, class: effect }) => [id, typeof error === 'string', effect]),
      [
        [null, true, undefined],
        [null, true, undefined],
        [2, true, undefined],
        [3, true, undefined],
        [4, false, 'read_only'],
      ],
    );
  });

  it('explains calls by where they lead and by the rules, and runs none', async () => {
    await mkdir(join(place.folder, '.git'));
    await mkdir(join(place.home, 'project2'));
    await writeFile(join(place.folder, 'a.ts'), 'a');
    await symlink(place.home, join(place.folder, 'out'));
    const write = (path: string, more: object = {}) => ({ tool: 'write_file', input: { path, content: 'x' }, ...more });
    const read = (path: string, more: object = {}) => ({ tool: 'read_file', input: { path }, ...more });
    const said = await answers(
      ['explain', '--deny', 'read_file(private/**)', '--allow', 'shell(npm test *)'],
      [
        read('a.ts'),
        read('../project2/x'),
        read('out/x'),
        read('.env'),
        read('~/.ssh/id_rsa'),
        read('private/a'),
        read('//host/share/x'),
        read('\\\\?\\C:\\x'),
        read('C:\\Windows\\win.ini'),
        write('a.ts'),
        write('a.ts', { mode: 'edit' }),
        write('a.ts', { mode: 'plan' }),
        write('.git/hooks/pre-commit', { mode: 'auto' }),
        write('.GIT/config', { mode: 'auto' }),
        write('package.json', { mode: 'edit' }),
        write('out/x', { mode: 'edit' }),
        write('~/.plumb/settings.json', { mode: 'auto' }),
        { tool: 'shell', input: { command: 'npm test x' } },
        { tool: 'shell', input: { command: 'rm -rf src' }, mode: 'auto' },
        { tool: 'shell', input: { command: 'echo x > .git/config' }, mode: 'auto' },
        { tool: 'shell', input: { command: 'git status' } },
        read('b', { cwd: join(place.folder, 'sub'), roots: [place.folder] }),
        read('../../x', { cwd: join(place.folder, 'sub'), roots: [place.folder] }),
        read(join(place.home, 'project2/x'), { roots: [place.folder, join(place.home, 'project2')] }),
      ],
    );
    assert.deepEqual(
      said.map(({ verdict, containment, rule }) => [verdict, containment, rule]),
      [
        ['allow', 'inside', 'class:read_only'],
        ['ask', 'outside', null],
        ['ask', 'outside', null],
        ['ask', 'protected', null],
        ['ask', 'protected', null],
        ['deny', 'inside', 'read_file(private/**)'],
        ['deny', 'outside', 'invalid_call'],
        ['deny', 'outside', 'invalid_call'],
        ['deny', 'outside', 'invalid_call'],
        ['ask', 'inside', null],
        ['allow', 'inside', 'mode:edit'],
        ['deny', 'inside', 'mode:plan'],
        ['ask', 'protected', null],
        ['ask', 'protected', null],
        ['ask', 'protected', null],
        ['ask', 'outside', null],
        ['deny', 'protected', 'plumb_state'],
        ['allow', 'inside', 'shell(npm test *)'],
        ['ask', 'inside', null],
        ['ask', 'protected', null],
        ['allow', 'inside', 'class:read_only'],
        ['allow', 'inside', 'class:read_only'],
        ['ask', 'outside', null],
        ['allow', 'inside', 'class:read_only'],
      ],
    );
    assert.equal(said[2]?.target, join(place.home, 'x'));
    assert.match(said[12]?.why ?? '', /protected path/);
    assert.deepEqual((await readdir(place.folder)).sort(), ['.git', 'a.ts', 'out']);
  });

  it('tells of a tool that does not exist, and of input that no tool takes', async () => {
    const said = await answers(
      ['explain'],
      [
        { id: 1, tool: 'nothing', input: {} },
        { id: 2, tool: 'read_file', input: { wrong: 1 } },
        { id: 3, tool: 'read_file', input: { path: 'a' } },
      ],
    );
    assert.match(said[0]?.error ?? '', /no tool called nothing/);
    assert.match(said[1]?.why ?? '', /not valid/);
    assert.equal(said[2]?.verdict, 'allow');
  });
});
