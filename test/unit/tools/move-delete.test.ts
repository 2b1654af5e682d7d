import assert from 'node:assert/strict';
import { deleteFile } from '../../../src/tools/delete-file';
import { moveFile } from '../../../src/tools/move-file';
import { readFile } from '../../../src/tools/read-file';
import { writeFile } from '../../../src/tools/write-file';
import { fakeDocuments } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { toolSession } from '../../support/fakes/tool-session';

function session(files: Record<string, string | Uint8Array>) {
  const documents = fakeDocuments(files);
  return { documents, ...toolSession(fakePorts({ documents })) };
}

describe('delete_file', () => {
  it('deletes a file and hands its text to review', async () => {
    const { run, documents } = session({ '/w/a': 'x\ny\n' });
    const output = await run(deleteFile, { path: 'a' });
    assert.equal(documents.disk.has('/w/a'), false);
    assert.deepEqual(output.changes?.[0], { path: '/w/a', kind: 'delete', before: 'x\ny\n', after: null, hash: '' });
    assert.equal(output.summary, 'Deleted, 2 lines');
  });

  it('counts as destructive only where the content cannot come back', async () => {
    const { assess } = session({ '/w/a': 'x', '/w/b': new Uint8Array([0]) });
    const text = await assess(deleteFile, { path: 'a' });
    assert.deepEqual([text.class, text.subjects[0]?.touches[0]?.access, text.safety.destructive], ['mutating', 'delete', false]);
    const binary = await assess(deleteFile, { path: 'b' });
    assert.deepEqual([binary.class, binary.subjects[0]?.class, binary.safety.destructive], ['destructive', 'destructive', true]);
  });

  it('refuses folders, missing files and what changed since it was read', async () => {
    const { run, fail, documents } = session({ '/w/src/a': 'x\n' });
    assert.match(await fail(deleteFile, { path: 'src' }), /is a folder[\s\S]*one by one/);
    assert.match(await fail(deleteFile, { path: 'none' }), /does not exist/);
    await run(readFile, { path: 'src/a' });
    documents.disk.set('/w/src/a', 'x\nmine\n');
    assert.match(await fail(deleteFile, { path: 'src/a' }), /\+mine/);
    assert.ok(documents.disk.has('/w/src/a'));
  });

  it('shows what goes', async () => {
    const { preview } = session({ '/w/a': 'x', '/w/b': new Uint8Array([0]) });
    const shown = await preview(deleteFile, { path: 'a' });
    assert.deepEqual(shown?.kind === 'diff' && [shown.files[0]?.kind, shown.files[0]?.removed], ['delete', 1]);
    assert.equal(await preview(deleteFile, { path: 'b' }), undefined);
  });
});

describe('move_file', () => {
  it('moves a file and what is known of it', async () => {
    const { run, documents } = session({ '/w/a.ts': 'x' });
    await run(readFile, { path: 'a.ts' });
    const output = await run(moveFile, { from: 'a.ts', to: 'src/b.ts' });
    assert.equal(documents.text('/w/src/b.ts'), 'x');
    assert.equal(output.content, 'Moved a.ts to src/b.ts.');
    assert.deepEqual([output.changes?.[0]?.kind, output.changes?.[0]?.from], ['rename', '/w/a.ts']);
    await run(writeFile, { path: 'src/b.ts', content: 'y' });
  });

  it('does not claim to know a file that was never read', async () => {
    const { run, fail } = session({ '/w/a.ts': 'x' });
    await run(moveFile, { from: 'a.ts', to: 'b.ts' });
    assert.match(await fail(writeFile, { path: 'b.ts', content: 'y' }), /not seen/);
  });

  it('never replaces anything', async () => {
    const { fail, documents } = session({ '/w/a': 'x', '/w/b': 'y', '/w/src/c': 'z' });
    assert.match(await fail(moveFile, { from: 'a', to: 'b' }), /exists already; nothing was moved\.\nChoose another/);
    assert.match(await fail(moveFile, { from: 'a', to: 'src' }), /is a folder\.\nGive the whole new path, such as src\/a\./);
    assert.match(await fail(moveFile, { from: 'a', to: './a' }), /same file/);
    assert.match(await fail(moveFile, { from: 'src', to: 'lib' }), /is a folder/);
    assert.match(await fail(moveFile, { from: 'none', to: 'lib' }), /does not exist/);
    assert.equal(documents.text('/w/a'), 'x');
  });

  it('is judged at both ends, and shown', async () => {
    const { assess, preview } = session({ '/w/a': 'x' });
    const { subjects, ...rest } = await assess(moveFile, { from: 'a', to: '/etc/b' });
    assert.equal(rest.class, 'mutating');
    assert.deepEqual(
      subjects.map((s) => [s.text, s.touches[0]?.access]),
      [
        ['a', 'delete'],
        ['/etc/b', 'write'],
      ],
    );
    const shown = await preview(moveFile, { from: 'a', to: 'b' });
    assert.deepEqual(shown?.kind === 'diff' && [shown.files[0]?.kind, shown.files[0]?.from], ['rename', '/w/a']);
  });
});
