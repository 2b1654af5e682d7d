import assert from 'node:assert/strict';
import { judge } from '../crash/judge';
import { type Lane, openLane, tryAll } from '../crash/lane';
import { seededPoints } from '../crash/points';
import { failWrites, jumpClock } from '../crash/preloads';

/** A sample of `npm run test:crash`, and what else can happen to the disk and the clock under a run. */

const SAMPLE = 25;

describe('the command line, cut off', () => {
  let lane: Lane;

  before(async function () {
    this.timeout(300_000);
    lane = await openLane();
  });
  after(() => lane.remove());

  it('does the whole work when nobody disturbs it', () => judge(lane.reference, lane.reference));

  it(`by SIGKILL at ${SAMPLE} points, ends in the same files and the same conversation`, async () => {
    const other = await openLane();
    try {
      await tryAll([lane, other], seededPoints(SAMPLE, 7, lane.reference), judge);
    } finally {
      await other.remove();
    }
  }).timeout(1_200_000);

  for (const [code, says] of [
    ['ENOSPC', /full|space/i],
    ['EROFS', /may not write/i],
    ['EIO', /could not|cannot|failed/i],
  ] as const) {
    it(`by ${code} in the middle, says so and goes on once it is over`, async () => {
      const { first, came } = await lane.under(failWrites(40, code));
      assert.equal(first.code, 1, first.stderr);
      assert.match(first.stderr, says);
      judge(came, lane.reference);
    }).timeout(300_000);
  }

  it('by a disk that is full from the start, begins nothing', async () => {
    const { first, came } = await lane.under(failWrites(1, 'ENOSPC'));
    assert.equal(first.code, 1, first.stderr);
    judge(came, lane.reference);
  }).timeout(300_000);

  it('by a clock that jumps to and fro within the day, notices nothing', async () => {
    const { first, came } = await lane.under(jumpClock(50, -0.001));
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(came.tree, lane.reference.tree);
  }).timeout(300_000);

  it('by a clock that jumps by days, keeps the order of its log', async () => {
    const { first, came } = await lane.under(jumpClock(50, -72));
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(came.tree, lane.reference.tree);
    assert.deepEqual(
      came.events.map(({ seq }) => seq),
      came.events.map((_, i) => i + 1),
    );
  }).timeout(300_000);
});
