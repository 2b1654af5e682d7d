import assert from 'node:assert/strict';
import { EMPTY_STATE, foldEvent, type SessionState } from '../../../src/core/fold';
import { NOTHING_SEEN, type Seen } from '../../../src/core/seen';
import type { EventOf } from '../../../src/protocol/events';

describe('what the model has seen of files', () => {
  it('stays as it was at each moment, whatever came after', () => {
    type Moment = { readonly seen: Seen; readonly plain: ReadonlyMap<string, string> };
    const moments: Moment[] = [{ seen: NOTHING_SEEN, plain: new Map() }];
    for (let n = 0, random = 7; n < 2_000; n++) {
      random = (random * 48_271) % 2_147_483_647;
      // Mostly from the newest, at times from an older one, as after a rewind.
      const from = moments[random % 11 === 0 ? random % moments.length : moments.length - 1];
      assert(from);
      const path = `/w/${(random >> 4) % 40}.ts`;
      const word = random % 7 === 0 ? '' : `hash ${n}`;
      const plain = new Map(from.plain);
      plain.delete(path);
      if (word !== '') plain.set(path, word);
      moments.push({ seen: from.seen.with({ [path]: word }), plain });
    }
    for (const { seen, plain } of moments) {
      assert.deepEqual([...seen.newest()].reverse(), [...plain]);
      for (let n = 0; n < 41; n++) assert.equal(seen.get(`/w/${n}.ts`), plain.get(`/w/${n}.ts`));
    }
  });

  it('costs the fold as much for the last of many files as for the first', () => {
    const many = (first: number, count: number, of: number) => (before: SessionState) => {
      let state = before;
      for (let n = first; n < first + count; n++) state = foldEvent(state, read(n, `/w/${n % of}.ts`));
      return state;
    };
    const start = many(0, 200, 200)(EMPTY_STATE);
    const early = entriesWritten(() => many(200, 200, 100_000)(start));
    const late = many(400, 8_000, 100_000)(start);
    assert(early > 0);
    assert(entriesWritten(() => many(8_400, 200, 100_000)(late)) <= early + 200);
    // A few files, over and over: what is kept of them does not grow either.
    const few = many(0, 20_000, 5)(EMPTY_STATE);
    assert(entriesWritten(() => many(20_000, 200, 5)(few)) < 1_000);
    assert.equal([...few.seen.newest()].length, 5);
  });
});

function read(seq: number, path: string): EventOf<'tool_finished'> {
  return {
    ...{ id: `s.${seq}`, at: seq, session: 's', agent: 'main', seq, turn: 1 },
    ...{ type: 'tool_finished', callId: `c${seq}`, tool: 'read_file', outcome: 'ok', output: [], summary: '', ms: 1 },
    files: { [path]: `hash ${seq}` },
  };
}

/** Entries that went into any map meanwhile: a map that is copied shows up with all of its own. */
function entriesWritten(work: () => unknown): number {
  const set = Map.prototype.set;
  let entries = 0;
  Map.prototype.set = function (this: Map<unknown, unknown>, key: unknown, value: unknown) {
    entries++;
    return set.call(this, key, value);
  };
  try {
    work();
  } finally {
    Map.prototype.set = set;
  }
  return entries;
}
