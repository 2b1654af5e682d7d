import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { zSettings } from '../../src/protocol/settings';

const readme = readFileSync('README.md', 'utf8');
const contributing = readFileSync('CONTRIBUTING.md', 'utf8');

describe('the papers', () => {
  it('describe every setting', () => {
    for (const name of Object.keys(zSettings.shape)) assert.match(readme, new RegExp(`\`plumb\\.${name}\``));
  });

  it('name only files, folders and commands that exist', () => {
    for (const [, path = ''] of `${readme}${contributing}`.matchAll(/\]\(([^)#:]+)\)/g)) assert.ok(existsSync(path), path);
    for (const [, path = ''] of contributing.matchAll(/\| `((?:src|webview|test)\/[^`]*)` \|/g)) assert.ok(existsSync(path), path);
    const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);
    for (const [, name = ''] of `${readme}${contributing}`.matchAll(/npm run ([a-z0-9:]+)/g)) assert.ok(scripts.includes(name), name);
  });
});
