import { resolve } from 'node:path';
import { findRipgrep } from '../../src/node/ripgrep';
import { createSearch } from '../../src/node/search';
import { searchContract } from './support/search';

/** Where the test tooling keeps the editor, whose own ripgrep is the one that users have. */
const appRoot = resolve('.vscode-test/editor-host/node_modules/code-server/lib/vscode');

searchContract('without ripgrep', () => createSearch({ setting: '', path: '' }));

describe('with ripgrep', () => {
  before(async function () {
    if (!(await findRipgrep({ setting: '', appRoot }))) this.skip();
  });
  searchContract('ripgrep', () => createSearch({ setting: '', appRoot }));
});
