import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from '../editor-host/paths';
import { packExtension } from './build';
import { checkPackage } from './check';
import { readZip } from './zip';

/**
 * `npm run package`: a production build, the VSIX, and a look inside; `-- FILE` looks into an existing VSIX only.
 * Exits with 1, and leaves no VSIX, when anything is in it that must not be, or something is missing.
 */
const given = process.argv[2];
const vsix = given ?? build();
const archive = readFileSync(vsix);
const files = readZip(archive);
const problems = checkPackage(files, archive.length);
if (problems.length > 0) {
  if (!given) rmSync(vsix);
  console.error(`${basename(vsix)} must not be published:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  console.error('Remove what does not belong (a stray file in dist/ or media/ is packed too), then run `npm run package` again.');
  process.exit(1);
}
console.log(`${basename(vsix)}: ${files.size} files, ${(archive.length / 1e6).toFixed(2)} MB, nothing in it that should not be`);

function build(): string {
  const { status } = spawnSync(process.execPath, ['esbuild.config.mjs'], { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
  const path = join(repository, 'plumb.vsix');
  try {
    packExtension(path, { quiet: false });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
  return path;
}
