import type { Kill, Reference } from './lane';

/** Points at which the run is killed: the same for the same seed, wherever it is run. */
export function seededPoints(count: number, seed: number, { lines, boundaries }: Reference): readonly (readonly Kill[])[] {
  const random = mulberry(seed);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const one = (): Kill => {
    const kind = random();
    if (kind < 0.35) return { at: 'event', nth: upTo(lines) };
    if (kind < 0.65) return { at: 'time', fraction: random() };
    return { at: 'boundary', nth: upTo(boundaries), when: random() < 0.5 ? 'before' : 'after' };
  };
  // Every fifth dies again while it is taken up.
  return Array.from({ length: count }, (_, i) => (i % 5 === 4 ? [one(), one()] : [one()]));
}

/** Around every step that makes something last. */
export function everyBoundary({ boundaries }: Reference): readonly (readonly Kill[])[] {
  return Array.from({ length: boundaries }, (_, i) => i + 1).flatMap((nth) =>
    (['before', 'after'] as const).map((when) => [{ at: 'boundary' as const, nth, when }]),
  );
}

/** Small, quick, and the same on every machine. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
