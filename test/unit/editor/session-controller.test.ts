import assert from 'node:assert/strict';
import { amendSession } from '../../../src/core/amend';
import { createDesk } from '../../../src/core/permission/desk';
import { openSession, startSession } from '../../../src/core/session';
import { createSessionController } from '../../../src/editor/session-controller';
import { reply } from '../../support/model-server/reply';
import { startHarness } from '../../support/session-harness';

describe('the sessions of a window', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(script: Parameters<typeof startHarness>[0] = []) {
    const harness = await startHarness(script);
    closers.push(harness.close);
    const { options } = harness;
    const { ports } = options;
    const opened: string[] = [];
    const controller = createSessionController({
      store: ports.store,
      newDesk: createDesk,
      start: () => startSession(options),
      open: (_desk, id) => {
        opened.push(id);
        return openSession(options, id);
      },
      fork: async () => {},
      amend: (id, event) => amendSession(ports, id, event),
      remembered: { get: () => undefined, update: async () => {} },
    });
    closers.push(() => controller.close());
    return { controller, ports, opened, server: harness.server };
  }

  const review = { path: '/w/a.ts', decision: 'undone', hunks: 1, left: 0, detail: '-new\n+old' } as const;

  it('tells a session in the background what was decided, and not the one that is shown', async () => {
    const { controller, server } = await start([reply.text('Working.').hold('before-message-stop')]);
    const first = (await controller.ensure()).session;
    const ended = first.send({ text: 'go', attachments: [], content: [{ type: 'text', text: 'go' }] });
    await server.held();
    await controller.startNew();
    const second = (await controller.ensure()).session;
    assert.notEqual(first.id, second.id);
    await controller.reviewed(first.id, review);
    assert.deepEqual(
      first.state().untold.map((r) => r.path),
      ['/w/a.ts'],
    );
    assert.deepEqual(second.state().untold, []);
    server.release();
    await ended;
  });

  it('writes it into the log of one that is closed, without taking that session up', async () => {
    const { controller, ports, opened } = await start();
    const { id } = (await controller.ensure()).session;
    await controller.startNew();
    assert.deepEqual(controller.live(), []);
    await controller.reviewed(id, review);
    await controller.rename(id, 'Another name');
    assert.deepEqual(opened, []);
    const { events } = await ports.store.read(id);
    assert.deepEqual(
      events.slice(-2).map((e) => e.type),
      ['change_reviewed', 'session_titled'],
    );

    await Promise.all([controller.reviewed(id, { ...review, path: '/w/b.ts' }), controller.show(id)]);
    const shown = controller.shown();
    assert.ok(shown.kind === 'live', 'opened once the other had been written');
    assert.deepEqual(
      shown.live.session.state().untold.map((r) => r.path),
      ['/w/a.ts', '/w/b.ts'],
    );
  });
});
