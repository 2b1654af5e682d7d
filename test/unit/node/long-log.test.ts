import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/node/store';
import { type NewEvent, zAgentEvent } from '../../../src/protocol/events';

const EVENTS = 10_000;
const SESSION = 'long';
const clock = { now: () => 1_000 };

/** What a turn writes: a request, its answer, and one file that is read. */
function* turns(): Generator<NewEvent> {
  yield { type: 'session_titled', title: 'A long one', by: 'user' };
  yield { type: 'user_message', text: 'Read all', attachments: [], content: [{ type: 'text', text: 'Read all' }] };
  for (let turn = 1; ; turn++) {
    const callId = `c${turn}`;
    const text = `line ${turn}\n`.repeat(40);
    yield { type: 'turn_started', turn, model: 'm' };
    yield { type: 'usage', of: 'turn', model: 'm', input: 10, output: 5, cacheRead: 100, cacheWrite: 10, cost: 0.01 };
    yield {
      type: 'assistant_message',
      blocks: [{ type: 'tool_use', id: callId, name: 'read_file', input: { path: `${turn}.ts` } }],
      stop: 'tool_use',
      partial: false,
      model: 'm',
    };
    yield { type: 'tool_started', callId, tool: 'read_file', title: 'Read', detail: `${turn}.ts`, class: 'read_only' };
    yield {
      type: 'tool_finished',
      callId,
      tool: 'read_file',
      outcome: 'ok',
      output: [{ type: 'text', text }],
      summary: '40 lines',
      files: { [`/w/${turn}.ts`]: 'a hash' },
      ms: 2,
    };
  }
}

/** How often each was asked to look at a text or a value meanwhile. */
async function counting(work: () => Promise<void>): Promise<{ readonly texts: number; readonly values: number }> {
  const { parse } = JSON;
  const { safeParse } = zAgentEvent;
  let [texts, values] = [0, 0];
  JSON.parse = (text: string, ...rest) => {
    texts++;
    return parse(text, ...rest);
  };
  zAgentEvent.safeParse = (...args) => {
    values++;
    return safeParse(...args);
  };
  try {
    await work();
    return { texts, values };
  } finally {
    JSON.parse = parse;
    zAgentEvent.safeParse = safeParse;
  }
}

describe(`a log of ${EVENTS} events`, () => {
  let folder: string;
  const newStore = () => createStore({ folder, clock });

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), 'plumb-long-'));
    const log = await newStore().create(SESSION);
    let seq = 0;
    for (const fresh of turns()) {
      if (++seq > EVENTS) break;
      log.append({ ...fresh, id: `${SESSION}.${seq}`, at: seq, session: SESSION, agent: 'main', seq });
    }
    await log.close();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is taken up by one look at each line, and none by the schema', async () => {
    const work = await counting(async () => {
      const { log, events, damage } = await newStore().open(SESSION);
      assert.deepEqual([events.length, damage], [EVENTS, []]);
      await log.close();
    });
    assert(work.texts >= EVENTS && work.texts < EVENTS + 50, `${work.texts} texts`);
    assert.equal(work.values, 0);
  }).timeout(30_000);

  it('is listed by the few lines that a list needs, and then by what is new', async () => {
    const store = newStore();
    const list = async () =>
      assert.deepEqual(
        (await store.list()).map(({ id, turns }) => [id, turns]),
        [[SESSION, 2_000]],
      );
    const first = await counting(list);
    assert(first.texts > 0 && first.texts < EVENTS / 2, `${first.texts} of ${EVENTS} lines`);
    assert((await counting(list)).texts < 10);
    const { log } = await store.open(SESSION);
    log.append({
      id: `${SESSION}.${EVENTS + 1}`,
      at: EVENTS + 1,
      session: SESSION,
      agent: 'main',
      seq: EVENTS + 1,
      type: 'session_titled',
      title: 'Longer',
      by: 'user',
    });
    await log.close();
    const again = await counting(async () => assert.equal((await store.list())[0]?.title, 'Longer'));
    assert(again.texts > 0 && again.texts < 10, `${again.texts} lines`);
  }).timeout(30_000);
});
