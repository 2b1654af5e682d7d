import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StoreError } from '../../../src/core/errors';
import type { Store } from '../../../src/core/ports/store';
import type { AgentEvent, NewEvent } from '../../../src/protocol/events';

/** Gives events of one session as its journal would stamp them. */
export function stamper(session: string): (event: NewEvent) => AgentEvent {
  let seq = 0;
  return (event) => {
    const logged = event.type !== 'delta';
    // The parts are those of one event type; the compiler cannot follow a union through a spread.
    return { ...event, id: randomUUID(), at: 1_000 + seq, session, agent: 'main', seq: logged ? ++seq : 0 } as AgentEvent;
  };
}

export async function fails(work: Promise<unknown>, kind: StoreError['kind']): Promise<StoreError> {
  let caught: unknown;
  await work.catch((error: unknown) => {
    caught = error;
  });
  assert.ok(caught instanceof StoreError, `a StoreError, not ${caught}`);
  assert.equal(caught.kind, kind, caught.message);
  assert.ok(caught.next.length > 0);
  return caught;
}

/** The promises of the `Store` port; `make` gives stores that share one place, as two windows do. */
export function storeContract(name: string, make: () => () => Store): void {
  describe(`store: ${name}`, () => {
    let another: () => Store;
    let store: Store;

    beforeEach(() => {
      another = make();
      store = another();
    });

    /** A session with `n` titles in it, closed. */
    const written = async (id: string, n: number): Promise<AgentEvent[]> => {
      const log = await store.create(id);
      const stamp = stamper(id);
      const events = Array.from({ length: n }, (_, i) => stamp({ type: 'session_titled', title: `title ${i}`, by: 'user' }));
      for (const event of events) log.append(event);
      await log.close();
      return events;
    };

    it('gives back what was appended, in order', async () => {
      const events = await written('s1', 500);
      const { log, events: read, damage } = await another().open('s1');
      assert.deepEqual(read, events);
      assert.deepEqual(damage, []);
      await log.close();
    });

    it('appends to what is there', async () => {
      const events = await written('s1', 2);
      const opened = await store.open('s1');
      const more = { ...stamper('s1')({ type: 'session_titled', title: 'three', by: 'user' }), seq: 3 };
      opened.log.append(more);
      await opened.log.flush();
      assert.deepEqual((await another().read('s1')).events, [...events, more]);
      await opened.log.close();
    });

    it('never writes previews', async () => {
      const log = await store.create('s1');
      const stamp = stamper('s1');
      log.append(stamp({ type: 'delta', of: 'text', of_id: '1.0', text: 'shown' }));
      log.append(stamp({ type: 'session_titled', title: 'kept', by: 'user' }));
      await log.close();
      assert.deepEqual(
        (await store.read('s1')).events.map((e) => e.type),
        ['session_titled'],
      );
    });

    it('has one writer at a time, and any number of readers', async () => {
      await written('s1', 1);
      const { log } = await store.open('s1');
      await fails(another().open('s1'), 'held');
      await fails(store.open('s1'), 'held');
      assert.equal((await another().read('s1')).events.length, 1);
      await log.close();
      const again = await another().open('s1');
      await again.log.close();
    });

    it('lists what the log says', async () => {
      const log = await store.create('s1');
      const stamp = stamper('s1');
      const put = (event: NewEvent) => log.append(stamp(event));
      put({ type: 'user_message', text: 'Fix the "type":"usage" test\nplease', attachments: [], content: [] });
      put({ type: 'turn_started', turn: 1, model: 'm' });
      put({ type: 'usage', of: 'turn', model: 'm', input: 1, output: 1, cacheRead: 0, cacheWrite: 0, cost: 0.25 });
      await log.flush();
      const info = async () => (await store.list()).find((s) => s.id === 's1');
      assert.equal((await info())?.state, 'interrupted');
      assert.equal((await info())?.title, 'Fix the "type":"usage" test');
      put({ type: 'turn_started', turn: 2, model: 'm' });
      put({ type: 'usage', of: 'turn', model: 'm', input: 1, output: 1, cacheRead: 0, cacheWrite: 0, cost: 0.5 });
      put({ type: 'session_titled', title: 'Named', by: 'user' });
      put({ type: 'run_ended', reason: 'done', detail: '', retryable: false });
      await log.flush();
      const { createdAt: _created, ...rest } = (await info()) ?? assert.fail('listed');
      assert.deepEqual(rest, { id: 's1', title: 'Named', updatedAt: 1_006, roots: [], turns: 2, cost: 0.75, state: 'ended', held: false });
      await log.close();
    });

    it('keeps one copy of the same bytes, and drops it with the last session that needs it', async () => {
      await written('s1', 1);
      await written('s2', 1);
      const bytes = new Uint8Array([0, 255, 10]);
      const hash = await store.keep('s1', bytes);
      assert.equal(await another().keep('s2', bytes), hash);
      const own = await store.keep('s1', new Uint8Array([1]));
      const shared = await store.keep('s1', new Uint8Array([2]));
      await store.share('s2', [shared]);
      await another().remove('s1');
      assert.deepEqual(Buffer.from((await store.kept(hash)) ?? assert.fail('gone')), Buffer.from(bytes));
      assert.ok(await store.kept(shared));
      assert.equal(await store.kept(own), undefined);
      await store.remove('s2');
      assert.deepEqual([await store.kept(hash), await store.kept(shared)], [undefined, undefined]);
    });

    it('lists the newest first', async () => {
      await written('older', 1);
      await written('newer', 9);
      assert.deepEqual(
        (await store.list()).map((s) => s.id),
        ['newer', 'older'],
      );
    });

    it('keeps spills beside the session and gives their path', async () => {
      await written('s1', 1);
      const path = await store.spill('s1', 'toolu_1.txt', 'large');
      assert.equal(await readFile(path, 'utf8'), 'large');
      assert.ok(path.startsWith(store.spillFolder('s1')));
      const odd = await store.spill('s1', '../../escape', 'x');
      assert.ok(odd.startsWith(store.spillFolder('s1')));
    });

    it('forgets a removed session', async () => {
      await written('s1', 1);
      await store.spill('s1', 'a', 'x');
      await store.list();
      await store.remove('s1');
      assert.deepEqual(await store.list(), []);
      await fails(store.read('s1'), 'gone');
      await fails(store.open('s1'), 'gone');
    });

    it('does not remove what another window writes', async () => {
      const log = await store.create('s1');
      await fails(another().remove('s1'), 'held');
      assert.equal((await another().list()).length, 1);
      await log.close();
    });

    it('refuses ids that are none, and a second session of the same id', async () => {
      for (const id of ['../up', '', 'a/b', '.hidden', 'a\0b']) await fails((async () => store.read(id))(), 'gone');
      await written('s1', 1);
      await fails(store.create('s1'), 'io');
      assert.equal((await store.read('s1')).events.length, 1);
    });
  });
}
