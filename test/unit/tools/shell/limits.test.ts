import { strict as assert } from 'node:assert';
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
      const start = performance.now();
      const { subjects } = await assess(line);
      const ms = performance.now() - start;
      assert.ok(subjects.length > 0);
      assert.ok(ms < 1000, `took ${Math.round(ms)} ms`);
    });
  }

  it('answers ordinary lines in a few milliseconds', async () => {
    const lines = [...BENIGN, ...ATTACK_LINES];
    for (const line of lines) await assess(line);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const line of lines) {
        const start = performance.now();
        await assess(line);
        times.push(performance.now() - start);
      }
    }
    times.sort((a, b) => a - b);
    const p99 = times[Math.floor(times.length * 0.99)] ?? 0;
    // The promise is 5 ms; the room above it is for a machine that does other work meanwhile.
    assert.ok(p99 < 25, `p99 was ${p99.toFixed(1)} ms`);
  });
});
