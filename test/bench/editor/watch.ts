import type { Frame } from 'playwright-core';

/** What the page saw of a stream: each frame with its time and the highest numbered word that stood in it. */
export type Frames = readonly { readonly at: number; readonly word: number }[];

/** Begins to note every frame of the page; `stop` gives what was noted. Words of the stream are `w0 w1 w2 …`. */
export async function watchFrames(frame: Frame): Promise<{ stop(): Promise<{ frames: Frames; longest: number }> }> {
  await frame.evaluate(() => {
    const noted = { frames: [] as { at: number; word: number }[], longest: 0, over: false };
    Reflect.set(window, 'noted', noted);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.longest = Math.max(noted.longest, entry.duration);
    }).observe({ type: 'longtask' });
    const note = () => {
      const texts = document.querySelectorAll('.item-text');
      const shown = texts.item(texts.length - 1)?.textContent?.slice(-200) ?? '';
      const word = [...shown.matchAll(/w(\d+)(?= )/g)].at(-1)?.[1];
      noted.frames.push({ at: performance.timeOrigin + performance.now(), word: word === undefined ? -1 : Number(word) });
      if (!noted.over) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  return {
    stop: () =>
      frame.evaluate(() => {
        const noted = Reflect.get(window, 'noted') as { frames: { at: number; word: number }[]; longest: number; over: boolean };
        noted.over = true;
        return { frames: noted.frames, longest: noted.longest };
      }),
  };
}

/** For each word that was sent, how long it took until a frame held it. */
export function lags(frames: Frames, sentAt: readonly number[]): number[] {
  const out: number[] = [];
  let next = 0;
  for (const { at, word } of frames) {
    for (; next <= word && next < sentAt.length; next++) out.push(at - (sentAt[next] ?? at));
  }
  return out;
}

/** Milliseconds from one frame to the next. */
export function intervals(frames: Frames): number[] {
  return frames.slice(1).map(({ at }, i) => at - (frames[i]?.at ?? at));
}

export function share(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
