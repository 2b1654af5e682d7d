import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../../../src/core/errors';
import { createStore } from '../../../src/node/store';
import type { AgentEvent } from '../../../src/protocol/events';
import { fails, stamper } from '../../contract/support/store';

describe('store on disk', () => {
  let folder: string;
  const clock = { now: () => 7 };
  const open = () => createStore({ folder, clock });
  const events = (id: string) => join(folder, 'sessions', id, 'events.jsonl');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const written = async (id: string, count: number) => {
    const log = await open().create(id);
    const stamp = stamper(id);
    for (let i = 0; i < count; i++) log.append(stamp({ type: 'session_titled', title: `Grüße ${i}`, by: 'user' }));
    await log.close();
  };
  const titles = (list: readonly AgentEvent[]) => list.map((e) => (e.type === 'session_titled' ? e.title : ''));
  const allFiles = async (at: string): Promise<string[]> => {
    const entries = await readdir(at, { withFileTypes: true, recursive: true });
    return entries.map((entry) => join(entry.parentPath, entry.name));
  };

  it('is readable by its owner only', async function () {
    if (process.platform === 'win32') return this.skip();
    await written('s1', 1);
    await open().spill('s1', 'big.txt', 'x');
    await open().list();
    for (const path of [...(await allFiles(folder))]) {
      const stats = await stat(path);
      assert.equal(stats.mode & 0o077, 0, path);
    }
  });

  it('lists what it has listed before without reading the logs again, and reads of a log that grew what is new', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `s${i}`);
    for (const id of ids) await written(id, 3);
    const first = await open().list();
    assert.deepEqual(first.map((s) => s.title).filter((title) => title === 'Grüße 2').length, ids.length);
    for (const id of ids) {
      // What was read already is now noise of the same length and age: whoever reads it again finds no session.
      const { size, atime, mtime } = await stat(events(id));
      await writeFile(events(id), Buffer.alloc(size, 'x'));
      await utimes(events(id), atime, mtime);
    }
    assert.deepEqual(await open().list(), first);
    const grown = { ...stamper('s7')({ type: 'session_titled', title: 'Grown', by: 'user' }), seq: 4 };
    await appendFile(events('s7'), `${JSON.stringify(grown)}\n`);
    const later = await open().list();
    assert.deepEqual(
      later.filter((s) => s.state === 'damaged' || s.title !== 'Grüße 2').map((s) => [s.id, s.title, s.state]),
      [['s7', 'Grown', 'idle']],
    );
  });

  it('survives a cut at every byte of its last line', async () => {
    await written('s1', 3);
    const whole = await readFile(events('s1'));
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let size = lastLine; size < whole.length; size++) {
      await writeFile(events('s1'), whole.subarray(0, size));
      const { log, events: read, damage } = await open().open('s1');
      assert.deepEqual(damage, []);
      // Cut of nothing but the line end: the event itself is whole.
      assert.equal(read.length, size === whole.length - 1 ? 3 : 2, `cut at ${size}`);
      log.append({ ...stamper('s1')({ type: 'session_titled', title: 'after', by: 'user' }), seq: read.length + 1 });
      await log.close();
      const again = await open().read('s1');
      assert.deepEqual(again.damage, []);
      assert.deepEqual(titles(again.events), [...titles(read), 'after']);
    }
  });

  it('reports damaged lines and keeps the others', async () => {
    await written('s1', 3);
    const lines = (await readFile(events('s1'), 'utf8')).split('\n');
    lines[2] = '{"half":';
    await writeFile(events('s1'), lines.join('\n'));
    await appendFile(events('s1'), Buffer.from([0x7b, 0xff, 0x7d, 0x0a]));
    const { events: read, damage } = await open().read('s1');
    assert.deepEqual(titles(read), ['Grüße 0', 'Grüße 2']);
    assert.deepEqual(
      damage.map((d) => d.split(':')[0]),
      ['line 3', 'line 5'],
    );
  });

  it('reports a header that is none', async () => {
    await written('s1', 1);
    const [, ...rest] = (await readFile(events('s1'), 'utf8')).split('\n');
    await writeFile(events('s1'), ['garbage', ...rest].join('\n'));
    const { events: read, damage } = await open().read('s1');
    assert.equal(read.length, 1);
    assert.match(damage.join(), /line 1/);
    assert.equal((await open().list())[0]?.state, 'damaged');
  });

  describe('with the log of an older version', () => {
    const OLD = join(import.meta.dirname, 'fixtures/session-v1.jsonl');
    const id = 'c327a57a-2e64-478b-8f47-226529b7c3b6';
    let old: Buffer;

    beforeEach(async () => {
      old = await readFile(OLD);
      await mkdir(join(folder, 'sessions', id), { recursive: true });
      await writeFile(events(id), old);
    });

    const oldEvents = () =>
      old
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line));

    it('reads and lists it as it is', async () => {
      const { events: read, damage } = await open().read(id);
      assert.deepEqual([read, damage], [oldEvents(), []]);
      const [info] = await open().list();
      assert.deepEqual([info?.title, info?.state, info?.turns], ['Change one to ONE.', 'ended', 3]);
      assert.deepEqual(await readFile(events(id)), old);
    });

    it('migrates it when it is written on, and keeps the old one beside it', async () => {
      const { log, events: read, damage } = await open().open(id);
      assert.deepEqual([read, damage], [oldEvents(), []]);
      log.append({ ...stamper(id)({ type: 'session_titled', title: 'after', by: 'user' }), seq: read.length + 1 });
      await log.close();
      assert.deepEqual(await readFile(join(folder, 'sessions', id, 'events.v1.jsonl')), old);
      const again = await open().read(id);
      assert.deepEqual(again.damage, []);
      assert.equal(again.events.length, read.length + 1);
      assert.match(await readFile(events(id), 'utf8'), /^\{"plumb":"session","version":2,/);
      await open().remove(id);
      assert.deepEqual(
        (await allFiles(folder)).filter((path) => path.includes(id)),
        [],
      );
    });

    it('takes a torn end, and an attempt that was cut off, in its stride', async () => {
      await appendFile(events(id), '{"turn":3,"type":"not');
      await writeFile(join(folder, 'sessions', id, 'events.v1.jsonl'), old);
      await writeFile(join(folder, 'sessions', id, 'events.jsonl.draft'), 'half');
      const { log, events: read, damage } = await open().open(id);
      assert.deepEqual([read, damage], [oldEvents(), []]);
      await log.close();
      assert.deepEqual((await readdir(join(folder, 'sessions', id))).sort(), ['events.jsonl', 'events.v1.jsonl']);
    });

    it('leaves it untouched when the disk is full, says so, and migrates it once there is room', async function () {
      const full = '/dev/full';
      const ready = await stat(full).catch(() => undefined);
      if (!ready?.isCharacterDevice()) return this.skip();
      await symlink(full, join(folder, 'sessions', id, 'events.jsonl.draft'));
      await assert.rejects(open().open(id), (error) => {
        assert.ok(error instanceof StoreError && error.kind === 'full');
        assert.match(error.next, /Free some space/);
        return true;
      });
      assert.deepEqual(await readdir(join(folder, 'sessions', id)), ['events.jsonl']);
      assert.deepEqual(await readFile(events(id)), old);
      const { log, events: read, damage } = await open().open(id);
      assert.deepEqual([read, damage], [oldEvents(), []]);
      await log.close();
    });

    it('leaves it untouched when it cannot be migrated', async () => {
      await mkdir(join(folder, 'sessions', id, 'events.jsonl.draft', 'in-the-way'), { recursive: true });
      await assert.rejects(open().open(id), StoreError);
      assert.deepEqual(await readFile(events(id)), old);
      assert.equal((await open().list())[0]?.held, false);
    });
  });

  it('leaves the log of a newer version alone', async () => {
    await written('s1', 1);
    const text = (await readFile(events('s1'), 'utf8')).replace('"version":2', '"version":3');
    await writeFile(events('s1'), text);
    const error = await fails(open().open('s1'), 'newer');
    assert.match(error.next, /Update/);
    assert.equal(await readFile(events('s1'), 'utf8'), text);
    assert.deepEqual((await readdir(join(folder, 'sessions', 's1'))).sort(), ['events.jsonl']);
  });

  it('lists the same with and without its cache, and after the log has grown', async () => {
    await written('a', 5);
    await written('b', 3);
    const first = await open().list();
    assert.deepEqual(await open().list(), first);
    for (const id of ['a', 'b']) await rm(join(folder, 'sessions', id, 'summary.json'));
    assert.deepEqual(await open().list(), first);
    await writeFile(join(folder, 'sessions', 'a', 'summary.json'), 'garbage');
    const { log } = await open().open('a');
    log.append({ ...stamper('a')({ type: 'turn_started', turn: 1, model: 'm' }), seq: 6 });
    await log.close();
    const grown = await open().list();
    await rm(join(folder, 'sessions', 'a', 'summary.json'));
    assert.deepEqual(await open().list(), grown);
    assert.equal(grown.find((s) => s.id === 'a')?.turns, 1);
  });

  it('counts a half-written line once it is whole, never twice', async () => {
    await written('s1', 1);
    const line = `${JSON.stringify(stamper('s1')({ type: 'turn_started', turn: 1, model: 'm' }))}\n`;
    await appendFile(events('s1'), line.slice(0, 40));
    assert.equal((await open().list())[0]?.turns, 0);
    await appendFile(events('s1'), line.slice(40));
    assert.equal((await open().list())[0]?.turns, 1);
    await utimes(events('s1'), 1, 1);
    assert.equal((await open().list())[0]?.turns, 1);
  });

  it('leaves no trace of a removed session anywhere', async () => {
    const canary = 'canary-7c1e';
    const store = open();
    const log = await store.create('s1');
    const stamp = stamper('s1');
    log.append(stamp({ type: 'user_message', text: canary, attachments: [], content: [{ type: 'text', text: canary }] }));
    await log.flush();
    await store.spill('s1', `${canary}.txt`, canary);
    await store.list();
    log.append(stamp({ type: 'session_titled', title: canary, by: 'user' }));
    await written('other', 1);
    await store.remove('s1');
    await open().list();
    for (const path of await allFiles(folder)) {
      assert.ok(!path.includes('s1') && !path.includes(canary), path);
      if ((await stat(path)).isFile()) assert.ok(!(await readFile(path)).includes(canary), path);
    }
    assert.equal((await open().list()).length, 1);
  });

  it('finishes a deletion that was cut short', async () => {
    await written('s1', 1);
    await rename(join(folder, 'sessions', 's1'), join(folder, 'sessions', '.deleted-s1-x'));
    assert.deepEqual(await open().list(), []);
    assert.deepEqual(await readdir(join(folder, 'sessions')), []);
  });

  it('shows an emptied log as damaged instead of hiding it', async () => {
    await written('s1', 1);
    await truncate(events('s1'), 0);
    assert.equal((await open().list())[0]?.state, 'damaged');
    assert.deepEqual((await open().read('s1')).damage, ['the log is empty']);
  });
});
