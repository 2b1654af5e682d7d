/** How long each step of a start took, in the order in which they were done. */
export type InitSteps = {
  /** What was done since the step before it. */
  done(step: string): void;
  /** The steps so far, once. */
  take(): readonly { readonly step: string; readonly ms: number }[];
};

export function createInitSteps(now: () => number): InitSteps {
  let last = now();
  let steps: { step: string; ms: number }[] = [];
  return {
    done(step) {
      const time = now();
      steps.push({ step, ms: time - last });
      last = time;
    },
    take() {
      const taken = steps;
      steps = [];
      return taken;
    },
  };
}
