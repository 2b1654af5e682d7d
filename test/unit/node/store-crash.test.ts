import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/node/store';
import { stamper } from '../../contract/support/store';

const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Appends for ever, and says after each flush how far it has got. */
const WRITER = (folder: string) => `
  import { createStore } from ${at('../../../src/node/store.ts')};
  import { stamper } from ${at('../../contract/support/store.ts')};
  const store = createStore({ folder: ${JSON.stringify(folder)}, clock: Date });
  const log = await store.create('s1');
  const stamp = stamper('s1');
  for (;;) {
    let last;
    for (let i = 0; i < 5; i++) { last = stamp({ type: 'session_titled', title: 'x'.repeat(Math.random() * 20000), by: 'user' }); log.append(last); }
    await log.flush();
    process.stdout.write(last.seq + '\\n');
  }`;

describe('store after kill -9', () => {
  it('holds everything that was flushed, in order, and can be written on', async () => {
    for (const kills of [5, 17, 40]) {
      const folder = await mkdtemp(join(tmpdir(), 'plumb-crash-'));
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', WRITER(folder)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      let flushes = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
        flushes = said.split('\n').length - 1;
        if (flushes >= kills) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const acknowledged = Number(said.trim().split('\n').at(-1));
      const { log, events, damage } = await createStore({ folder, clock: Date }).open('s1');
      assert.deepEqual(damage, []);
      assert.ok(events.length >= acknowledged, `${events.length} of ${acknowledged}`);
      assert.deepEqual(
        events.map((e) => e.seq),
        events.map((_, i) => i + 1),
      );
      log.append({ ...stamper('s1')({ type: 'session_titled', title: 'on', by: 'user' }), seq: events.length + 1 });
      await log.close();
      assert.equal((await createStore({ folder, clock: Date }).read('s1')).events.length, events.length + 1);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
