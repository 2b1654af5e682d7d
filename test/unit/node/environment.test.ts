import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../../src/node/environment';

describe("environment of the agent's commands", () => {
  it('keeps a repository from running a program when git only looks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-git-'));
    try {
      const git = (args: readonly string[], env: NodeJS.ProcessEnv) => execFileSync('git', [...args], { cwd: folder, env, stdio: 'pipe' });
      git(['init', '-q'], process.env);
      const hook = join(folder, 'watch.sh');
      await writeFile(hook, `#!/bin/sh\ntouch '${join(folder, 'ran')}'\n`);
      await chmod(hook, 0o755);
      git(['config', 'core.fsmonitor', hook], process.env);
      git(['status', '--short'], childEnvironment());
      assert.ok(!(await readdir(folder)).includes('ran'));
      git(['status', '--short'], process.env);
      assert.ok((await readdir(folder)).includes('ran'), 'without our settings the repository would have run it');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
