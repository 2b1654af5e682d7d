import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { globMatcher } from '../../../src/node/glob-pattern';
import { findRipgrep } from '../../../src/node/ripgrep';
import { walk } from '../../../src/node/walk';
import { refuses } from '../../contract/support/documents';

describe('globs', () => {
  it('read patterns as .gitignore does, with braces', () => {
    const cases: readonly (readonly [pattern: string, fits: readonly string[], misses: readonly string[]])[] = [
      ['*.ts', ['a.ts', 'x/y/a.ts', '.ts'], ['a.tsx', 'ts', 'a.ts/b']],
      ['/a.ts', ['a.ts'], ['x/a.ts']],
      ['./src/*.ts', ['src/a.ts'], ['x/src/a.ts', 'src/x/a.ts']],
      ['src/**/*.ts', ['src/a.ts', 'src/x/y/a.ts'], ['a.ts', 'xsrc/a.ts']],
      ['**/test/**', ['test/a', 'x/test/y/z'], ['test', 'testing/a']],
      ['a**b', ['ab', 'axxb', 'x/axb'], ['a/b']],
      ['{a,b/c}.js', ['a.js', 'b/c.js'], ['c.js']],
      ['[!a-c].x', ['d.x'], ['a.x', '/.x']],
      ['[]x].c', ['].c', 'x.c'], ['y.c']],
      ['file?.txt', ['file1.txt'], ['file.txt', 'file12.txt', 'file/.txt']],
      ['\\*.md', ['*.md'], ['a.md']],
      ['a+b(c)$.txt', ['a+b(c)$.txt'], ['aab(c).txt']],
      ['ä😀?', ['ä😀x', 'ä😀😀'], ['ä😀']],
    ];
    for (const [pattern, fits, misses] of cases) {
      const matches = globMatcher(pattern, { braces: true });
      for (const path of fits) assert.ok(matches(path), `${pattern} fits ${path}`);
      for (const path of misses) assert.ok(!matches(path), `${pattern} misses ${path}`);
    }
  });
});

describe('walking', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-walk-')));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
  };
  const walked = async (folder = root) => {
    const paths: string[] = [];
    for await (const path of walk(folder, new AbortController().signal)) paths.push(relative(root, path));
    return paths.sort();
  };

  it('ignores exactly what git ignores', async () => {
    await put({
      '.gitignore': [
        '# comment',
        '*.log',
        '!important.log',
        'build/',
        '/only-top',
        'doc/*.txt',
        '**/cache',
        'deep/**/end',
        '\\#hash',
        'trailing ',
        'spaced\\ ',
        'we[i]rd',
        'x?.y',
        'dir/**',
        '!dir/keep',
        '[unclosed',
        '',
      ].join('\n'),
      'a.log': '',
      'important.log': '',
      'sub/a.log': '',
      'sub/.gitignore': '!a.log\nlocal\n',
      'sub/local': '',
      'build/x': '',
      'src/build/x': '',
      'src/buildx': '',
      'only-top': '',
      'sub/only-top': '',
      'doc/a.txt': '',
      'doc/sub/a.txt': '',
      'x/cache/y': '',
      'deep/a/b/end': '',
      'deep/end': '',
      '#hash': '',
      trailing: '',
      weird: '',
      'xa.y': '',
      'x.y': '',
      'dir/a': '',
      'dir/keep': '',
      'a.txt': '',
    });
    execFileSync('git', ['init', '-q'], { cwd: root });
    const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '-z'], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, GIT_CONFIG_GLOBAL: '/dev/null' },
      encoding: 'utf8',
    });
    assert.deepEqual(await walked(), listed.split('\0').filter(Boolean).sort());
  });

  it('hears the rules above it inside a repository, and only there', async () => {
    await put({
      '.gitignore': '*.log\n',
      'in/repo/.git/HEAD': '',
      'in/repo/.gitignore': '*.tmp\n',
      'in/repo/src/a.log': '',
      'in/repo/src/a.tmp': '',
    });
    assert.deepEqual(await walked(join(root, 'in/repo/src')), ['in/repo/src/a.log']);
    await rm(join(root, 'in/repo/.git'), { recursive: true });
    assert.deepEqual(await walked(join(root, 'in/repo/src')), ['in/repo/src/a.log', 'in/repo/src/a.tmp']);
  });

  it('finds ripgrep in either layout of the editor, else on PATH, and refuses a wrong setting', async function () {
    if (process.platform === 'win32') return this.skip();
    const program = async (path: string) => {
      await put({ [path]: '#!/bin/sh\n' });
      await chmod(join(root, path), 0o755);
      return join(root, path);
    };
    assert.equal(await findRipgrep({ setting: '', appRoot: join(root, 'app'), path: join(root, 'bin') }), undefined);
    const onPath = await program('bin/rg');
    assert.equal(await findRipgrep({ setting: '', appRoot: join(root, 'app'), path: `rel:${join(root, 'bin')}` }), onPath);
    const newer = await program(`app/node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/rg`);
    assert.equal(await findRipgrep({ setting: '', appRoot: join(root, 'app'), path: join(root, 'bin') }), newer);
    const older = await program('app/node_modules/@vscode/ripgrep/bin/rg');
    assert.equal(await findRipgrep({ setting: '', appRoot: join(root, 'app'), path: '' }), older);
    assert.equal(await findRipgrep({ setting: onPath, appRoot: join(root, 'app') }), onPath);
    await refuses(findRipgrep({ setting: join(root, 'missing') }), /ripgrepPath/);
  });
});
