import assert from 'node:assert/strict';
import { readFile } from '../../../src/tools/read-file';
import { writeFile } from '../../../src/tools/write-file';
import { fakeDocuments, sha256 } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

function session(files: Record<string, string | Uint8Array>) {
  const documents = fakeDocuments(files);
  return { documents, ...toolSession(fakePorts({ documents })) };
}

describe('write_file', () => {
  it('creates a file with its folders, and then knows it', async () => {
    const { run, documents, context } = session({});
    const output = await run(writeFile, { path: 'src/new.ts', content: 'a\nb\n' });
    assert.equal(documents.text('/w/src/new.ts'), 'a\nb\n');
    assert.equal(output.content, 'Created src/new.ts (2 lines).');
    assert.equal(output.changes?.[0]?.kind, 'create');
    assert.equal(context.seen('/w/src/new.ts'), sha256('a\nb\n'));
    assert.equal(output.display?.kind === 'diff' && output.display.files[0]?.added, 2);
  });

  it('makes no file where a folder was named', async () => {
    const { fail, documents } = session({ '/w/a': 'x' });
    assert.match(await fail(writeFile, { path: 'new/', content: 'x' }), /names a folder[\s\S]*path of a file/);
    assert.equal(documents.text('/w/new'), undefined);
  });

  it('does not replace a file that was never read', async () => {
    const { fail, documents } = session({ '/w/a': 'precious' });
    assert.match(await fail(writeFile, { path: 'a', content: 'x' }), /have not seen its text[\s\S]*Read it first with read_file/);
    assert.equal(documents.text('/w/a'), 'precious');
  });

  it('replaces a file that was read, keeping its line endings', async () => {
    const { run, documents } = session({ '/w/a': 'one\r\ntwo\r\n' });
    await run(readFile, { path: 'a' });
    const output = await run(writeFile, { path: 'a', content: 'one\n2\n' });
    assert.equal(documents.text('/w/a'), 'one\r\n2\r\n');
    assert.equal(output.content, 'Replaced the text of a (+1 -1).');
    assert.equal(output.summary, '+1 -1');
  });

  it('does not replace what somebody changed since, and shows the change', async () => {
    const { run, fail, documents } = session({ '/w/a': 'one\ntwo\nthree\n' });
    await run(readFile, { path: 'a' });
    documents.disk.set('/w/a', 'one\nTWO\nthree\n');
    const text = await fail(writeFile, { path: 'a', content: 'x' });
    assert.match(text, /changed since you last saw it; nothing was written/);
    assert.match(text, /-two\n\+TWO/);
    assert.equal(documents.text('/w/a'), 'one\nTWO\nthree\n');
    await run(writeFile, { path: 'a', content: 'x' });
    assert.equal(documents.text('/w/a'), 'x');
  });

  it('counts unsaved typing as a change', async () => {
    const { run, fail, documents } = session({ '/w/a': 'one\n' });
    await run(readFile, { path: 'a' });
    documents.buffers.set('/w/a', 'one\ntyped\n');
    assert.match(await fail(writeFile, { path: 'a', content: 'x' }), /\+typed/);
    assert.equal(documents.text('/w/a'), 'one\ntyped\n');
  });

  it('does not write over typing that comes between look and write', async () => {
    const { run, fail, documents } = session({ '/w/a': 'one\n' });
    await run(readFile, { path: 'a' });
    documents.meanwhile = () => documents.buffers.set('/w/a', 'one\ntyped\n');
    assert.match(await fail(writeFile, { path: 'a', content: 'x' }), /changed by somebody else just now/);
    assert.equal(documents.text('/w/a'), 'one\ntyped\n');
  });

  it('asks to read again when too much changed to show', async () => {
    const { run, fail, documents } = session({ '/w/a': 'old\n'.repeat(500) });
    await run(readFile, { path: 'a' });
    documents.disk.set('/w/a', 'new\n'.repeat(500));
    assert.match(await fail(writeFile, { path: 'a', content: 'x' }), /Read it again with read_file/);
    assert.match(await fail(writeFile, { path: 'a', content: 'x' }), /Read it again with read_file/);
  });

  it('tells what a formatter made of it', async () => {
    const { run, documents, context } = session({});
    documents.onSave = (_, text) => text.replace("'", '"').replace("'", '"');
    const output = await run(writeFile, { path: 'a.ts', content: "x('a')\ny\n" });
    assert.match(textOf(output), /It now differs from what you sent[\s\S]*-x\('a'\)\n\+x\("a"\)/);
    assert.equal(context.seen('/w/a.ts'), sha256('x("a")\ny\n'));
  });

  it('has to be followed by a read when the formatter changed too much to show', async () => {
    const { run, documents, context } = session({});
    documents.onSave = (_, text) => text.replaceAll('x', 'y');
    const output = await run(writeFile, { path: 'a.ts', content: 'x\n'.repeat(300) });
    assert.match(textOf(output), /Read it again before the next edit/);
    assert.equal(context.seen('/w/a.ts'), undefined);
  });

  it('says when there is nothing to do', async () => {
    const { run } = session({ '/w/a': 'same' });
    await run(readFile, { path: 'a' });
    const output = await run(writeFile, { path: 'a', content: 'same' });
    assert.equal(output.changes, undefined);
    assert.match(textOf(output), /nothing was written/);
  });

  it('fills an empty file without a look', async () => {
    const { run, documents } = session({ '/w/a': '' });
    await run(writeFile, { path: 'a', content: 'x' });
    assert.equal(documents.text('/w/a'), 'x');
  });

  it('refuses folders, devices and binaries', async () => {
    const { fail, documents } = session({ '/w/src/a': 'x', '/w/b': new Uint8Array([0]) });
    documents.devices.add('/dev/sda');
    assert.match(await fail(writeFile, { path: 'src', content: '' }), /is a folder\.\nGive the path of a file/);
    assert.match(await fail(writeFile, { path: '/dev/sda', content: '' }), /device/);
    assert.match(await fail(writeFile, { path: 'b', content: '' }), /not a text file/);
  });

  it('shows the difference before it is asked, or fails before anyone is', async () => {
    const { run, preview, documents } = session({ '/w/a': 'one\n' });
    await assert.rejects(preview(writeFile, { path: 'a', content: 'x' }), /have not seen/);
    await run(readFile, { path: 'a' });
    const shown = await preview(writeFile, { path: 'a', content: 'two\n' });
    assert.deepEqual(shown?.kind === 'diff' && shown.files[0]?.hunks[0]?.lines, [
      ['-', 'one'],
      ['+', 'two'],
    ]);
    documents.disk.set('/w/a', 'other\n');
    await assert.rejects(preview(writeFile, { path: 'a', content: 'x' }), /changed since/);
    const made = await preview(writeFile, { path: 'b', content: 'x' });
    assert.equal(made?.kind === 'diff' && made.files[0]?.kind, 'create');
    assert.equal(documents.text('/w/b'), undefined);
  });

  it('is judged as writing that path', async () => {
    const { assess } = session({});
    const { subjects, ...rest } = await assess(writeFile, { path: 'src/x.ts', content: '' });
    assert.equal(rest.class, 'mutating');
    assert.deepEqual(subjects[0]?.touches, [{ path: '/w/src/x.ts', access: 'write' }]);
    assert.equal(subjects[0]?.text, 'src/x.ts');
    assert.equal(rest.safety.readOnly || rest.safety.concurrencySafe, false);
  });
});
