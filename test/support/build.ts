import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './editor-host/install';
import { repository } from './editor-host/paths';

/** Builds dist/ for production unless it is newer than everything it is made of. Says whether it built. */
export async function buildIfStale(): Promise<boolean> {
  const stamp = join(repository, 'dist/.built.json');
  const sources = ['src', 'webview', 'esbuild.config.mjs', 'package.json', 'package-lock.json'].map((name) => join(repository, name));
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8').includes('"production"') && newest(sources) < statSync(stamp).mtimeMs;
  if (!fresh) await esbuild([]);
  return !fresh;
}

/** Bundles the suite that runs inside the extension host. */
export async function buildHostSuite(): Promise<void> {
  await esbuild(['--tests']);
}

async function esbuild(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['esbuild.config.mjs', ...args], { cwd: repository, stdio: 'inherit' });
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  if (code !== 0) throw new SetupError('The build failed.', 'Mend the errors above; `npm run build` shows them again.');
}

function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const stat = statSync(path);
      return stat.isDirectory() ? Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name)))) : stat.mtimeMs;
    }),
  );
}
