import { judge } from './judge';
import { type Kill, type Lane, nameOf, openLane, tryAll } from './lane';
import { everyBoundary, seededPoints } from './points';

/**
 * `npm run test:crash`: the command line is killed everywhere. Takes many minutes; `test/unit/crash.test.ts` is a sample
 * of it. With `PLUMB_CRASH_POINTS` set to a pattern, only points that are named so: "at event 12$"; with
 * `PLUMB_CRASH_SLICE`, only those from one index up to another: "40-80".
 */

const SEEDED = 200;
const WANTED = new RegExp(process.env.PLUMB_CRASH_POINTS ?? '');
const [FROM, TO] = (process.env.PLUMB_CRASH_SLICE ?? '0-').split('-').map((n) => Number(n) || undefined);
const wanted = (points: readonly (readonly Kill[])[]) => points.slice(FROM, TO).filter((kills) => WANTED.test(nameOf(kills)));

describe('the command line, killed', () => {
  let one: Lane;
  let other: Lane;

  before(async function () {
    this.timeout(600_000);
    one = await openLane();
    other = await openLane();
  });
  after(async () => {
    await one.remove();
    await other.remove();
  });

  it(`at ${SEEDED} seeded points`, () => tryAll([one, other], wanted(seededPoints(SEEDED, 20_260_101, one.reference)), judge)).timeout(
    120 * 60_000,
  );

  it('around every step that makes something last', () => tryAll([one, other], wanted(everyBoundary(one.reference)), judge)).timeout(
    240 * 60_000,
  );
});
