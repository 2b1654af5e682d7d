import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './support/build';
import { exitOnSignals } from './support/editor-host/boot';
import { launchBrowser } from './support/editor-host/browser';
import { installEditorHost, SetupError } from './support/editor-host/install';
import { repository } from './support/editor-host/paths';
import { RESULTS_VARIABLE, type Results, skippedLine, summary, zResults } from './support/results';

/**
 * `npm test`: the rings, each in a process of its own with a time limit, and one summary. A ring that ends without saying
 * what it came to counts as a failure: silence is never a pass. The lanes run side by side, the rings of a lane one after
 * the other: what waits for an editor leaves time to what computes. They are shown in their order here, as they come.
 */
const LANES = [
  [
    { name: 'unit', script: 'test:unit', about: 'units, scenarios and port contracts, in plain Node', minutes: 12, editor: false },
    { name: 'process', script: 'test:process', about: 'the command line as a process, also killed', minutes: 10, editor: false },
    { name: 'host', script: 'test:host', about: 'inside a real extension host', minutes: 8, editor: true },
  ],
  [{ name: 'e2e', script: 'test:e2e', about: 'the workbench and the panel in a real browser', minutes: 15, editor: true }],
] as const;

type Ring = (typeof LANES)[number][number];
type Outcome = { readonly results: Results; readonly line: string };

exitOnSignals();
process.exit(await main());

async function main(): Promise<number> {
  const begun = Date.now();
  let editor: Promise<unknown>;
  try {
    console.log('=== build and editor host');
    await buildIfStale();
    editor = fetchEditor();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    console.log('0 passed, 1 failed');
    return 1;
  }
  const total: Results = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const lines: string[] = [];
  let shown: Promise<unknown> = Promise.resolve();
  const lanes = LANES.map((rings) => {
    let before: Promise<unknown> = Promise.resolve();
    return rings.map((ring) => {
      const turn = shown;
      const run = before
        .then(() => (ring.editor ? editor : undefined))
        .then(
          () => runRing(ring, turn),
          (error: unknown) => withoutEditor(ring, error),
        );
      before = run;
      shown = Promise.all([turn, run]);
      return run;
    });
  });
  await shown;
  for (const { results, line } of await Promise.all(lanes.flat())) {
    total.passed += results.passed;
    total.failed += results.failed;
    total.skipped += results.skipped;
    total.failures.push(...results.failures);
    lines.push(line);
  }
  console.log(`\n=== all, in ${seconds(begun)}\n${lines.join('\n')}`);
  // Here as well, since a reader of a long log begins at its end.
  for (const failure of total.failures) console.log(`failed: ${failure}`);
  console.log(skippedLine(total) + summary(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** What the outer rings need is fetched here, where a failure is told apart from a failing test. */
async function fetchEditor(): Promise<void> {
  const host = await installEditorHost();
  await (await launchBrowser(host)).close();
}

function withoutEditor({ name }: Ring, error: unknown): Outcome {
  console.error(error instanceof SetupError ? error.message : error);
  return {
    results: { passed: 0, failed: 1, skipped: 0, failures: [`the ring ${name} has no editor to run in`] },
    line: `${name.padEnd(8)}0 passed, 1 failed (no editor)`,
  };
}

/** What it prints is shown as it comes once `turn` has come, and all of what came before then. */
async function runRing(ring: Ring, turn: Promise<unknown>): Promise<Outcome> {
  const begun = Date.now();
  const path = join(repository, 'test-results', `${ring.name}.json`);
  rmSync(path, { force: true });
  // A group of its own: past its time, everything it started ends with it.
  const child = spawn('npm', ['run', '--silent', ring.script], {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env, [RESULTS_VARIABLE]: path },
  });
  let held: Buffer[] | undefined = [Buffer.from(`\n=== ${ring.name}: ${ring.about}\n`)];
  const show = (chunk: Buffer) => (held ? held.push(chunk) : process.stdout.write(chunk));
  child.stdout.on('data', show);
  child.stderr.on('data', show);
  void turn.then(() => {
    for (const chunk of held ?? []) process.stdout.write(chunk);
    held = undefined;
  });
  const stop = () => endGroup(child);
  process
    .once('exit', stop)
    .once('SIGINT', () => process.exit(130))
    .once('SIGTERM', () => process.exit(143));
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    stop();
  }, ring.minutes * 60_000);
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  clearTimeout(limit);
  process.removeListener('exit', stop);
  const took = seconds(begun);

  const results = existsSync(path)
    ? zResults.parse(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0, failures: [] };
  const skipped = results.skipped > 0 ? `, ${results.skipped} skipped` : '';
  const line = `${ring.name.padEnd(8)}${summary(results)}${skipped} in ${took}`;
  const ran = results.passed + results.skipped > 0;
  if (results.failed > 0 || (code === 0 && ran)) return { results, line };
  const why = late ? `stopped after ${ring.minutes} minutes` : ran ? `ended with code ${code}` : 'ran nothing';
  return { results: { ...results, failed: 1, failures: [`the ring ${ring.name} ${why}`] }, line: `${line} (${why})` };
}

/** Asks first: a ring that is told to end closes its editor and browser, which live in groups of their own. */
function endGroup(child: ChildProcess): void {
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), 5000).unref();
}

function seconds(since: number): string {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}
