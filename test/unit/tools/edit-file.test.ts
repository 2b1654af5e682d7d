import assert from 'node:assert/strict';
import { editFile } from '../../../src/tools/edit-file';
import { readFile } from '../../../src/tools/read-file';
import { writeFile } from '../../../src/tools/write-file';
import { fakeDocuments, sha256 } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

function session(files: Record<string, string | Uint8Array>) {
  const documents = fakeDocuments(files);
  return { documents, ...toolSession(fakePorts({ documents })) };
}

const one = (old_text: string, new_text: string) => ({ path: 'a.ts', edits: [{ old_text, new_text }] });

describe('edit_file', () => {
  it('applies several edits and says where they are', async () => {
    const { run, documents, context } = session({ '/w/a.ts': 'a\nb\nc\nd\n' });
    await run(readFile, { path: 'a.ts' });
    const edits = [
      { old_text: 'a\n', new_text: 'A\nA2\n' },
      { old_text: 'd', new_text: 'D' },
    ];
    const output = await run(editFile, { path: 'a.ts', edits });
    assert.equal(documents.text('/w/a.ts'), 'A\nA2\nb\nc\nD\n');
    assert.equal(output.content, 'Edited a.ts: 2 replacements, now at lines 1-2 and 5.');
    assert.equal(output.summary, '+3 -2');
    assert.equal(context.seen('/w/a.ts'), sha256('A\nA2\nb\nc\nD\n'));
    assert.deepEqual(output.changes?.[0], {
      path: '/w/a.ts',
      kind: 'edit',
      before: 'a\nb\nc\nd\n',
      after: 'A\nA2\nb\nc\nD\n',
      hash: sha256('A\nA2\nb\nc\nD\n'),
    });
  });

  it('writes nothing when one edit fails, and says which', async () => {
    const { fail, documents } = session({ '/w/a.ts': 'a\nb\n' });
    const edits = [
      { old_text: 'a', new_text: 'x' },
      { old_text: 'nowhere', new_text: 'y' },
    ];
    assert.match(await fail(editFile, { path: 'a.ts', edits }), /^a\.ts: Edit 2 of 2: old_text is not in the file/);
    assert.equal(documents.text('/w/a.ts'), 'a\nb\n');
  });

  it('edits a file that was never read when the text is exact, without claiming to know the rest', async () => {
    const { run, fail, documents } = session({ '/w/a.ts': 'a\nb\n' });
    await run(editFile, one('b', 'x'));
    assert.equal(documents.text('/w/a.ts'), 'a\nx\n');
    assert.match(await fail(writeFile, { path: 'a.ts', content: '' }), /not seen/);
    await run(editFile, one('x', 'y'));
    assert.equal(documents.text('/w/a.ts'), 'a\ny\n');
  });

  it('refuses a stale edit, shows what changed, and takes the next one', async () => {
    const { run, fail, documents } = session({ '/w/a.ts': 'a\nb\nc\n' });
    await run(readFile, { path: 'a.ts' });
    documents.disk.set('/w/a.ts', 'a\nb\nC\n');
    assert.match(await fail(editFile, one('a', 'x')), /changed since you last saw it[\s\S]*-c\n\+C/);
    assert.equal(documents.text('/w/a.ts'), 'a\nb\nC\n');
    await run(editFile, one('a', 'x'));
    assert.equal(documents.text('/w/a.ts'), 'x\nb\nC\n');
  });

  it('asks to read again when what was seen is no longer known', async () => {
    const { context, documents } = session({ '/w/a.ts': 'a\n' });
    const forgotten = { ...context, seen: () => 'a hash of long ago' };
    await assert.rejects(editFile.parse(one('a', 'x')).run(forgotten), /changed since you last saw it; nothing was written\.$/);
    assert.equal(documents.text('/w/a.ts'), 'a\n');
  });

  it('lands on text that moved meanwhile, and tells of the rest', async () => {
    const { run, documents } = session({ '/w/a.ts': 'a\nb\nc\n' });
    await run(readFile, { path: 'a.ts' });
    documents.meanwhile = () => documents.buffers.set('/w/a.ts', 'typed\na\nb\nc\n');
    const output = await run(editFile, one('c', 'C'));
    assert.equal(documents.text('/w/a.ts'), 'typed\na\nb\nC\n');
    assert.match(textOf(output), /now at line 4\.\nMeanwhile somebody else changed it too:[\s\S]*\+typed/);
  });

  it('fails when what it wants to change went meanwhile', async () => {
    const { run, fail, documents } = session({ '/w/a.ts': 'alpha\nbeta\n' });
    await run(readFile, { path: 'a.ts' });
    documents.meanwhile = () => documents.buffers.set('/w/a.ts', 'alpha\n');
    assert.match(await fail(editFile, one('beta', 'x')), /old_text is not in the file/);
    assert.equal(documents.text('/w/a.ts'), 'alpha\n');
  });

  it('tells what a formatter did, so that the next edit fits', async () => {
    const { run, fail, documents } = session({ '/w/a.ts': 'f(1)\ng(2)\n' });
    await run(readFile, { path: 'a.ts' });
    documents.onSave = (_, text) => text.replace(/(\))$/gm, '$1;');
    const output = await run(editFile, one('f(1)', 'f(3)'));
    assert.match(textOf(output), /It now differs from what you sent[\s\S]*-f\(3\)\n-g\(2\)\n\+f\(3\);\n\+g\(2\);/);
    documents.onSave = (_, text) => text;
    assert.match(await fail(editFile, one('g(2)\n', 'g(4)\n')), /closest|differs/i);
    await run(editFile, one('g(2);', 'g(4);'));
    assert.equal(documents.text('/w/a.ts'), 'f(3);\ng(4);\n');
  });

  it('keeps CRLF, and adds nothing at the end of the file', async () => {
    const { run, documents } = session({ '/w/a.ts': 'a\r\nb\r\nlast' });
    await run(editFile, one('b\nlast', 'b\nnew\nlast'));
    assert.equal(documents.text('/w/a.ts'), 'a\r\nb\r\nnew\r\nlast');
  });

  it('points to write_file for a file that is not there', async () => {
    const { fail } = session({ '/w/src/a.ts': 'x' });
    assert.match(await fail(editFile, { path: 'b.ts', edits: [{ old_text: '', new_text: 'x' }] }), /Create it with write_file/);
    assert.match(await fail(editFile, one('x', 'y')), /Did you mean src\/a\.ts/);
  });

  it('shows the difference before it is asked, or fails before anyone is', async () => {
    const { run, preview, documents } = session({ '/w/a.ts': 'a\nb\n' });
    const shown = await preview(editFile, one('b', 'x'));
    assert.deepEqual(shown?.kind === 'diff' && shown.files[0]?.hunks[0]?.lines, [
      [' ', 'a'],
      ['-', 'b'],
      ['+', 'x'],
    ]);
    assert.equal(documents.text('/w/a.ts'), 'a\nb\n');
    await assert.rejects(preview(editFile, one('nowhere', 'x')), /not in the file/);
    await run(readFile, { path: 'a.ts' });
    documents.disk.set('/w/a.ts', 'other\nb\n');
    await assert.rejects(preview(editFile, one('b', 'x')), /changed since/);
  });

  it('refuses input that does not fit', async () => {
    const { fail } = session({ '/w/a.ts': 'a' });
    for (const input of [
      { path: 'a.ts' },
      { path: 'a.ts', edits: [] },
      { path: 'a.ts', edits: [{ old_text: 'a' }] },
      { path: 'a.ts', old_text: 'a', new_text: 'b' },
    ]) {
      assert.match(await fail(editFile, input), /not valid/);
    }
  });
});
