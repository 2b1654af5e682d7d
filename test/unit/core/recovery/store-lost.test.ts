import assert from 'node:assert/strict';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openSession } from '../../../../src/core/session';
import { defineTool, type Tool } from '../../../../src/core/tool';
import type { WireRequest } from '../../../../src/demo/wire/request';
import { openLogFile } from '../../../../src/node/session-log';
import { reply } from '../../../support/model-server/reply';
import { allowAll } from '../../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';

const STEPS = ['one', 'two', 'three'];

/** Writes one line after the other. */
function script(request: WireRequest) {
  const turns = request.turns.filter((turn) => turn.role === 'assistant').length;
  const line = STEPS[turns];
  return line ? reply.tools([{ name: 'write', input: { line }, id: `toolu_${line}` }]) : reply.text('Done.');
}

/** Appends a line; `after` is what happens to the world then. */
function append(after: (line: string) => Promise<void> = async () => {}): Tool {
  return defineTool({
    name: 'write',
    description: 'write',
    input: z.strictObject({ line: z.string() }),
    safety: { destructive: false },
    summarize: ({ line }) => ({ title: 'write', detail: line }),
    run: async ({ line }, { facts }) => {
      await appendFile(join(facts.cwd, 'out.txt'), `${line}\n`);
      await after(line);
      return { content: `wrote ${line}`, summary: 'wrote' };
    },
  });
}

describe('a store that fails in the middle of a run', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    // What could not be saved is told when the session is closed, too.
    for (const harness of open.splice(0)) await harness.close().catch(() => undefined);
  });
  async function start(options: HarnessOptions): Promise<Harness> {
    const harness = await startHarness(script, { rules: allowAll, ...options });
    open.push(harness);
    return harness;
  }
  const out = (harness: Harness) => readFile(join(harness.root, 'out.txt'), 'utf8');

  it('because its folder was removed, ends the run with a next step, before the next effect', async () => {
    let storage = '';
    const remove = async (line: string) => {
      if (line === 'one') await rm(storage, { recursive: true });
    };
    const harness = await start({ tools: [append(remove)] });
    storage = dirname(dirname(harness.options.ports.store.spillFolder(harness.session.id)));
    assert.equal(await harness.say('go'), 'failed');
    const end = harness.session.events().at(-1);
    assert.ok(end?.type === 'run_ended');
    assert.equal(end.error, 'store_gone');
    assert.match(end.detail, /deleted|no longer there/);
    assert.match(end.next ?? '', /new session/);
    assert.equal(await out(harness), 'one\n', 'no effect without its intent on disk');
    const said = harness.session.events().map((event) => event.type);
    assert.ok(said.includes('user_message') && said.includes('tool_finished'), 'what was shown is still there to be exported');
    assert.deepEqual(
      harness.session.events().map(({ seq }) => seq),
      harness.session.events().map((_, i) => i + 1),
    );
  });

  for (const [code, error, next] of [
    ['EROFS', 'store_read_only', /right to write there/],
    ['EIO', 'store_io', /Check the disk/],
  ] as const) {
    it(`with ${code}, ends it with a next step, and goes on once it is over`, async () => {
      let failing = false;
      const harness = await start({
        tools: [
          append(async (line) => {
            failing = line === 'one';
          }),
        ],
        openFile: async (path, flags) => {
          const file = await openLogFile(path, flags);
          const guard = () => {
            if (failing) throw Object.assign(new Error(code), { code });
          };
          return {
            ...file,
            write: async (bytes, at) => {
              guard();
              await file.write(bytes, at);
            },
            sync: async () => {
              guard();
              await file.sync();
            },
          };
        },
      });
      assert.equal(await harness.say('go'), 'failed');
      const end = harness.session.events().at(-1);
      assert.ok(end?.type === 'run_ended');
      assert.equal(end.error, error);
      assert.match(end.next ?? '', next);
      assert.equal(await out(harness), 'one\n');
      failing = false;
      assert.equal(await harness.session.resume(), 'done');
      assert.equal(await out(harness), 'one\ntwo\nthree\n');
      await harness.session.close();
      const again = await openSession(harness.options, harness.session.id);
      assert.deepEqual(again.damage, []);
      assert.deepEqual(
        again.events().map(({ id }) => id),
        harness.session.events().map(({ id }) => id),
      );
      await again.close();
    });
  }
});
