import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { repository } from '../../support/editor-host/paths';
import { checkPackage } from '../../support/package/check';
import { readZip } from '../../support/package/zip';

/** A package as it should be: small, and complete. */
const GOOD: Readonly<Record<string, string>> = {
  'extension.vsixmanifest': '<PackageManifest/>',
  'extension/package.json': JSON.stringify({
    main: './dist/extension.cjs',
    icon: 'media/icon.png',
    description: '%description%',
    contributes: { views: { chat: [{ icon: 'media/plumb.svg' }] } },
  }),
  'extension/package.nls.json': '{"description":"A coding agent."}',
  'extension/dist/extension.cjs': 'const home = process.env.HOME + "/.plumb"; /* looks for -----BEGIN PRIVATE KEY----- and sk-ant-... */',
  'extension/media/icon.png': 'picture',
  'extension/media/plumb.svg': '<svg/>',
};

/** Secrets are put together here, so that this file itself holds none. */
const secret = (...parts: string[]) => parts.join('');

const PLANTED: readonly { what: string; files: Readonly<Record<string, string>>; found: RegExp }[] = [
  { what: 'a source map', files: { 'extension/dist/extension.cjs.map': '{}' }, found: /extension\.cjs\.map: a source map/ },
  {
    what: 'a source map inside a bundle',
    files: { 'extension/dist/webview.js': 'x()\n//# sourceMappingURL=data:application/json;base64,e30=' },
    found: /webview\.js: a reference to a source map/,
  },
  {
    what: 'a named source map of a style sheet',
    files: { 'extension/dist/webview.css': 'a{}/*# sourceMappingURL=webview.css.map */' },
    found: /webview\.css: a reference/,
  },
  { what: 'a source', files: { 'extension/src/core/loop.ts': 'export {}' }, found: /loop\.ts: a source/ },
  { what: 'a source in another place', files: { 'extension/dist/loop.tsx': '' }, found: /loop\.tsx: a source/ },
  { what: 'a test', files: { 'extension/test/unit/x.js': '' }, found: /x\.js: a test/ },
  { what: 'a test beside the code', files: { 'extension/dist/loop.test.js': '' }, found: /loop\.test\.js: a test/ },
  { what: 'dependencies', files: { 'extension/node_modules/a/index.js': '' }, found: /dependency folder/ },
  { what: 'an .env file', files: { 'extension/media/.env': 'A=1' }, found: /\.env: a file that holds secrets/ },
  {
    what: 'a key of the model service',
    files: { 'extension/dist/cli.js': `const k="${secret('sk-', 'ant-', 'api03-AAAABBBBCCCCDDDD')}"` },
    found: /an Anthropic key/,
  },
  { what: 'an AWS key', files: { 'extension/media/a.md': secret('AKIA', 'ABCDEFGHIJKLMNOP') }, found: /an AWS key/ },
  { what: 'a GitHub token', files: { 'extension/media/a.md': secret('ghp', '_', 'a'.repeat(36)) }, found: /a GitHub token/ },
  {
    what: 'a private key',
    files: { 'extension/media/a.txt': `${secret('-----BEGIN RSA ', 'PRIVATE KEY-----')}\n${'A'.repeat(64)}` },
    found: /a private key/,
  },
  {
    what: 'a path of the building machine',
    files: { 'extension/dist/a.js': `f("${join(repository, 'src/a.js')}")` },
    found: /a path of the machine/,
  },
  { what: "a path of somebody's home", files: { 'extension/dist/a.js': 'f("/home/ana/plumb/a.js")' }, found: /a path of the machine/ },
  { what: 'settings of the repository', files: { 'extension/biome.json': '{}' }, found: /a file of the repository/ },
  {
    what: 'a file that the manifest names and the package lacks',
    files: { 'extension/package.json': JSON.stringify({ main: './dist/gone.cjs' }) },
    found: /names dist\/gone\.cjs, which is not in the package/,
  },
  {
    what: 'a text that the manifest names and the package lacks',
    files: { 'extension/package.json': JSON.stringify({ displayName: '%gone%' }) },
    found: /names the text %gone%/,
  },
];

describe('the package check', () => {
  it('lets a clean package pass', () => {
    assert.deepEqual(checkPackage(readZip(zip(GOOD)), 1000), []);
  });

  for (const { what, files, found } of PLANTED) {
    it(`finds ${what}`, () => {
      const problems = checkPackage(readZip(zip({ ...GOOD, ...files })), 1000);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', found);
    });
  }

  it('finds a package that has grown too large', () => {
    assert.match(checkPackage(readZip(zip(GOOD)), 3_000_001).join(), /more than 3 MB/);
  });

  it('does not print the secret that it found', () => {
    const key = secret('sk-', 'ant-', 'api03-AAAABBBBCCCCDDDDEEEE');
    assert.ok(
      !checkPackage(readZip(zip({ ...GOOD, 'extension/dist/a.js': key })), 1000)
        .join()
        .includes(key),
    );
  });

  it('ends the command with 1 and says what it found', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumb-package-'));
    try {
      for (const [name, files, status] of [
        ['good.vsix', GOOD, 0],
        ['bad.vsix', { ...GOOD, 'extension/dist/extension.cjs.map': '{}' }, 1],
      ] as const) {
        const path = join(folder, name);
        writeFileSync(path, zip(files));
        const ended = spawnSync(process.execPath, ['--import', 'tsx', 'test/support/package/main.ts', path], {
          cwd: repository,
          encoding: 'utf8',
        });
        assert.equal(ended.status, status, ended.stderr);
        if (status === 1) assert.match(ended.stderr, /extension\.cjs\.map: a source map/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Writes a zip archive, every second file compressed. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const raw = Buffer.from(text);
    const method = index % 2 === 0 ? 0 : 8;
    const data = method === 0 ? raw : deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
