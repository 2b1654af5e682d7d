import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Documents } from '../../../src/core/ports';
import { createDocuments } from '../../../src/node/documents';
import { refuses } from '../../contract/support/documents';

const signal = () => new AbortController().signal;

describe('documents on disk', () => {
  let root: string;
  let outside: string;
  let documents: Documents;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-root-')));
    outside = await realpath(await mkdtemp(join(tmpdir(), 'plumb-out-')));
    documents = createDocuments({ roots: [root] });
  });
  afterEach(async () => {
    for (const folder of [root, outside]) await rm(folder, { recursive: true, force: true });
  });

  it('knows the home folder, other roots by name, and roots that are links', async () => {
    assert.equal((await documents.resolve('~/x')).path, join(homedir(), 'x'));
    assert.equal((await documents.resolve('~')).path, homedir());
    assert.equal((await documents.resolve('a~b')).path, join(root, 'a~b'));
    const two = createDocuments({ roots: [root, outside] });
    await writeFile(join(outside, 'f.txt'), 'x');
    assert.equal((await two.resolve(`${basename(outside)}/f.txt`)).path, join(outside, 'f.txt'));
    const inner = `${basename(root)}/__init__.py`;
    assert.equal((await documents.resolve(inner)).path, join(root, inner), 'a package may have the name of its folder');
    await symlink(outside, join(root, 'linked'));
    const linked = createDocuments({ roots: [join(root, 'linked')] });
    assert.equal((await linked.resolve('f.txt')).inside, true);
    assert.equal((await linked.edit('f.txt', () => 'y', signal())).after, 'y');
    await refuses(createDocuments({ roots: [] }).resolve('x'), /no folder is open/);
  });

  it('survives links that lead in circles', async () => {
    await symlink(join(root, 'b'), join(root, 'a'));
    await symlink(join(root, 'a'), join(root, 'b'));
    await refuses(documents.readText('a', signal()), /links/);
    await refuses(documents.create('a', 'x', signal()), /links/);
  });

  it('neither reads nor waits for FIFOs and devices', async function () {
    if (process.platform === 'win32') return this.skip();
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]);
    await refuses(documents.resolve('pipe'), /special/);
    await refuses(documents.readText('pipe', signal()), /special/);
    await refuses(documents.readBytes('/dev/zero', 10, signal()), /special/);
    await refuses(
      documents.edit('/dev/null', () => 'x', signal()),
      /special/,
    );
    assert.equal((await documents.stat('/dev/zero'))?.kind, 'other');
  });

  it('leaves the lines of a mixed file as they are', async () => {
    await writeFile(join(root, 'mixed.txt'), 'a\r\nb\nc\r\nd');
    await documents.edit('mixed.txt', (t) => t.replace('b\n', 'B\nB2\r\n'), signal());
    assert.equal(await readFile(join(root, 'mixed.txt'), 'utf8'), 'a\r\nB\nB2\r\nc\r\nd');
  });

  it('refuses half characters and leaves the file', async () => {
    await writeFile(join(root, 'a.txt'), 'a');
    await refuses(
      documents.edit('a.txt', () => 'x\ud83d', signal()),
      /half/,
    );
    await refuses(documents.create('b.txt', '\udc00', signal()), /half/);
    assert.equal(await readFile(join(root, 'a.txt'), 'utf8'), 'a');
    assert.deepEqual(await readdir(root), ['a.txt']);
  });

  it('works the change out anew when somebody else wrote meanwhile', async () => {
    const path = join(root, 'a.txt');
    await writeFile(path, 'one');
    let calls = 0;
    const change = await documents.edit(
      path,
      (current) => {
        calls++;
        // Another program writes between the reading and the replacing.
        if (calls <= 2) writeFileSync(path, `${current}+`);
        return `${current}!`;
      },
      signal(),
    );
    assert.equal(calls, 3);
    assert.equal(change.before, 'one++');
    assert.equal(await readFile(path, 'utf8'), 'one++!');
  });

  it('gives up on a file that never rests, and writes nothing', async () => {
    const path = join(root, 'a.txt');
    await writeFile(path, '');
    let n = 0;
    const restless = (current: string) => {
      writeFileSync(path, String(++n));
      return `${current}!`;
    };
    await refuses(documents.edit(path, restless, signal()), /kept changing/);
    assert.equal(await readFile(path, 'utf8'), String(n));
    assert.deepEqual(await readdir(root), ['a.txt']);
  });

  it('does not touch the file when nothing changes', async () => {
    const path = join(root, 'a.txt');
    await writeFile(path, 'same');
    const before = await stat(path);
    await documents.edit(path, (t) => t, signal());
    assert.deepEqual([(await stat(path)).mtimeMs, (await stat(path)).ino], [before.mtimeMs, before.ino]);
  });

  it('never escapes through a folder that is swapped for a link while it writes', async function () {
    if (process.platform !== 'linux') return this.skip();
    this.timeout(30_000);
    const folder = join(root, 'folder');
    await mkdir(folder);
    await writeFile(join(folder, 'a.txt'), '0');
    await writeFile(join(outside, 'a.txt'), 'safe');
    // Another thread swaps the folder for a link to the outside and back, as fast as it can.
    const script = `
      const { existsSync, renameSync, rmSync, symlinkSync, unlinkSync } = require('node:fs');
      const { parentPort, workerData: { folder, outside } } = require('node:worker_threads');
      let on = true; parentPort.on('message', () => { on = false; });
      const swap = () => { renameSync(folder, folder + '-away'); symlinkSync(outside, folder); unlinkSync(folder); renameSync(folder + '-away', folder); };
      // A write may make the folder anew while it is away.
      const mend = () => { rmSync(folder, { recursive: true, force: true }); if (existsSync(folder + '-away')) renameSync(folder + '-away', folder); };
      const tidy = () => { for (let i = 0; i < 100; i++) try { return mend(); } catch {} };
      const turn = () => {
        for (let i = 0; i < 50; i++) try { swap(); } catch { tidy(); }
        if (on) setImmediate(turn); else process.exit(0);
      };
      turn();`;
    const swapper = new Worker(script, { eval: true, workerData: { folder, outside } });
    let landed = 0;
    try {
      for (let i = 0; i < 1_500; i++) {
        const work =
          i % 2
            ? documents.edit(join(folder, 'a.txt'), () => `e${i}`, signal())
            : documents.create(join(folder, `n${i}.txt`), 'n', signal());
        await work.then(
          () => landed++,
          () => undefined,
        );
      }
    } finally {
      swapper.postMessage('stop');
      await new Promise((resolve) => swapper.once('exit', resolve));
    }
    assert.deepEqual(await readdir(outside), ['a.txt']);
    assert.equal(await readFile(join(outside, 'a.txt'), 'utf8'), 'safe');
    assert.ok(landed > 0, 'some writes got through');
  });

  it('replaces a file in one step: a reader sees the old or the new text, never half of one', async () => {
    const path = join(root, 'big.txt');
    const text = (c: string) => c.repeat(2_000_000);
    await writeFile(path, text('a'));
    let done = false;
    const writing = (async () => {
      for (const c of 'bcdefgh') await documents.edit(path, () => text(c), signal());
      done = true;
    })();
    while (!done) {
      const seen = await readFile(path, 'utf8');
      assert.equal(seen.length, 2_000_000);
      assert.equal(seen, text(seen.charAt(0)));
    }
    await writing;
  });

  it('keeps hard links of others as they were', async () => {
    await writeFile(join(outside, 'shared.txt'), 'safe');

    await link(join(outside, 'shared.txt'), join(root, 'a.txt'));
    await documents.edit('a.txt', () => 'mine', signal());
    assert.equal(await readFile(join(outside, 'shared.txt'), 'utf8'), 'safe');
    assert.equal(await readFile(join(root, 'a.txt'), 'utf8'), 'mine');
  });

  it('leaves no draft behind when it fails', async () => {
    await mkdir(join(root, 'taken.txt'));
    await refuses(documents.create('taken.txt', 'x', signal()), /exists/);
    await writeFile(join(root, 'a.txt'), 'a');
    await rename(join(root, 'a.txt'), join(root, 'b.txt'));
    await refuses(
      documents.edit('a.txt', () => 'x', signal()),
      /does not exist/,
    );
    assert.deepEqual((await readdir(root)).sort(), ['b.txt', 'taken.txt']);
  });
});
