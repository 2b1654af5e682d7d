import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenLogFile, openLogFile } from '../../../src/node/session-log';
import { createStore } from '../../../src/node/store';
import type { AgentEvent } from '../../../src/protocol/events';
import { fails, stamper } from '../../contract/support/store';

type Step = 'write' | 'truncate' | 'sync';

/** A disk whose nth operation fails with `code`; a failing write leaves half of its bytes behind, as real ones do. */
function failing(nth: number, code: string, counter: { n: number }, only?: Step): OpenLogFile {
  const step = (name: Step) => {
    if (only !== undefined && only !== name) return false;
    return ++counter.n === nth;
  };
  const fault = () => Object.assign(new Error(code), { code });
  return async (path, flags) => {
    const file = await openLogFile(path, flags);
    return {
      ...file,
      write: async (bytes, at) => {
        if (!step('write')) return file.write(bytes, at);
        await file.write(bytes.subarray(0, Math.floor(bytes.length / 2)), at);
        throw fault();
      },
      truncate: async (size) => {
        if (step('truncate')) throw fault();
        return file.truncate(size);
      },
      sync: async () => {
        if (step('sync')) throw fault();
        return file.sync();
      },
    };
  };
}

describe('store on a failing disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-faults-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const clock = { now: () => 1 };
  const titles = (events: readonly AgentEvent[]) => events.map((e) => (e.type === 'session_titled' ? e.title : e.type));

  for (const code of ['ENOSPC', 'EIO', 'EACCES']) {
    it(`loses and doubles nothing when any one operation fails with ${code}`, async () => {
      let failures = 0;
      for (let nth = 1; ; nth++) {
        const counter = { n: 0 };
        const id = `s${nth}`;
        const store = createStore({ folder, clock, openFile: failing(nth, code, counter) });
        const log = await store.create(id).catch(() => undefined);
        if (!log) {
          failures++;
          // Nothing half-made stays: the same id can be used again.
          await (await createStore({ folder, clock }).create(id)).close();
          continue;
        }
        const stamp = stamper(id);
        const wanted: string[] = [];
        for (let i = 0; i < 6; i++) {
          wanted.push(`t${i}`);
          log.append(stamp({ type: 'session_titled', title: `t${i}`, by: 'user' }));
          const failed = await log.flush().then(
            () => false,
            () => true,
          );
          if (failed) failures++;
          const seen = titles((await store.read(id)).events);
          assert.deepEqual(seen, wanted.slice(0, seen.length), `operation ${nth}, after ${i}`);
          if (!failed) assert.equal(seen.length, wanted.length);
        }
        await log.close().catch(() => failures++);
        const end = await store.read(id);
        assert.deepEqual(titles(end.events), wanted, `operation ${nth}`);
        assert.deepEqual(end.damage, []);
        if (counter.n < nth) break;
      }
      assert.ok(failures >= 9, `faults were met: ${failures}`);
    });
  }

  it('keeps everything queued while the disk is full, and writes it when there is room', async () => {
    let full = false;
    const openFile: OpenLogFile = async (path, flags) => {
      const file = await openLogFile(path, flags);
      return {
        ...file,
        write: async (bytes, at) => {
          if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
          return file.write(bytes, at);
        },
      };
    };
    const store = createStore({ folder, clock, openFile });
    const log = await store.create('s1');
    const stamp = stamper('s1');
    full = true;
    for (let i = 0; i < 50; i++) log.append(stamp({ type: 'session_titled', title: `t${i}`, by: 'user' }));
    const error = await fails(log.flush(), 'full');
    assert.match(error.next, /space/);
    assert.deepEqual((await store.read('s1')).damage, []);
    full = false;
    await log.close();
    assert.equal((await store.read('s1')).events.length, 50);
  });

  it('names each kind of failure', async () => {
    for (const [code, kind] of [
      ['EROFS', 'read_only'],
      ['EACCES', 'read_only'],
      ['EDQUOT', 'full'],
      ['EIO', 'io'],
      ['ESTALE', 'gone'],
    ] as const) {
      const store = createStore({ folder, clock, openFile: failing(2, code, { n: 0 }, 'sync') });
      const log = await store.create(`s-${code}`);
      await fails(log.flush(), kind);
      await log.close();
    }
  });

  it('notices that its file was deleted under it', async () => {
    const log = await createStore({ folder, clock }).create('s1');
    await rm(join(folder, 'sessions', 's1'), { recursive: true });
    log.append(stamper('s1')({ type: 'session_titled', title: 'x', by: 'user' }));
    await fails(log.flush(), 'gone');
    await fails(log.close(), 'gone');
  });

  it('says so when the storage folder cannot be made', async () => {
    const store = createStore({ folder: join(folder, 'file'), clock });
    await writeFile(join(folder, 'file'), 'in the way');
    await fails(store.create('s1'), 'io');
  });
});
