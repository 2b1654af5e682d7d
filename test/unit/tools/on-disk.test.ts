import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile as readBytes, realpath, rm, writeFile as writeBytes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocuments } from '../../../src/node/documents';
import { createSearch } from '../../../src/node/search';
import { deleteFile } from '../../../src/tools/delete-file';
import { editFile } from '../../../src/tools/edit-file';
import { glob } from '../../../src/tools/glob';
import { grep } from '../../../src/tools/grep';
import { moveFile } from '../../../src/tools/move-file';
import { readFile } from '../../../src/tools/read-file';
import { writeFile } from '../../../src/tools/write-file';
import { fakePorts } from '../../support/fakes/ports';
import { toolSession } from '../../support/fakes/tool-session';

/** The file tools on real files: what the documents of the command line do with bytes, the tools must not undo. */
describe('the file tools on disk', () => {
  let root: string;
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-tools-')));
  });
  after(() => rm(root, { recursive: true, force: true }));

  function session() {
    const search = createSearch({ setting: '' });
    return toolSession({ ...fakePorts(), documents: createDocuments({ roots: [root] }), search });
  }

  const cases: readonly (readonly [string, Buffer, Buffer])[] = [
    ['utf8 with CRLF', Buffer.from('one\r\ntwo\r\nthree'), Buffer.from('one\r\n2\r\n2b\r\nthree')],
    ['mixed endings', Buffer.from('one\r\ntwo\nthree\r\n'), Buffer.from('one\r\n2\n2b\nthree\r\n')],
    ['a byte order mark', Buffer.from('\uFEFFone\ntwo\n'), Buffer.from('\uFEFFone\n2\n2b\n')],
    ['utf16', Buffer.from('\uFEFFone\r\ntwo', 'utf16le'), Buffer.from('\uFEFFone\r\n2\r\n2b', 'utf16le')],
    ['no last line ending', Buffer.from('é漢😀\ntwo'), Buffer.from('é漢😀\n2\n2b')],
  ];
  for (const [name, before, after] of cases) {
    it(`keeps every other byte: ${name}`, async () => {
      const path = join(root, 'bytes.txt');
      await writeBytes(path, before);
      const { run } = session();
      await run(readFile, { path: 'bytes.txt' });
      await run(editFile, { path: 'bytes.txt', edits: [{ old_text: 'two', new_text: '2\n2b' }] });
      assert.deepEqual(await readBytes(path), after);
      // What the result says is known is what is there: the next edit is not stale.
      await run(editFile, { path: 'bytes.txt', edits: [{ old_text: '2\n2b', new_text: 'two' }] });
      assert.deepEqual(await readBytes(path), before);
    });
  }

  it('tells of bytes that are no text, and that an edit would be refused, which it is', async () => {
    const bytes = Buffer.from('na\xefve caf\xe9 and more words\n', 'latin1');
    await writeBytes(join(root, 'latin1.txt'), bytes);
    const { run, fail } = session();
    const read = await run(readFile, { path: 'latin1.txt' });
    assert.match(
      String(read.content),
      /^1\tna\uFFFDve caf\uFFFD and more words\n\n\[Some bytes .* shown as \uFFFD: edit_file and write_file refuse/,
    );
    assert.match(await fail(editFile, { path: 'latin1.txt', edits: [{ old_text: 'more', new_text: 'few' }] }), /not valid/);
    assert.match(await fail(writeFile, { path: 'latin1.txt', content: 'new' }), /not valid/);
    assert.deepEqual(await readBytes(join(root, 'latin1.txt')), bytes);
  });

  it('works through a small job', async () => {
    await mkdir(join(root, 'src'), { recursive: true });
    const { run, fail } = session();
    await run(writeFile, { path: 'src/new/a.ts', content: 'export const a = 1;\n' });
    assert.equal((await run(glob, { pattern: 'src/**/*.ts' })).content, 'src/new/a.ts');
    assert.match(String((await run(grep, { pattern: 'const (a|b)', path: 'src' })).content), /^src\/new\/a\.ts\n1:export const a = 1;/);
    await writeBytes(join(root, 'src/new/a.ts'), 'export const a = 3;\n');
    assert.match(await fail(writeFile, { path: 'src/new/a.ts', content: 'x' }), /-export const a = 1;\n\+export const a = 3;/);
    await run(moveFile, { from: 'src/new/a.ts', to: 'src/b.ts' });
    await run(deleteFile, { path: 'src/b.ts' });
    assert.match(await fail(readFile, { path: 'src/b.ts' }), /does not exist/);
    assert.match(await fail(readFile, { path: '/dev/zero' }), /\n/);
    await writeBytes(join(root, 'data.bin'), new Uint8Array([0, 1, 2, 3]));
    assert.match(await fail(readFile, { path: 'data.bin' }), /binary/);
  });
});
