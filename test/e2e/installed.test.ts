import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastUserText, type WireRequest } from '../../src/demo/wire/request';
import { systemClock } from '../../src/node/clock';
import { createStore } from '../../src/node/store';
import type { AgentEvent } from '../../src/protocol/events';
import { buildIfStale } from '../support/build';
import { type Call, reply } from '../support/model-server/reply';
import { packExtension } from '../support/package/build';
import { eventually } from './support/eventually';
import { openPlumb, type Plumb } from './support/plumb';

/** Commands append, so that one which ran twice shows. */
const appends = (line: string) => ({ name: 'shell', input: { command: `echo ${line} >> steps.txt` } });
const edits = (path: string, old_text: string, new_text: string) => ({
  name: 'edit_file',
  input: { path, edits: [{ old_text, new_text }] },
});
const reads = (path: string) => ({ name: 'read_file', input: { path } });

const STEPS: readonly (readonly Pick<Call, 'name' | 'input'>[])[] = [
  [reads('notes.txt')],
  [edits('notes.txt', 'one', 'ONE')],
  [appends('first')],
  [edits('notes.txt', 'two', 'TWO'), appends('second')],
  [{ name: 'write_file', input: { path: 'new.txt', content: 'new\n' } }],
  [appends('third')],
];
const FIRST = 'Run a command.';
const LAST = 'All of it is done.';

/** Answers by what the conversation holds, as a model does, so that it goes on wherever it is taken up. */
function script(request: WireRequest) {
  const turn = request.turns.filter(({ role }) => role === 'assistant').length;
  if (lastUserText(request).includes(FIRST))
    return turn === 0 ? reply.tool('shell', { command: 'echo from-the-package' }) : reply.text('It runs.');
  const step = STEPS[turn];
  return step ? reply.text(`Step ${turn}.`).tools(step.map((call, i) => ({ ...call, id: `toolu_${turn}x${i}` }))) : reply.text(LAST);
}

/** Where the extension host is killed: once the log holds that event for the nth time. After a third time the editor starts none by itself. */
const POINTS: readonly (readonly [AgentEvent['type'], number])[] = [
  ['turn_started', 2],
  ['effect_intended', 3],
];

describe('the installed extension', () => {
  let vsix = '';
  let plumb: Plumb;

  before(async function () {
    this.timeout(180_000);
    vsix = await mkdtemp(join(tmpdir(), 'plumb-crash-vsix-'));
    await buildIfStale();
    packExtension(join(vsix, 'plumb.vsix'), { quiet: true });
    const settings = { 'plumb.mode': 'auto', 'plumb.allow': ['shell(echo *)'] };
    plumb = await openPlumb({ vsix: join(vsix, 'plumb.vsix'), script, settings });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(`    picture: ${await plumb.screenshot(this.currentTest.fullTitle())}`);
  });
  after(async () => {
    await plumb?.close();
    await rm(vsix, { recursive: true, force: true });
  });

  it('starts and answers, with nothing of the repository at hand', async () => {
    await plumb.send(FIRST);
    await (await plumb.panel()).locator('.item-text', { hasText: 'It runs.' }).waitFor();
    assert.equal((await readdir(join(plumb.storage, 'sessions'))).length, 1, 'the session was stored');
    assert.match(JSON.stringify(plumb.model.requests[1]?.json), /from-the-package/, 'the shell grammar and the shell came along');
  });

  for (const [type, nth] of POINTS) {
    it(`comes back after its host was killed at the ${type} number ${nth}, with the session, which goes on and loses and doubles nothing`, async () => {
      const { folder, storage, model } = plumb;
      await writeFile(join(folder, 'notes.txt'), 'one\ntwo\n');
      for (const name of ['new.txt', 'steps.txt']) await rm(join(folder, name), { force: true });
      const known = new Set(await readdir(join(storage, 'sessions')).catch(() => []));
      const newest = async () => (await readdir(join(storage, 'sessions')).catch(() => [])).find((id) => !known.has(id));
      const store = createStore({ folder: storage, clock: systemClock });
      const logged = async (): Promise<readonly AgentEvent[]> => {
        const id = await newest();
        // Its folder is there a moment before its log.
        return id
          ? await store.read(id).then(
              ({ events }) => events,
              () => [],
            )
          : [];
      };

      await (await plumb.panel()).getByRole('button', { name: 'New session', exact: true }).click();
      await plumb.send('Do all of it.');
      await eventually(`${type} ${nth}`, async () => (await logged()).filter((event) => event.type === type).length >= nth, 30_000);
      const lock: { readonly pid: number } = JSON.parse(await readFile(join(storage, 'sessions', (await newest()) ?? '', 'lock'), 'utf8'));
      process.kill(lock.pid, 'SIGKILL'); // the editor starts another by itself

      const done = async () => (await plumb.panel()).locator('.item-text', { hasText: LAST });
      const resume = async () => (await plumb.panel()).getByRole('button', { name: /^Continue/ });
      // The page of before goes away while it is looked at.
      const back = async () => (await (await resume()).count()) + (await (await done()).count()) > 0;
      await eventually('the session is back', () => back().catch(() => false), 60_000);
      if ((await (await done()).count()) === 0) await (await resume()).last().click();
      await (await done()).waitFor();

      await eventually('the end of the run', async () => (await logged()).at(-1)?.type === 'run_ended');
      const all = await logged();
      assert.deepEqual(
        all.map(({ seq }) => seq),
        all.map((_, at) => at + 1),
      );
      const finished = all.flatMap((event) => (event.type === 'tool_finished' ? [event] : []));
      const ids = finished.map(({ callId }) => callId);
      assert.deepEqual([...new Set(ids)], ids, 'no call has two outcomes');
      assert.equal(finished.length, STEPS.flat().length);
      const unknown = finished.filter(({ outcome }) => outcome === 'unknown');
      assert.deepEqual(
        unknown.filter(({ tool }) => tool !== 'shell'),
        [],
        'what lies in files can be told',
      );
      assert.equal(await readFile(join(folder, 'notes.txt'), 'utf8'), 'ONE\nTWO\n');
      assert.equal(await readFile(join(folder, 'new.txt'), 'utf8'), 'new\n');
      const lines = (await readFile(join(folder, 'steps.txt'), 'utf8')).split('\n').filter(Boolean);
      assert.deepEqual([...new Set(lines)], lines, 'no command ran twice');
      assert.ok(lines.length >= 3 - unknown.length, lines.join());
      const cards = await (await plumb.panel()).locator('.item-tool').count();
      assert.equal(cards, STEPS.flat().length, 'one card for each call');
      assert.deepEqual(model.failures, []);
      assert.deepEqual(
        model.requests.filter(({ status = 200 }) => status !== 200).map(({ error }) => error),
        [],
        'no request was refused',
      );
    }).timeout(120_000);
  }
});
