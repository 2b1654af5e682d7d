import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ToolError } from '../../../src/core/errors';
import type { Documents } from '../../../src/core/ports';

/** What the suite needs to know of the adapter under test: how to make one whose only root is `root`. */
export type DocumentsUnderTest = { readonly root: string; readonly documents: Documents };

const signal = () => new AbortController().signal;
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const utf16 = (text: string, big = false) => {
  const body = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? body.swap16() : body;
};

/** Rejects with a ToolError whose message fits and that names a next step. */
export async function refuses(work: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ToolError, `a ToolError, not ${error}`);
    assert.match(error.message, message);
    assert.ok(error.next.length > 0);
    return true;
  });
}

/** The promises of the `Documents` port; run on every adapter. `make` is called once, before the suite. */
export function documentsContract(name: string, make: () => Promise<DocumentsUnderTest>): void {
  describe(`documents: ${name}`, () => {
    let root: string;
    let documents: Documents;
    let outside: string;
    let folder: string;
    let made = 0;

    before(async () => {
      ({ root, documents } = await make());
      outside = await realpath(await mkdtemp(join(tmpdir(), 'plumb-outside-')));
    });
    after(() => rm(outside, { recursive: true, force: true }));
    beforeEach(async () => {
      folder = join(root, `case-${++made}`);
      await mkdir(folder);
    });

    const put = async (file: string, data: string | Uint8Array) => {
      const path = join(folder, file);
      await writeFile(path, data);
      return path;
    };

    describe('resolve', () => {
      it('takes relative paths from the first root and tells what is inside', async () => {
        const path = await put('a.txt', 'a');
        const relative = `${basename(folder)}/a.txt`;
        for (const spelled of [path, relative, `./${relative}`, `${relative}/../a.txt`, `nowhere/../${relative}`]) {
          const resolved = await documents.resolve(spelled);
          assert.equal(resolved.path, path, spelled);
          assert.equal(resolved.real, await realpath(path));
          assert.equal(resolved.exists, true);
          assert.equal(resolved.inside, true);
        }
      });

      it('judges by whole segments', async () => {
        const neighbour = `${root}-neighbour`;
        assert.equal((await documents.resolve(join(neighbour, 'x'))).inside, false);
        assert.equal((await documents.resolve('../x')).inside, false);
        assert.equal((await documents.resolve('..x')).inside, true);
        assert.equal((await documents.resolve(root)).inside, true);
      });

      it('follows links of every part, dangling ones too', async () => {
        await symlink(outside, join(folder, 'out'));
        await symlink(join(outside, 'not-yet'), join(folder, 'dangling'));
        await mkdir(join(folder, 'real'));
        await symlink(join(folder, 'real'), join(folder, 'in'));
        assert.equal((await documents.resolve(join(folder, 'out', 'new', 'file.txt'))).inside, false);
        const dangling = await documents.resolve(join(folder, 'dangling'));
        assert.deepEqual([dangling.inside, dangling.exists], [false, false]);
        assert.equal(dangling.real, join(outside, 'not-yet'));
        assert.equal((await documents.resolve(join(folder, 'in', 'new.txt'))).inside, true);
      });

      it('refuses NUL, network and device paths', async () => {
        await refuses(documents.resolve('a\0b'), /NUL/);
        await refuses(documents.resolve('\\\\server\\share\\x'), /network or device/);
        await refuses(documents.resolve('//server/share/x'), /network or device/);
        await refuses(documents.resolve('\\\\?\\C:\\x'), /network or device/);
        if (process.platform !== 'win32') await refuses(documents.resolve('/dev/zero'), /device/);
      });
    });

    describe('reading', () => {
      it('gives text, its hash and its encoding, with line endings as they are', async () => {
        for (const [file, data, text, encoding] of [
          ['lf.txt', 'a\nb\n', 'a\nb\n', 'utf8'],
          ['crlf.txt', 'a\r\nb', 'a\r\nb', 'utf8'],
          ['bom.txt', '\uFEFFä\n', 'ä\n', 'utf8bom'],
          ['empty.txt', '', '', 'utf8'],
          ['emoji.txt', '😀', '😀', 'utf8'],
        ] as const) {
          const got = await documents.readText(await put(file, data), signal());
          assert.equal(got.text, text, file);
          assert.equal(got.hash, sha(text), file);
          assert.equal(got.encoding, encoding, file);
          assert.equal(got.dirty, false);
        }
      });

      it('refuses what is no text or too large, and says what to do', async () => {
        await refuses(documents.readText(join(folder, 'none.txt'), signal()), /does not exist/);
        await refuses(documents.readText(folder, signal()), /folder/);
        await refuses(documents.readText(await put('x.bin', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0)), signal()), /binary/);
        await refuses(documents.readText(await put('big.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'a')), signal()), /MB/);
      });

      it('says where bytes were no text, so that its text is not the whole truth', async () => {
        const latin = await documents.readText(
          await put('latin1.txt', Buffer.from('na\xefve caf\xe9 and more words\n', 'latin1')),
          signal(),
        );
        assert.match(latin.text, /na\uFFFDve caf\uFFFD/);
        assert.equal(latin.lossy, true);
        const honest = await documents.readText(await put('marks.txt', 'one \uFFFD that was typed\n'), signal());
        assert.equal(honest.lossy, undefined);
      });

      it('reads bytes up to a limit', async () => {
        const path = await put('bytes.bin', Uint8Array.of(0, 1, 2, 3, 4));
        assert.deepEqual([...(await documents.readBytes(path, 3, signal()))], [0, 1, 2]);
        assert.deepEqual([...(await documents.readBytes(path, 99, signal()))], [0, 1, 2, 3, 4]);
        await refuses(documents.readBytes(join(folder, 'none'), 9, signal()), /does not exist/);
      });

      it('lists and describes', async () => {
        const path = await put('b.txt', 'abc');
        await mkdir(join(folder, 'a'));
        assert.deepEqual(await documents.list(folder), [
          { name: 'a', kind: 'folder' },
          { name: 'b.txt', kind: 'file' },
        ]);
        const stats = await documents.stat(path);
        assert.deepEqual([stats?.kind, stats?.size], ['file', 3]);
        assert.equal((await documents.stat(folder))?.kind, 'folder');
        assert.equal(await documents.stat(join(folder, 'none')), undefined);
        assert.equal(await documents.stat(join(path, 'below-a-file')), undefined);
      });
    });

    describe('editing', () => {
      it('writes the new text and tells both', async () => {
        const path = await put('a.txt', 'one\ntwo\n');
        const change = await documents.edit(path, (t) => t.replace('two', 'zwei'), signal());
        assert.equal(await readFile(path, 'utf8'), 'one\nzwei\n');
        assert.deepEqual(change, { path, kind: 'edit', before: 'one\ntwo\n', after: 'one\nzwei\n', hash: sha('one\nzwei\n') });
      });

      it('keeps encoding, BOM and line endings', async () => {
        const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
          ['bom', Buffer.from('\uFEFFa\r\nb\r\n'), Buffer.from('\uFEFFa\r\nX\r\nY\r\n')],
          ['crlf', Buffer.from('a\r\nb\r\n'), Buffer.from('a\r\nX\r\nY\r\n')],
          ['lf', Buffer.from('a\nb\n'), Buffer.from('a\nX\nY\n')],
          ['no last end', Buffer.from('a\r\nb'), Buffer.from('a\r\nX\r\nY')],
        ];
        for (const [file, was, is] of cases) {
          const path = await put(`${file}.txt`, was);
          await documents.edit(path, (t) => t.replace('b', 'X\nY'), signal());
          assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(is), file);
        }
      });

      it('lets a refusal of the transform through and writes nothing', async () => {
        const path = await put('a.txt', 'same');
        const fail = () => {
          throw new ToolError('not found', 'look again');
        };
        await refuses(documents.edit(path, fail, signal()), /not found/);
        assert.equal(await readFile(path, 'utf8'), 'same');
      });

      it('works one edit after the other on the same file', async () => {
        const path = await put('count.txt', '0');
        await Promise.all(Array.from({ length: 20 }, () => documents.edit(path, (t) => String(Number(t) + 1), signal())));
        assert.equal(await readFile(path, 'utf8'), '20');
      });

      it('refuses what is missing, binary, broken or write-protected', async () => {
        const grow = (t: string) => `${t}x`;
        await refuses(documents.edit(join(folder, 'none.txt'), grow, signal()), /does not exist/);
        await refuses(documents.edit(folder, grow, signal()), /folder/);
        const binary = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0);
        await refuses(documents.edit(await put('x.bin', binary), grow, signal()), /binary/);
        const latin = Buffer.from('na\xefve caf\xe9 and more words\n', 'latin1');
        const path = await put('latin1.txt', latin);
        await refuses(documents.edit(path, grow, signal()), /not valid/);
        assert.deepEqual(await readFile(path), latin);
      });

      it('keeps the mode of the file', async function () {
        if (process.platform === 'win32') return this.skip();
        const path = await put('run.sh', 'echo a\n');
        await chmod(path, 0o755);
        await documents.edit(path, (t) => t.replace('a', 'b'), signal());
        assert.equal((await stat(path)).mode & 0o777, 0o755);
      });

      it('does nothing once cancelled', async () => {
        const path = await put('a.txt', 'a');
        const stop = new AbortController();
        stop.abort();
        await assert.rejects(
          documents.edit(path, () => 'b', stop.signal),
          { name: 'AbortError' },
        );
        assert.equal(await readFile(path, 'utf8'), 'a');
      });
    });

    describe('restore', () => {
      const bytes = (text: string) => new Uint8Array(Buffer.from(text));
      const restore = (path: string, to: Uint8Array | null, seen: Uint8Array | null, mode?: number) =>
        documents.restore(path, to, seen, signal(), mode);

      for (const [what, data] of [
        ['text with mixed line endings', Buffer.from('a\r\nb\nc')],
        ['a mark at the start', Buffer.from('\uFEFFmarked\n')],
        ['UTF-16', utf16('wide\r\n')],
        ['bytes that are no text', Buffer.from([0, 255, 1, 254])],
        ['nothing at all', Buffer.alloc(0)],
      ] as const) {
        it(`puts ${what} back byte for byte`, async () => {
          const path = await put('a.txt', 'other\n');
          assert.equal(await restore(path, data, bytes('other\n')), true);
          assert.deepEqual(await readFile(path), data);
          assert.equal(await restore(path, bytes('other\n'), data), true);
          assert.equal(await readFile(path, 'utf8'), 'other\n');
        });
      }

      it('makes a file that is gone, folders and all, and removes one', async () => {
        const path = join(folder, 'deep', 'er', 'a.txt');
        assert.equal(await restore(path, bytes('back\n'), null), true);
        assert.equal(await readFile(path, 'utf8'), 'back\n');
        assert.equal(await restore(path, null, bytes('back\n')), true);
        if (process.platform !== 'win32') {
          assert.equal(await restore(path, bytes('run\n'), null, 0o751), true);
          assert.equal((await stat(path)).mode & 0o777, 0o751);
          assert.equal(await restore(path, null, bytes('run\n')), true);
        }
        await assert.rejects(stat(path), { code: 'ENOENT' });
        assert.equal(await restore(path, null, null), true, 'gone as it should be');
      });

      it('writes nothing when the file is not what was seen', async () => {
        const path = await put('a.txt', 'moved on\n');
        assert.equal(await restore(path, bytes('x'), bytes('seen\n')), false);
        assert.equal(await restore(path, null, bytes('seen\n')), false);
        assert.equal(await restore(path, bytes('x'), null), false);
        assert.equal(await readFile(path, 'utf8'), 'moved on\n');
        assert.equal(await restore(join(folder, 'none.txt'), bytes('x'), bytes('seen\n')), false);
        await assert.rejects(stat(join(folder, 'none.txt')), { code: 'ENOENT' });
      });

      it('does not follow a link out of the workspace', async () => {
        await writeFile(join(outside, 'theirs.txt'), 'theirs\n');
        await symlink(join(outside, 'theirs.txt'), join(folder, 'link.txt'));
        await refuses(restore(join(folder, 'link.txt'), bytes('x'), bytes('theirs\n')), /link|leads/);
        assert.equal(await readFile(join(outside, 'theirs.txt'), 'utf8'), 'theirs\n');
      });
    });

    describe('files', () => {
      it('creates with the missing folders, never over something', async () => {
        const path = join(folder, 'deep', 'er', 'new.txt');
        const change = await documents.create(path, 'hello\n', signal());
        assert.equal(await readFile(path, 'utf8'), 'hello\n');
        assert.deepEqual(change, { path, kind: 'create', before: null, after: 'hello\n', hash: sha('hello\n') });
        await refuses(documents.create(path, 'other', signal()), /exists already/);
        assert.equal(await readFile(path, 'utf8'), 'hello\n');
      });

      it('removes and gives the text back', async () => {
        const path = await put('a.txt', 'bye');
        assert.deepEqual(await documents.remove(path, signal()), { path, kind: 'delete', before: 'bye', after: null, hash: '' });
        assert.equal(await documents.stat(path), undefined);
        await refuses(documents.remove(path, signal()), /does not exist/);
      });

      it('renames, never over something', async () => {
        const from = await put('a.txt', 'text');
        const to = join(folder, 'sub', 'b.txt');
        const change = await documents.rename(from, to, signal());
        assert.deepEqual(change, { path: to, from, kind: 'rename', before: 'text', after: 'text', hash: sha('text') });
        assert.equal(await documents.stat(from), undefined);
        await refuses(documents.rename(to, await put('c.txt', 'c'), signal()), /exists already/);
        assert.equal(await readFile(join(folder, 'c.txt'), 'utf8'), 'c');
      });

      it('never writes through a link that leads out of the workspace', async () => {
        await writeFile(join(outside, 'target.txt'), 'safe');
        await symlink(join(outside, 'target.txt'), join(folder, 'link.txt'));
        await symlink(outside, join(folder, 'out'));
        await symlink(join(outside, 'planted.txt'), join(folder, 'dangling.txt'));
        await refuses(
          documents.edit(join(folder, 'link.txt'), () => 'x', signal()),
          /out of the workspace/,
        );
        await refuses(
          documents.edit(join(folder, 'out', 'target.txt'), () => 'x', signal()),
          /out of the workspace/,
        );
        await refuses(documents.create(join(folder, 'out', 'new.txt'), 'x', signal()), /out of the workspace/);
        await refuses(documents.create(join(folder, 'dangling.txt'), 'x', signal()), /out of the workspace/);
        await refuses(documents.remove(join(folder, 'out', 'target.txt'), signal()), /out of the workspace/);
        const own = await put('own.txt', 'own');
        await refuses(documents.rename(own, join(folder, 'out', 'own.txt'), signal()), /out of the workspace/);
        assert.equal(await readFile(join(outside, 'target.txt'), 'utf8'), 'safe');
        assert.equal(await documents.stat(join(outside, 'planted.txt')), undefined);
        assert.equal(await documents.stat(join(outside, 'new.txt')), undefined);
      });

      it('writes through a link that stays inside', async () => {
        const path = await put('real.txt', 'a');
        await symlink(path, join(folder, 'link.txt'));
        await documents.edit(join(folder, 'link.txt'), () => 'b', signal());
        assert.equal(await readFile(path, 'utf8'), 'b');
      });
    });

    it('keeps UTF-16 on disk, where it can be told from its BOM', async () => {
      for (const big of [false, true]) {
        const path = await put(`wide-${big}.txt`, utf16('a\r\nb😀\r\n', big));
        assert.equal((await documents.readText(path, signal())).text, 'a\r\nb😀\r\n');
        await documents.edit(path, (t) => t.replace('b', 'c\nd'), signal());
        assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(utf16('a\r\nc\r\nd😀\r\n', big)));
      }
    });
  });
}
