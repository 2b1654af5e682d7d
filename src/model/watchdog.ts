/** Fires once when it has been watching for `ms` without a touch. It watches only while somebody waits. */
export type Watchdog = {
  /** Runs `wait` under watch. */
  watch<T>(wait: () => Promise<T>): Promise<T>;
  /** A sign of life. */
  touch(): void;
  readonly fired: boolean;
};

export function createWatchdog(ms: number, onSilence: () => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fired = false;
  const disarm = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const arm = () => {
    disarm();
    timer = setTimeout(() => {
      fired = true;
      onSilence();
    }, ms);
  };
  return {
    async watch(wait) {
      arm();
      try {
        return await wait();
      } finally {
        disarm();
      }
    },
    touch() {
      if (timer !== undefined) arm();
    },
    get fired() {
      return fired;
    },
  };
}
