import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShell } from '../../src/node/shell';
import { shellContract } from './support/shell';

if (process.platform !== 'win32') {
  shellContract('the platform’s own', () => createShell({ setting: '' }));
  if (existsSync('/usr/bin/zsh')) shellContract('zsh', () => createShell({ setting: '/usr/bin/zsh' }));
  // What is promised holds for commands that note their end, too.
  shellContract('noting each end', () => {
    const shell = createShell({ setting: '' });
    const exit = { file: join(tmpdir(), `plumb-exit-${process.pid}`), key: 'k' };
    return { ...shell, run: (request, onOutput, signal) => shell.run({ ...request, exit }, onOutput, signal) };
  });
}
