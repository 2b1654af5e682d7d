import { judge } from './judge';
import { type Lane, openLane, tryAll } from './lane';
import { everyBoundary, seededPoints } from './points';

/** `npm run test:crash`: the command line is killed everywhere. Takes minutes; `test/unit/crash.test.ts` is a sample of it. */

const SEEDED = 200;

describe('the command line, killed', () => {
  let one: Lane;
  let other: Lane;

  before(async function () {
    this.timeout(120_000);
    one = await openLane();
    other = await openLane();
  });
  after(async () => {
    await one.remove();
    await other.remove();
  });

  it(`at ${SEEDED} seeded points`, () => tryAll([one, other], seededPoints(SEEDED, 20_260_101, one.reference), judge)).timeout(30 * 60_000);

  it('around every step that makes something last', () => tryAll([one, other], everyBoundary(one.reference), judge)).timeout(60 * 60_000);
});
