import type { Frame } from 'playwright-core';
import { z } from 'zod';

const zNoted = z.object({
  frames: z.array(z.object({ at: z.number(), drawnAt: z.number(), word: z.number() })),
  longest: z.number(),
});
export type Noted = z.infer<typeof zNoted>;

/** Notes every frame of the page while something is done. */
export async function watching(frame: Frame, work: () => Promise<void>): Promise<Noted> {
  await frame.evaluate('bench.watch()');
  await work();
  return zNoted.parse(await frame.evaluate('bench.noted()'));
}

/** For each delta that was sent, the milliseconds until a frame with it was drawn. */
export function lags({ frames }: Noted, sentAt: readonly number[]): number[] {
  const out: number[] = [];
  let next = 0;
  for (const { drawnAt, word } of frames) {
    for (; next <= word && next < sentAt.length; next++) out.push(drawnAt - (sentAt[next] ?? drawnAt));
  }
  return out;
}

/** Milliseconds from one frame to the next. */
export function intervals({ frames }: Noted): number[] {
  return frames.slice(1).map(({ at }, i) => at - (frames[i]?.at ?? at));
}

/** The value below which that part of all values lies. */
export function quantile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
