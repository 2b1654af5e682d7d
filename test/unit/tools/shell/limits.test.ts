import { strict as assert } from 'node:assert';
import { costOfAsync } from '../../../support/cost';
import { ATTACK_LINES } from './attacks';
import { BENIGN } from './benign-lines';
import { assess } from './scene';

describe('limits of what is read', () => {
  it('asks for a line of more than 10,000 characters, and still sees what it destroys', async () => {
    const long = `echo ${'a'.repeat(10_000)}`;
    const { subjects } = await assess(long);
    assert.equal(subjects[0]?.opaque, true);
    assert.match(subjects[0]?.why ?? '', /longer than 10000/);
    assert.equal((await assess(`${long}; rm -rf /`)).subjects[0]?.critical !== undefined, true);
    assert.equal((await assess(`echo ${'a'.repeat(9_000)}`)).class, 'read_only');
  });

  it('asks for more than fifty commands', async () => {
    assert.equal((await assess(Array(50).fill('ls').join('; '))).class, 'read_only');
    const { subjects } = await assess(Array(51).fill('ls').join('; '));
    assert.equal(subjects[0]?.opaque, true);
    assert.ok(subjects.length <= 52);
  });

  it('asks where the grammar reads the words otherwise', async () => {
    const { subjects } = await assess('ls ==');
    assert.equal(subjects[0]?.opaque, true);
    assert.match(subjects[0]?.why ?? '', /readings of it differ/);
  });

  it('asks for an empty line', async () => {
    for (const line of ['', ' ', '\n', '\t \n']) assert.equal((await assess(line)).subjects[0]?.opaque, true);
  });

  for (const [name, line] of [
    ['words', 'a '.repeat(20_000)],
    ['quotes', `'"`.repeat(20_000)],
    ['brackets', '('.repeat(40_000)],
    ['substitutions', '$('.repeat(20_000)],
    ['pipes', 'a|'.repeat(20_000)],
    ['deletions', 'rm -rf $X/ '.repeat(3_600)],
    ['downloads', 'curl x |'.repeat(5_000)],
    ['functions', 'a() { a |'.repeat(4_400)],
    ['service words', 'scale replace apply state '.repeat(1_600)],
    ['climbs', `cat ${'a/../'.repeat(1_900)}`],
    ['one long quoted script', `awk '${'{print $1} '.repeat(800)}'`],
    ['random bytes', Array.from({ length: 40_000 }, (_, i) => String.fromCharCode((i * 7919) % 65_536)).join('')],
  ] as const) {
    it(`answers 40 kB of ${name} in time`, async () => {
      await assess('ls');
      const cost = await costOfAsync(async () => {
        const { subjects } = await assess(line);
        assert.ok(subjects.length > 0);
      }, 2);
      assert.ok(cost < 1000, `took ${Math.round(cost)} ms of the processor`);
    });
  }

  it('answers ordinary lines in a few milliseconds', async () => {
    const lines = [...BENIGN, ...ATTACK_LINES];
    for (const line of lines) await assess(line);
    // Of each line the cheapest round counts: the others were held up by something else.
    const costs = new Map(lines.map((line) => [line, Number.POSITIVE_INFINITY]));
    for (let round = 0; round < 5; round++) {
      for (const line of costs.keys()) {
        const start = performance.now();
        await assess(line);
        costs.set(line, Math.min(costs.get(line) ?? 0, performance.now() - start));
      }
    }
    const sorted = [...costs.values()].sort((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    // The promise is 5 ms on a usual machine: as long as that many readings of a plain line, where these stand.
    const plain = Math.min(...lines.slice(0, 50).map((line) => costs.get(line) ?? 0));
    assert.ok(p99 < Math.max(5, 100 * plain), `p99 was ${p99.toFixed(1)} ms, a plain line ${plain.toFixed(2)} ms`);
  });
});
