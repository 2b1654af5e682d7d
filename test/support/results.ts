import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What a test run came to. A skipped test is neither passed nor failed, and is said. */
export const zResults = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** What failed, by name and by the first line of why. */
  failures: z.array(z.string()),
});
export type Results = z.infer<typeof zResults>;

/** Where a run leaves its results for the one that started it; unset when it was started by hand. */
export const RESULTS_VARIABLE = 'PLUMB_TEST_RESULTS';

/** What mocha counted. */
export function resultsOf(
  stats: { readonly passes: number; readonly failures: number; readonly pending: number } | undefined,
  failed: readonly FailedTest[],
): Results {
  const failures = failed.map((test) => `${test.fullTitle()}: ${String(test.err?.message).split('\n', 1)[0]}`);
  return { passed: stats?.passes ?? 0, failed: stats?.failures ?? 0, skipped: stats?.pending ?? 0, failures };
}

type FailedTest = { fullTitle(): string; readonly err?: { readonly message?: string } | undefined };

/** Every run of tests ends with this line, so that a reader or a script needs to look at one line only. */
export function summary(results: Results): string {
  return `${results.passed} passed, ${results.failed} failed`;
}

/** What goes before it where tests were skipped; nothing otherwise. */
export function skippedLine(results: Results): string {
  return results.skipped > 0 ? `${results.skipped} skipped\n` : '';
}

export function leaveResults(results: Results): void {
  const path = process.env[RESULTS_VARIABLE];
  if (!path) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(results));
}
