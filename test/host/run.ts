import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { buildHostSuite, buildIfStale } from '../support/build';
import { SetupError } from '../support/editor-host/install';
import { repository } from '../support/editor-host/paths';
import { scratchWorkspace } from '../support/workspace';

/**
 * Runs test/host inside a real extension host: `npm run test:host -- --grep "text" review` runs the tests named so in
 * files with "review" in their path. With `--desktop` (or `npm run test:desktop`) a desktop VS Code is fetched and
 * used; without, the editor host stands in for it.
 */
const { values, positionals } = parseArgs({
  options: { grep: { type: 'string' }, desktop: { type: 'boolean', default: false }, version: { type: 'string', default: 'stable' } },
  allowPositionals: true,
});

process.exit(await main());

async function main(): Promise<number> {
  const workspace = await scratchWorkspace();
  const settings = { 'plumb.storagePath': workspace.storage };
  try {
    await buildIfStale();
    await buildHostSuite();
    await runTests({
      ...(values.desktop
        ? { version: values.version }
        : { vscodeExecutablePath: join(repository, 'test/support/editor-host/launcher.mjs') }),
      extensionDevelopmentPath: [repository, join(repository, 'test/host/fixtures/neighbour')],
      extensionTestsPath: join(repository, 'dist-test/index.cjs'),
      launchArgs: [workspace.folder, ...(values.desktop ? ['--disable-extensions'] : [`--settings=${JSON.stringify(settings)}`])],
      extensionTestsEnv: {
        // The tests decide who answers; a key or address of whoever runs them must not.
        ANTHROPIC_API_KEY: '',
        ANTHROPIC_AUTH_TOKEN: '',
        ANTHROPIC_BASE_URL: '',
        PLUMB_TEST_FILES: positionals.join('\n'),
        PLUMB_TEST_GREP: values.grep,
        PLUMB_TEST_STORAGE: workspace.storage,
      },
    });
    return 0;
  } catch (error) {
    if (error instanceof TestRunFailedError) {
      console.error('The in-host suite failed. What the editor itself logged is in test-results/editor-host.log.');
      return 1;
    }
    if (error instanceof SetupError) {
      console.error(error.message);
      return 1;
    }
    if (!values.desktop) throw error;
    console.error(`Desktop VS Code could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
    console.error('This needs access to update.code.visualstudio.com. `npm run test:host` runs the same suite without it.');
    return 1;
  } finally {
    await workspace.remove();
  }
}
