import assert from 'node:assert/strict';
import { forkSession } from '../../../../src/core/recovery/fork';
import { openSession } from '../../../../src/core/session';
import { reply } from '../../../support/model-server/reply';
import { ask, closeAll, put, rewind, run, start, texts, tree } from './files';

describe('fork', () => {
  afterEach(closeAll);

  it('forks into a session of its own, which outlives the other', async () => {
    const harness = await start();
    const { root, session, server, options } = harness;
    await put(root, { 'a.txt': 'a\n' });
    const first = await ask(harness, 'first', [run('echo b > a.txt')]);
    const second = await ask(harness, 'second', []);
    const asked = server.requests.at(-1)?.json;
    await forkSession(options.ports, session.events(), second, 'forked');
    const fork = await openSession(options, 'forked');
    try {
      assert.deepEqual(
        fork
          .events()
          .slice(0, second - 1)
          .map((e) => e.type),
        session
          .events()
          .slice(0, second - 1)
          .map((e) => e.type),
      );
      assert.ok(fork.events().every((e) => e.session === 'forked'));
      assert.deepEqual(fork.state().spent, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: 0 }, 'the other has paid for it');
      assert.deepEqual([fork.state().turnsSent, fork.state().run.turns, fork.state().spend], [0, 0, []]);
      await ask(harness, 'second', [], fork);
      assert.deepEqual(server.requests.at(-1)?.json, asked, 'the same bytes, so that one cache serves both');
      await session.close();
      await options.ports.store.remove(session.id);
      await rewind(fork, first);
      assert.deepEqual(await tree(root), { 'a.txt': 'a\n' });
    } finally {
      await fork.close();
    }
  });

  it('forks out of the middle of a run into one that rests', async () => {
    const harness = await start();
    const { session, server, options } = harness;
    server.push(reply.tool('command', { line: 'true' }).hold(), reply.text('done'));
    const running = session.send({ text: 'go', attachments: [], content: [{ type: 'text', text: 'go' }] });
    await server.held();
    await session.send({ text: 'and this', attachments: [], content: [{ type: 'text', text: 'and this' }] });
    server.release();
    await running;
    const queued = session.events().findLast((e) => e.type === 'user_message')?.seq ?? assert.fail();
    await forkSession(options.ports, session.events(), queued, 'forked');
    const fork = await openSession(options, 'forked');
    try {
      assert.deepEqual([fork.state().open, fork.state().queue], [false, []]);
      await ask(harness, 'something else', [], fork);
      assert.match(texts(harness), /go.*ran.*something else/);
      assert.doesNotMatch(texts(harness), /and this/);
    } finally {
      await fork.close();
    }
  });
});
