import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireRequest } from '../../../../src/demo/wire/request';
import { systemClock } from '../../../../src/node/clock';
import { createStore } from '../../../../src/node/store';
import type { EventOf } from '../../../../src/protocol/events';
import { eventually } from '../../../contract/support/shell';
import { makePlace, type Place } from '../../../support/cli-process';
import { reply } from '../../../support/model-server/reply';
import { type ModelServer, startModelServer } from '../../../support/model-server/server';

/** Shows when it began, waits for leave to go on, and then does its one effect. */
const work = (code: number) => `echo a >> began.txt
until [ -e leave.txt ]; do sleep 0.02; done
echo done >> out.txt
if [ -e last.txt ]; then sleep 60; fi
exit ${code}
`;

describe('a command that was cut off', function () {
  if (process.platform === 'win32') return;
  this.timeout(60_000);
  let server: ModelServer;
  let place: Place;
  const text = (name: string) => readFile(join(place.folder, name), 'utf8').catch(() => '');

  beforeEach(async () => {
    server = await startModelServer((request: WireRequest) =>
      request.turns.some((turn) => turn.role === 'assistant')
        ? reply.text('Done.')
        : reply.tools([{ name: 'shell', input: { command: 'sh work.sh' }, id: 'toolu_do' }]),
    );
    place = await makePlace(server.url);
  });
  afterEach(async () => {
    await writeFile(join(place.folder, 'leave.txt'), '');
    await server.close();
    await place.remove();
  });

  /** Dies by SIGKILL while the command waits for leave. */
  async function die(code: number): Promise<void> {
    await writeFile(join(place.folder, 'work.sh'), work(code));
    const { child } = await place.start(['-p', 'go', '--allow', 'shell(sh work.sh)', '--model', 'claude-opus-4-8']);
    await eventually(async () => (await text('began.txt')) === 'a\n', 'the command to begin');
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  let said = '';
  async function takenUp(): Promise<EventOf<'tool_finished'>> {
    const run = await place.run(['--resume', 'last', '--model', 'claude-opus-4-8']);
    assert.equal(run.code, 0, run.stderr);
    said = run.stderr;
    const store = createStore({ folder: join(place.home, '.plumb'), clock: systemClock });
    const [info] = await store.list();
    const { events, damage } = await store.read(info?.id ?? '');
    assert.deepEqual(damage, []);
    const told = events.filter((event) => event.type === 'tool_finished');
    const [only] = told;
    assert.ok(only && told.length === 1);
    assert.deepEqual(server.failures, []);
    return only;
  }

  for (const exit of [0, 3]) {
    it(`and came to its end all the same, with exit code ${exit}, is told so and does not run again`, async () => {
      await die(exit);
      await writeFile(join(place.folder, 'leave.txt'), '');
      const note = await eventually(async () => {
        const store = createStore({ folder: join(place.home, '.plumb'), clock: systemClock });
        const [info] = await store.list();
        return readFile(store.exitFile(info?.id ?? ''), 'utf8').catch(() => undefined);
      }, 'the note of its end');
      assert.match(note, new RegExp(` ${exit}\\n$`));
      const finished = await takenUp();
      assert.equal(finished.outcome, exit === 0 ? 'ok' : 'error');
      assert.match(JSON.stringify(finished.output), new RegExp(`with exit code ${exit};`));
      assert.equal(await text('out.txt'), 'done\n');
      assert.equal(await text('began.txt'), 'a\n');
    });
  }

  it('and still runs when the session is taken up is ended first, and its outcome is not known', async () => {
    await writeFile(join(place.folder, 'last.txt'), '');
    await die(0);
    await writeFile(join(place.folder, 'leave.txt'), '');
    await eventually(async () => (await text('out.txt')) === 'done\n', 'its effect');
    const finished = await takenUp();
    assert.equal(finished.outcome, 'unknown');
    assert.match(JSON.stringify(finished.output), /Whether it took effect is not known/);
    assert.match(said, /whether this happened before Plumb was stopped is not known: .*sh work\.sh.*not run again by itself/);
    assert.equal(await text('out.txt'), 'done\n');
    assert.equal(await text('began.txt'), 'a\n');
  });
});
