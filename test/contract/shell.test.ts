import { existsSync } from 'node:fs';
import { createShell } from '../../src/node/shell';
import { shellContract } from './support/shell';

if (process.platform !== 'win32') {
  shellContract('the platform’s own', () => createShell({ setting: '' }));
  if (existsSync('/usr/bin/zsh')) shellContract('zsh', () => createShell({ setting: '/usr/bin/zsh' }));
}
