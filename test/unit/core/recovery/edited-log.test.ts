import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openSession } from '../../../../src/core/session';
import { defineTool } from '../../../../src/core/tool';
import type { WireRequest } from '../../../../src/demo/wire/request';
import { reply } from '../../../support/model-server/reply';
import { allowAll, reader } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';

const append = defineTool({
  name: 'write',
  description: 'write',
  input: z.strictObject({ line: z.string() }),
  safety: { destructive: false },
  summarize: ({ line }) => ({ title: 'write', detail: line }),
  run: async ({ line }, { facts }) => {
    await appendFile(join(facts.cwd, 'out.txt'), `${line}\n`);
    return { content: `wrote ${line}`, summary: 'wrote' };
  },
});

function script(request: WireRequest) {
  const last = request.turns.at(-1);
  const asked = JSON.stringify(last?.content ?? '').includes('please');
  return asked
    ? reply
        .thinking('think')
        .text('First.')
        .tools([
          { name: 'read', input: { n: 1 } },
          { name: 'write', input: { line: 'one' } },
        ])
    : reply.text('Done.');
}

const EDITS: Readonly<Record<string, (lines: readonly string[], at: number) => readonly string[]>> = {
  removed: (lines, at) => lines.toSpliced(at, 1),
  'written twice': (lines, at) => lines.toSpliced(at, 0, lines[at] ?? ''),
  'out of order': (lines, at) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? ''),
  'cut in two': (lines, at) => lines.with(at, (lines[at] ?? '').slice(0, 40)),
  'changed, but JSON': (lines, at) => lines.with(at, (lines[at] ?? '').replace(/"(text|at|type)":/, '"$1x":')),
  'changed in its words': (lines, at) => lines.with(at, (lines[at] ?? '').replace('"at":1', '"at":2')),
};

describe('a log that was edited by hand', function () {
  this.timeout(120_000);
  let harness: Harness;
  let path: string;
  let log: readonly string[];

  before(async () => {
    harness = await startHarness(script, { tools: [reader('read'), append], rules: allowAll });
    assert.equal(await harness.say('please'), 'done');
    assert.equal(await harness.say('thanks'), 'done');
    await harness.session.close();
    path = join(dirname(harness.options.ports.store.exitFile(harness.session.id)), 'events.jsonl');
    log = (await readFile(path, 'utf8')).trimEnd().split('\n');
  });
  after(() => harness.close());

  for (const [how, edit] of Object.entries(EDITS)) {
    it(`in any one line, ${how}, is told of, and the session goes on with a request that the service takes`, async () => {
      // The last line has no neighbour to change places with, and what was cut off at the end nobody can miss.
      for (let at = 1; at < log.length - 1; at++) {
        await writeFile(path, `${edit(log, at).join('\n')}\n`);
        const session = await openSession(harness.options, harness.session.id);
        const said = `line ${at + 1}, ${how}: ${log[at]?.slice(0, 80)}`;
        assert.notDeepEqual(session.damage, [], said);
        const content = [{ type: 'text' as const, text: 'and now?' }];
        assert.equal(await session.send({ text: 'and now?', attachments: [], content }), 'done', said);
        await session.close();
        const again = await harness.options.ports.store.read(harness.session.id);
        const seqs = again.events.map(({ seq }) => seq);
        assert.deepEqual(
          seqs,
          [...new Set(seqs)].sort((a, b) => a - b),
          said,
        );
      }
      assert.deepEqual(harness.server.failures, []);
      const refused = harness.server.requests.filter(({ status = 200 }) => status !== 200);
      assert.deepEqual(
        refused.map(({ error }) => error),
        [],
      );
      assert.equal(await readFile(join(harness.root, 'out.txt'), 'utf8'), 'one\n', 'nothing ran again');
    });
  }
});
