import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { GrepQuery, Search } from '../../../src/core/ports/search';
import { refuses } from './documents';

const signal = () => new AbortController().signal;

/** The promises of the `Search` port; run on every engine behind it. */
export function searchContract(name: string, make: () => Search): void {
  describe(`search: ${name}`, () => {
    let folder: string;
    let search: Search;

    before(() => {
      search = make();
    });
    beforeEach(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-search-')));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const put = async (files: Readonly<Record<string, string | Uint8Array>>) => {
      for (const [file, data] of Object.entries(files)) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), data);
      }
    };
    const short = (path: string) => relative(folder, path).split(sep).join('/');
    const grep = async (pattern: string, more: Partial<GrepQuery> = {}) => {
      const query = {
        pattern,
        path: folder,
        ignoreCase: false,
        literal: false,
        multiline: false,
        before: 0,
        after: 0,
        limit: 100,
        ...more,
      };
      const got = await search.grep(query, signal());
      return { more: got.more, rows: got.lines.map((l) => `${short(l.path)}:${l.line}${l.match ? ':' : '-'}${l.text}`) };
    };
    const glob = async (pattern: string, at = folder, limit = 100) => {
      const got = await search.glob(pattern, at, limit, signal());
      return { more: got.more, paths: got.paths.map(short) };
    };

    describe('grep', () => {
      it('gives matching lines in path and line order', async () => {
        await put({ 'b.txt': 'one\nfind me\n', 'a/x.txt': 'find me\r\nno\nand find me too' });
        assert.deepEqual(await grep('find me'), {
          more: false,
          rows: ['a/x.txt:1:find me', 'a/x.txt:3:and find me too', 'b.txt:2:find me'],
        });
        assert.deepEqual(await grep('nothing like it'), { more: false, rows: [] });
      });

      it('knows expressions, case, literal text and line anchors', async () => {
        await put({ 'a.txt': 'Foo(1)\nfoo(22)\nbar\r\n' });
        assert.deepEqual((await grep('foo\\(\\d+\\)')).rows, ['a.txt:2:foo(22)']);
        assert.deepEqual((await grep('foo', { ignoreCase: true })).rows.length, 2);
        assert.deepEqual((await grep('(?i)^FOO')).rows.length, 2);
        assert.deepEqual((await grep('foo(22)', { literal: true })).rows, ['a.txt:2:foo(22)']);
        assert.deepEqual((await grep('bar$')).rows, ['a.txt:3:bar']);
      });

      it('shows lines around, each once', async () => {
        await put({ 'a.txt': '1\n2\nhit\n4\nhit\n6\n7\n' });
        const { rows } = await grep('hit', { before: 1, after: 1 });
        assert.deepEqual(rows, ['a.txt:2-2', 'a.txt:3:hit', 'a.txt:4-4', 'a.txt:5:hit', 'a.txt:6-6']);
      });

      it('stops at the limit and says so', async () => {
        await put({ 'a.txt': 'hit\nx\nx\nhit\nhit\n' });
        assert.deepEqual(await grep('hit', { limit: 2, before: 1 }), { more: true, rows: ['a.txt:1:hit', 'a.txt:3-x', 'a.txt:4:hit'] });
        assert.deepEqual((await grep('hit', { limit: 3 })).more, false);
        assert.deepEqual(await grep('hit', { limit: 1, before: 1, after: 1 }), { more: true, rows: ['a.txt:1:hit', 'a.txt:2-x'] });
      });

      it('matches over line ends when asked', async () => {
        await put({ 'a.txt': 'x\nbegin\nmiddle\nend\ny\n' });
        const { rows } = await grep('begin\\n.*\\nend', { multiline: true });
        assert.deepEqual(rows, ['a.txt:2:begin', 'a.txt:3:middle', 'a.txt:4:end']);
      });

      it('leaves out what is ignored, version control and binaries, but not hidden files', async () => {
        await put({
          '.gitignore': 'dist/\n*.log\n!keep.log\n/top.txt\n',
          'dist/a.txt': 'hit',
          'x.log': 'hit',
          'keep.log': 'hit',
          'top.txt': 'hit',
          'sub/top.txt': 'hit',
          'sub/.gitignore': 'local.txt\n',
          'sub/local.txt': 'hit',
          '.github/w.yml': 'hit',
          '.git/config': 'hit',
          'data.bin': Uint8Array.of(0, 0, 104, 105, 116, 0),
        });
        assert.deepEqual((await grep('hit')).rows, ['.github/w.yml:1:hit', 'keep.log:1:hit', 'sub/top.txt:1:hit']);
      });

      it('narrows by glob without letting ignored files in', async () => {
        await put({
          '.gitignore': '*.gen.ts\n',
          'a.ts': 'hit',
          'a.gen.ts': 'hit',
          'a.js': 'hit',
          'src/deep/b.ts': 'hit',
          'src/c.tsx': 'hit',
        });
        const files = async (g: string) => (await grep('hit', { glob: g })).rows.map((row) => row.split(':')[0]);
        assert.deepEqual(await files('*.ts'), ['a.ts', 'src/deep/b.ts']);
        assert.deepEqual(await files('*.{ts,tsx}'), ['a.ts', 'src/c.tsx', 'src/deep/b.ts']);
        assert.deepEqual(await files('src/**'), ['src/c.tsx', 'src/deep/b.ts']);
        assert.deepEqual(await files('src/*.tsx'), ['src/c.tsx']);
        assert.deepEqual(await files('!src/**'), ['a.js', 'a.ts']);
      });

      it('searches one file, and a folder that is itself ignored', async () => {
        await put({ '.gitignore': 'dist/\n', 'dist/a.txt': 'hit', 'b.txt': 'hit' });
        assert.deepEqual((await grep('hit', { path: join(folder, 'b.txt') })).rows, ['b.txt:1:hit']);
        assert.deepEqual((await grep('hit', { path: join(folder, 'dist') })).rows, ['dist/a.txt:1:hit']);
      });

      it('takes names and patterns for what they are, never for options', async () => {
        await put({ '--pre=sh': 'touch pwned\n-e hit\n', '-f': 'hit\n' });
        assert.deepEqual((await grep('--pre=sh')).rows, []);
        assert.deepEqual((await grep('-e hit')).rows, ['--pre=sh:2:-e hit']);
        assert.deepEqual((await grep('hit', { path: join(folder, '-f') })).rows, ['-f:1:hit']);
        assert.deepEqual((await glob('--pre*')).paths, ['--pre=sh']);
      });

      it('keeps the part of a very long line that matches', async () => {
        await put({ 'min.js': `${'ä'.repeat(200_000)}needle${'b'.repeat(200_000)}` });
        const [row = ''] = (await grep('needle')).rows;
        assert.match(row, /needle/);
        assert.ok(row.length < 3_000);
      });

      it('refuses a pattern that is none and a place that is missing', async () => {
        await put({ 'a.txt': 'x' });
        await refuses(grep('(unclosed'), /pattern/);
        await refuses(grep('x', { glob: '*.{ts' }), /glob/);
        await refuses(grep('x', { path: join(folder, 'none') }), /does not exist/);
      });

      it('stops when cancelled', async () => {
        await put({ 'a.txt': 'x' });
        const stop = new AbortController();
        stop.abort();
        const query = { pattern: 'x', path: folder, ignoreCase: false, literal: false, multiline: false, before: 0, after: 0, limit: 1 };
        await assert.rejects(search.grep(query, stop.signal), { name: 'AbortError' });
        await assert.rejects(search.glob('*', folder, 1, stop.signal), { name: 'AbortError' });
      });
    });

    describe('glob', () => {
      it('gives the newest first and says when there are more', async () => {
        await put({ 'old.ts': '', 'new.ts': '', 'sub/mid.ts': '', 'other.js': '' });
        await utimes(join(folder, 'old.ts'), 1_000, 1_000);
        await utimes(join(folder, 'sub/mid.ts'), 2_000, 2_000);
        await utimes(join(folder, 'new.ts'), 3_000, 3_000);
        assert.deepEqual(await glob('*.ts'), { more: false, paths: ['new.ts', 'sub/mid.ts', 'old.ts'] });
        assert.deepEqual(await glob('*.ts', folder, 2), { more: true, paths: ['new.ts', 'sub/mid.ts'] });
      });

      it('reads the usual patterns', async () => {
        await put({ 'a.ts': '', 'src/b.ts': '', 'src/deep/c.test.ts': '', 'src/deep/d[1].tsx': '', '.env.example': '' });
        const sorted = async (pattern: string, at?: string) => (await glob(pattern, at)).paths.sort();
        assert.deepEqual(await sorted('**/*.ts'), ['a.ts', 'src/b.ts', 'src/deep/c.test.ts']);
        assert.deepEqual(await sorted('src/*.ts'), ['src/b.ts']);
        assert.deepEqual(await sorted('src/**/*.{ts,tsx}'), ['src/b.ts', 'src/deep/c.test.ts', 'src/deep/d[1].tsx']);
        assert.deepEqual(await sorted('[ab].ts'), ['a.ts', 'src/b.ts']);
        assert.deepEqual(await sorted('d\\[1\\].tsx'), ['src/deep/d[1].tsx']);
        assert.deepEqual(await sorted('.env*'), ['.env.example']);
        assert.deepEqual(await sorted('deep/*', join(folder, 'src')), ['src/deep/c.test.ts', 'src/deep/d[1].tsx']);
        assert.deepEqual(await sorted(join(folder, 'src', '*.ts')), ['src/b.ts']);
        assert.deepEqual(await sorted('src/'), ['src/b.ts', 'src/deep/c.test.ts', 'src/deep/d[1].tsx']);
      });

      it('leaves ignored files out even when the pattern names them', async () => {
        await put({ '.gitignore': '*.log\nnode_modules\n', 'a.log': '', 'b.txt': '', 'node_modules/m/index.js': '' });
        assert.deepEqual((await glob('*.log')).paths, []);
        assert.deepEqual((await glob('**/*.js')).paths, []);
      });

      it('refuses what it cannot use', async () => {
        await refuses(glob('*', join(folder, 'none')), /does not exist/);
        await refuses(glob('/etc/*'), /outside/);
        await refuses(glob('!*.ts'), /begins with/);
        await refuses(glob('[ab'), /bracket/);
      });
    });
  });
}
