import assert from 'node:assert/strict';
import { readFile } from '../../../src/tools/read-file';
import { fakeDocuments, sha256 } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

function session(files: Record<string, string | Uint8Array>) {
  const documents = fakeDocuments(files);
  return { documents, ...toolSession(fakePorts({ documents })) };
}

/** The smallest header that says how large a PNG is. */
function png(width: number, height: number, length = 64): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

describe('read_file', () => {
  it('numbers lines and tells the text it has shown', async () => {
    const { run } = session({ '/w/a.ts': 'one\r\n\ttwo\r\n' });
    const output = await run(readFile, { path: 'a.ts' });
    assert.equal(output.content, '1\tone\n2\t\ttwo');
    assert.equal(output.summary, '2 lines');
    assert.deepEqual(output.files, { '/w/a.ts': sha256('one\r\n\ttwo\r\n') });
    assert.deepEqual(output.display, { kind: 'file', path: '/w/a.ts', from: 1, to: 2 });
  });

  it('reads a range and says how to go on', async () => {
    const { run } = session({ '/w/a': Array.from({ length: 50 }, (_, i) => `l${i + 1}`).join('\n') });
    const output = await run(readFile, { path: 'a', offset: 10, limit: 2 });
    assert.equal(output.content, '10\tl10\n11\tl11\n\n[Lines 10-11 of 50; for more use offset: 12.]');
    assert.equal((await run(readFile, { path: 'a', offset: 50 })).content, '50\tl50');
  });

  it('shows 2,000 lines at most unless asked for more', async () => {
    const { run } = session({ '/w/a': 'x\n'.repeat(3000) });
    assert.match(textOf(await run(readFile, { path: 'a' })), /Lines 1-2000 of 3000; for more use offset: 2001/);
    assert.equal((await run(readFile, { path: 'a', limit: 3000 })).summary, '3000 lines');
  });

  it('never grows beyond what one result may hold', async () => {
    const { run } = session({ '/w/a': `${'y'.repeat(100)}\n`.repeat(2000), '/w/long': 'z'.repeat(500_000) });
    const text = textOf(await run(readFile, { path: 'a' }));
    assert.ok(text.length < 50_000);
    const next = Number(/use offset: (\d+)/.exec(text)?.[1]);
    assert.match(textOf(await run(readFile, { path: 'a', offset: next })), new RegExp(`^${next}\t`));
    const long = textOf(await run(readFile, { path: 'long' }));
    assert.ok(long.length < 3000);
    assert.match(long, /line cut: 500000 characters/);
  });

  it('reads what the editor holds unsaved, and says so', async () => {
    const { run, documents } = session({ '/w/a': 'saved' });
    documents.buffers.set('/w/a', 'typed');
    const output = await run(readFile, { path: 'a' });
    assert.match(textOf(output), /^1\ttyped\n\n\[It has unsaved changes/);
    assert.deepEqual(output.files, { '/w/a': sha256('typed') });
  });

  it('says that a file is empty, and hides a byte order mark', async () => {
    const { run } = session({ '/w/empty': '', '/w/bom': '\uFEFFa' });
    assert.equal((await run(readFile, { path: 'empty' })).content, 'empty is empty.');
    assert.equal((await run(readFile, { path: 'bom' })).content, '1\ta');
  });

  it('shows images by what they hold, not by name', async () => {
    const { run } = session({ '/w/logo.txt': png(20, 10), '/w/page.gif': 'just text' });
    const output = await run(readFile, { path: 'logo.txt' });
    assert.equal(textOf(output), 'logo.txt: 20 x 10 pixels\n[image/png]');
    const [, image] = output.content as readonly { data?: string }[];
    assert.deepEqual(new Uint8Array(Buffer.from(image?.data ?? '', 'base64')), png(20, 10));
    assert.equal(output.display?.kind, 'image');
    assert.equal((await run(readFile, { path: 'page.gif' })).content, '1\tjust text');
  });

  it('knows the size of each kind of image', async () => {
    const gif = new Uint8Array([...Buffer.from('GIF89a'), 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 7, 0, 9, 3, 0, 0, 0, 0]);
    const webp = new Uint8Array(40);
    webp.set([...Buffer.from('RIFF....WEBPVP8X')]);
    webp.set([4, 0, 0, 5, 0, 0], 24);
    const { run } = session({ '/w/g': gif, '/w/j': jpeg, '/w/w': webp });
    assert.match(textOf(await run(readFile, { path: 'g' })), /3 x 4 pixels\n\[image\/gif/);
    assert.match(textOf(await run(readFile, { path: 'j' })), /9 x 7 pixels\n\[image\/jpeg/);
    assert.match(textOf(await run(readFile, { path: 'w' })), /5 x 6 pixels\n\[image\/webp/);
  });

  it('refuses images that the service would refuse', async () => {
    const { fail } = session({ '/w/big.png': png(10, 10, 4_000_000), '/w/wide.png': png(9000, 10), '/w/broken.png': png(0, 0) });
    assert.match(await fail(readFile, { path: 'big.png' }), /too large[\s\S]*smaller copy/);
    assert.match(await fail(readFile, { path: 'wide.png' }), /9000 x 10 pixels/);
    assert.match(await fail(readFile, { path: 'broken.png' }), /header is damaged/);
  });

  it('refuses what is no file, with the next step', async () => {
    const { fail, documents } = session({ '/w/src/a.ts': 'x', '/w/lib.so': new Uint8Array([0, 1, 2]) });
    documents.devices.add('/dev/zero');
    assert.match(await fail(readFile, { path: 'src' }), /is a folder\.\nList its files with glob/);
    assert.match(await fail(readFile, { path: '/dev/zero' }), /device/);
    assert.match(await fail(readFile, { path: 'lib.so' }), /not a text file/);
    assert.match(await fail(readFile, { path: 'a\0b' }), /NUL/);
  });

  it('suggests what may have been meant', async () => {
    const { fail } = session({ '/w/src/deep/util.ts': 'x', '/w/src/user-list.ts': 'x' });
    assert.match(await fail(readFile, { path: 'src/util.ts' }), /Did you mean src\/deep\/util\.ts\?/);
    assert.match(await fail(readFile, { path: 'src/userList.ts' }), /Did you mean src\/user-list\.ts\?/);
    assert.match(await fail(readFile, { path: 'nothing.here' }), /Find the right path with glob/);
  });

  it('says how far a file goes', async () => {
    const { fail } = session({ '/w/a': 'x\ny\n' });
    assert.match(await fail(readFile, { path: 'a', offset: 9 }), /has only 2 lines\.\nGive an offset from 1 to 2/);
  });

  it('refuses input that does not fit, naming the field', async () => {
    const { fail } = session({});
    for (const input of [{}, { path: '' }, { path: 'a', offset: 0 }, { path: 'a', limit: 1.5 }, { path: 'a', more: 1 }, { path: 1 }]) {
      assert.match(await fail(readFile, input), /input of read_file is not valid[\s\S]*Send the call again/);
    }
  });

  it('is judged as reading that path', async () => {
    const { assess } = session({ '/w/a': 'x' });
    const inside = await assess(readFile, { path: './src/../a' });
    assert.equal(inside.class, 'read_only');
    assert.deepEqual(inside.subjects[0], {
      text: 'a',
      class: 'read_only',
      why: 'reads a file',
      touches: [{ path: '/w/a', access: 'read' }],
    });
    assert.equal((await assess(readFile, { path: '/etc/passwd' })).subjects[0]?.text, '/etc/passwd');
    assert.ok(inside.safety.concurrencySafe);
  });
});
