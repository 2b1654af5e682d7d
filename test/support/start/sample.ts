import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../editor-host/install';
import { repository } from '../editor-host/paths';

/**
 * The sample project in a scratch folder: the repository stays clean whatever the agent does, and nothing of the
 * repository's own setup (its packages, its git) reaches into the sample.
 */
export async function prepareSample(options: { readonly fresh: boolean }): Promise<{ folder: string; kept: boolean }> {
  const parent = join(await realpath(tmpdir()), `plumb-sample-${userInfo().username}`);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const owner = await lstat(parent);
  if (!owner.isDirectory() || (process.getuid && owner.uid !== process.getuid())) {
    throw new SetupError(`${parent} belongs to somebody else.`, 'Remove it, or set TMPDIR to a folder of your own.');
  }
  const folder = join(parent, 'sample');
  return { folder, kept: await copySample(folder, options) };
}

/** Says whether a copy was there already and has been kept. */
export async function copySample(folder: string, options: { readonly fresh: boolean }): Promise<boolean> {
  if (existsSync(folder) && !options.fresh) return true;
  // Beside its place first: an interrupted copy must not pass for one that was kept.
  const partial = `${folder}.partial`;
  for (const old of [partial, folder]) await rm(old, { recursive: true, force: true });
  await cp(join(repository, 'media/sample'), partial, { recursive: true });
  initialiseGit(partial);
  await rename(partial, folder);
  return false;
}

/** With a first commit the editor shows what changed since. Without git on the machine the sample works as well. */
function initialiseGit(folder: string): void {
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=Sample', '-c', 'user.email=sample@localhost', '-c', 'commit.gpgsign=false', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  if (git('init', '-q').error) return;
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'Sample project');
}
