import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { MARK, MARK_VARIABLE } from '../support/editor-host/mark';
import { leaveResults, type Results, resultsOf, skippedLine, summary } from '../support/results';

/**
 * The entry of the in-host suite: VS Code loads its bundle inside the extension host and calls `run`, whose promise
 * decides the exit code. Beside it lie the bundles of the test files.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  markOutput();
  await runMocha();
}

async function runMocha(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.env.FORCE_COLOR === '1',
    timeout: 30_000,
    slow: 1000,
    grep: process.env.PLUMB_TEST_GREP,
  });
  const wanted = (process.env.PLUMB_TEST_FILES ?? '').split('\n').filter(Boolean);
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.cjs'))
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.replace('.cjs', '.ts').includes(part)))
    .sort();
  for (const name of files) mocha.addFile(join(__dirname, name));
  const results = await new Promise<Results>((resolve) => {
    const failed: Mocha.Test[] = [];
    const runner = mocha.run(() => resolve(resultsOf(runner.stats, failed)));
    runner.on('fail', (test: Mocha.Test, err: Error) => failed.push(Object.assign(test, { err })));
  });
  leaveResults(results);
  console.log(skippedLine(results) + summary(results));
  if (results.failed > 0) throw new Error(`${results.failed} tests failed`);
  if (results.passed === 0) throw new Error('No test ran.');
}

/**
 * The launcher prints marked lines and files the others away. The
 * extension host ignores an assignment to a method of `console`, so each is defined anew.
 */
function markOutput(): void {
  if (!process.env[MARK_VARIABLE]) return;
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    const original = console[method].bind(console);
    const marked = (...args: unknown[]) => {
      const text = format(...args);
      // What the editor itself complains about (parts of it that are not compiled here) is not the tests' output.
      if (text.includes('/code-server/lib/vscode/')) original(text);
      else for (const line of text.split('\n')) original(MARK + line);
    };
    Object.defineProperty(console, method, { configurable: true, get: () => marked, set: () => undefined });
  }
}
