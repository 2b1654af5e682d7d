import { spawnSync } from 'node:child_process';
import { repository } from '../editor-host/paths';

/** Makes a VSIX of what is built, in a process of its own: the packager writes to the console, which `quiet` keeps back. */
export function packExtension(path: string, options: { readonly quiet: boolean }): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'test/support/package/pack.ts', path], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', options.quiet ? 'ignore' : 'inherit', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr.trim());
}
