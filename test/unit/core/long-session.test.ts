import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDocuments } from '../../../src/node/documents';
import { sha256 } from '../../../src/node/hash';
import { readFile } from '../../../src/tools/read-file';
import { reply } from '../../support/model-server/reply';
import { startHarness } from '../../support/session-harness';

/** Work is counted, not timed: what a turn does must not depend on how many came before it. */
describe('a long session', () => {
  it('costs as much work a turn at its end as at its beginning', async function () {
    this.timeout(60_000);
    const TURNS = 60;
    const work = { hashes: 0, looks: 0, reads: 0 };
    const atTurn: (typeof work)[] = [];
    const h = await startHarness(
      Array.from({ length: TURNS }, (_, turn) => () => {
        atTurn.push({ ...work });
        return turn === TURNS - 1
          ? reply.text('Done.')
          : reply.tools([{ name: 'read_file', input: { path: `part-${turn % 3}.txt`, offset: turn + 1, limit: 1 } }]);
      }),
      {
        tools: [readFile],
        settings: { maxTurns: TURNS + 1 },
        ports: {
          hash: (text) => {
            work.hashes += 1;
            return sha256(text);
          },
        },
      },
    );
    try {
      for (const n of [0, 1, 2])
        await writeFile(join(h.root, `part-${n}.txt`), Array.from({ length: TURNS }, (_, line) => `line ${line}\n`).join(''));
      const documents = createDocuments({ roots: [h.root] });
      Object.assign(h.options.ports, {
        documents: {
          ...documents,
          stat: (path: string) => {
            work.looks += 1;
            return documents.stat(path);
          },
          readText: (path: string, signal: AbortSignal) => {
            work.reads += 1;
            return documents.readText(path, signal);
          },
        },
      });
      assert.equal(await h.say('Read everything, again and again.'), 'done');
      const between = (turn: number) => {
        const [before, after] = [atTurn[turn], atTurn[turn + 3]];
        assert.ok(before && after);
        return { hashes: after.hashes - before.hashes, looks: after.looks - before.looks, reads: after.reads - before.reads };
      };
      assert.ok(between(9).hashes > 0 && between(9).looks > 0 && between(9).reads > 0);
      assert.deepEqual(between(TURNS - 4), between(9));
    } finally {
      await h.close();
    }
  });
});
