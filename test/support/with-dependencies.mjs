// Runs a TypeScript script of this repository: `node test/support/with-dependencies.mjs SCRIPT [arguments]`.
// `npm start` and `npm test` come through here, possibly in a fresh clone, so this file uses nothing but Node itself:
// it checks Node, installs the dependencies when they are missing or older than the lock file, and hands over.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Plumb needs Node 20.19 or later; this is ${process.versions.node}.`,
    'Install a current Node (nodejs.org, nvm or your package manager).',
  );
}

const installed = join(repository, 'node_modules/.package-lock.json');
const lock = join(repository, 'package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const begun = performance.now();
  process.stdout.write('Installing dependencies (npm ci) … ');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: repository,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.error) fail(`npm could not be started: ${npm.error.message}`, 'It comes with Node; check that `npm --version` works.');
  if (npm.status !== 0) {
    fail(`\`npm ci\` failed:\n${`${npm.stdout}${npm.stderr}`.trim()}`, 'Check that the npm registry can be reached: `npm ping`.');
  }
  console.log(`done, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

const [script = '', ...args] = process.argv.slice(2);
const child = spawn(process.execPath, ['--import', 'tsx', join(repository, script), ...args], { cwd: repository, stdio: 'inherit' });
// Ctrl+C reaches the child too (same terminal); this process only waits for its orderly end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGTERM'));
child.on('close', (code) => process.exit(code ?? 1));

function fail(what, next) {
  console.error(`\n${what}\n${next}`);
  process.exit(1);
}
