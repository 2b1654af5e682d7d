import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPreimages } from '../../../src/node/preimages';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const DAY = 24 * 3600 * 1000;

describe('copies of files', () => {
  let folder: string;
  let now = 1_700_000_000_000;
  const open = (limit = 1_000, ageMs = 30 * DAY) => createPreimages(folder, () => now, { bytes: limit, ageMs });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-preimages-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('drops the oldest when all together are too many bytes, and keeps what is needed again', async () => {
    const copies = open(25);
    const kept: string[] = [];
    for (const text of ['a', 'b', 'c']) {
      now += 1_000;
      kept.push(await copies.keep('s', bytes(text.repeat(10))));
      // Needed again: no longer the oldest.
      if (text === 'b') await copies.keep('s', bytes('a'.repeat(10)));
      now += 1_000;
    }
    const there = await Promise.all(kept.map(async (hash) => (await copies.kept(hash)) !== undefined));
    assert.deepEqual(there, [true, false, true]);
  });

  it('keeps the newest even when it is larger than all that is allowed', async () => {
    const copies = open(5);
    const hash = await copies.keep('s', bytes('larger than five'));
    assert.ok(await copies.kept(hash));
  });

  it('drops what is too old when a store is used again', async () => {
    const old = await open().keep('s', bytes('old'));
    now += 31 * DAY;
    const fresh = await open().keep('s', bytes('new'));
    assert.equal(await open().kept(old), undefined);
    assert.ok(await open().kept(fresh));
  });

  it('never gives bytes that are not what was kept', async () => {
    const hash = await open().keep('s', bytes('whole'));
    await writeFile(join(folder, hash), 'torn');
    assert.equal(await open().kept(hash), undefined);
    assert.equal(await open().kept('../../etc/passwd'), undefined);
  });

  it('removes what a crash left of a copy of the session, and takes no other session’s', async () => {
    const hash = await open().keep('s', bytes('mine'));
    await writeFile(join(folder, `${hash}.half.draft`), 'mi');
    const theirs = await open().keep('t', bytes('theirs'));
    await open().release('s');
    assert.deepEqual((await readdir(folder)).sort(), [theirs, 't.refs'].sort());
  });

  it('counts the same copy once when two windows keep it at the same time', async () => {
    const [a, b] = await Promise.all([open().keep('s', bytes('same')), open().keep('t', bytes('same'))]);
    assert.equal(a, b);
    await open().release('s');
    assert.ok(await open().kept(a));
  });
});
