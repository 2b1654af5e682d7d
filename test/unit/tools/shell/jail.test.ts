import { strict as assert } from 'node:assert';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocuments } from '../../../../src/node/documents';
import { childEnvironment } from '../../../../src/node/environment';
import { shellArguments } from '../../../../src/node/shell-program';
import { classifyCommand } from '../../../../src/tools/shell/classify';
import { asset } from './scene';

/** Lines to run; a longer run: `PLUMB_FUZZ_LINES=20000 npx mocha --timeout 0 test/unit/tools/shell/jail.test.ts`. */
const LINES = Number(process.env.PLUMB_FUZZ_LINES ?? 60);
const SEED = Number(process.env.PLUMB_FUZZ_SEED ?? 7);

const PROGRAMS =
  'ls cat head wc sort uniq cut tr sed awk grep find stat file du diff cmp basename dirname realpath readlink od md5sum sha256sum base64 tac nl paste join comm fold seq echo printf test [ true date uname id pwd env tar gzip zcat xargs tee touch rm mkdir cp mv git bash sh shuf xxd strings numfmt factor expr column expand'.split(
    ' ',
  );
const WORDS = [
  ...[
    'a.txt',
    'b.txt',
    'sub',
    'sub/c.txt',
    '.',
    'out',
    './evil',
    '-',
    '--',
    '*',
    '*.txt',
    '{}',
    ';',
    '+',
    '-exec',
    '-delete',
    '-name',
    "'*.txt'",
  ],
  ...[
    '-n',
    '-o',
    '-i',
    '-r',
    '-l',
    '-c',
    '-x',
    '-f',
    '-e',
    '-s',
    '-t',
    '-u',
    '-w',
    '-z',
    '-d',
    '-D',
    '-C',
    '-I',
    '-O',
    '-xO',
    'tf',
    'xf',
    '-tf',
    'pack.tar',
  ],
  ...[
    '--output=out',
    '--output',
    '--compress-program=./evil',
    '--to-command=./evil',
    '--files0-from=a.txt',
    '--pre=./evil',
    '--in-place',
    '--ext-diff',
  ],
  ...[
    "'1,2p'",
    "'w out'",
    "'s/a/b/w out'",
    "'s/a/b/e'",
    "'1e ./evil'",
    `'{print > "out"}'`,
    `'BEGIN{system("./evil")}'`,
    "'{print $1}'",
    "'a[$(./evil)]'",
  ],
  ...[
    'log',
    'status',
    'diff',
    'branch',
    'tag',
    'config',
    'add',
    '-A',
    '-c',
    'core.pager=./evil',
    'ls-files',
    'show',
    'HEAD',
    'x',
    'y',
    '1',
    '2',
  ],
  ...['=', '-gt', '-v', '%s', "'%n'", 'A=b', 'PATH=.', "'$(./evil)'", '"a b"', '-1', '-20'],
];
const JOINS = [
  '|',
  '&&',
  ';',
  '||',
  '> out',
  '>> out',
  '2>/dev/null',
  '2>&1',
  '< a.txt',
  '&',
  '\n',
  '|&',
  '> /dev/null',
  '`./evil`',
  '$(./evil)',
  '<(./evil)',
];

describe('what only reads, in a jail', function () {
  this.timeout(LINES > 500 ? 0 : 120_000);
  let folder: string;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-jail-')));
    await mkdir(join(folder, 'sub'));
    for (const name of ['a.txt', 'b.txt', 'sub/c.txt']) await writeFile(join(folder, name), 'a b\nc d\na b\n');
    // A program of the folder: that it ran is seen by what it writes.
    await writeFile(join(folder, 'evil'), `#!/bin/sh\necho ran >> ${folder}/ran\n`);
    await chmod(join(folder, 'evil'), 0o755);
    spawnSync('tar', ['cf', 'pack.tar', 'a.txt'], { cwd: folder });
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x'],
    ])
      spawnSync('git', args, { cwd: folder });
  });
  after(() => (folder === undefined ? undefined : rm(folder, { recursive: true, force: true })));

  it('leaves nothing behind, whatever is put together', async () => {
    const random = generator(SEED);
    const documents = createDocuments({ roots: [folder] });
    const before = await state(folder);
    let ran = 0;
    for (let tries = 0; ran < LINES && tries < LINES * 2_000; tries++) {
      const line = lineOf(random);
      const { class: effect } = await classifyCommand(line, { shell: 'bash', cwd: folder, roots: [folder], asset, documents });
      if (effect !== 'read_only') continue;
      ran++;
      await run(line);
      const now = await state(folder);
      assert.deepEqual(now, before, `changed the folder although it was said to only read: ${JSON.stringify(line)}`);
    }
    assert.equal(ran, LINES, 'too few of the lines that are made up only read');
  });

  function run(line: string): Promise<void> {
    return new Promise((resolve) => {
      const child = execFile(
        'bash',
        shellArguments('bash', line),
        { cwd: folder, env: childEnvironment(), timeout: 2_000, maxBuffer: 1e8 },
        () => resolve(),
      );
      child.stdin?.end();
    });
  }
});

/** Names, sizes and content of everything in the folder; what Git notes of times is content of its own. */
async function state(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) {
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      found[path] = `${hash} ${(await stat(path)).mode}`;
    } else found[path] = 'folder';
  }
  return found;
}

function lineOf(random: () => number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const parts: string[] = [];
  const commands = 1 + Math.floor(random() * 3);
  for (let i = 0; i < commands; i++) {
    const words = Array.from({ length: Math.floor(random() * 4) }, () => pick(WORDS));
    parts.push([pick(PROGRAMS), ...words].join(' '));
    if (random() < 0.6) parts.push(pick(JOINS));
  }
  return parts.join(' ');
}

/** The same numbers for the same seed. */
function generator(seed: number): () => number {
  let value = seed >>> 0;
  return () => {
    value = (value * 1_664_525 + 1_013_904_223) >>> 0;
    return value / 2 ** 32;
  };
}
