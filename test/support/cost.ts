/**
 * What work costs in time of the processor, which passes only while this process has it: a busy machine makes it a
 * little dearer, not many times. Of several rounds the cheapest counts, as nothing makes work cheaper than it is.
 */
function costOf(work: () => void, rounds = 5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work();
    least = Math.min(least, spentSince(before));
  }
  return least;
}

/** The same of work that waits for something. */
export async function costOfAsync(work: () => Promise<void>, rounds = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await work();
    least = Math.min(least, spentSince(before));
  }
  return least;
}

/** How many times as much the larger work costs, each measured by turns with the other. */
export function costRatio(smaller: () => void, larger: () => void, rounds = 5): number {
  let [small, large] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    small = Math.min(small, costOf(smaller, 1));
    large = Math.min(large, costOf(larger, 1));
  }
  return large / small;
}

/** Milliseconds. */
function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
