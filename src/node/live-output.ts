/** How often live output is shown, and how much of it at once: a flood must not drown the panel. */
const EVERY_MS = 50;
const MOST = 16_000;

/** Gathers output into few pieces for showing; of a flood only the newest part of each piece is shown. */
export function createLiveOutput(show: (text: string) => void): { add(text: string): void; end(): void } {
  let waiting = '';
  let skipped = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const text = skipped > 0 ? `[… ${skipped} characters not shown …]\n${waiting}` : waiting;
    waiting = '';
    skipped = 0;
    show(text);
  };

  return {
    add(text) {
      waiting += text;
      if (waiting.length > MOST * 2) {
        skipped += waiting.length - MOST;
        waiting = waiting.slice(-MOST);
      }
      timer ??= setTimeout(flush, EVERY_MS);
    },
    end: flush,
  };
}
