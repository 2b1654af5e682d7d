import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { acquireLock, liveHolder } from '../../../src/node/session-lock';

const module = JSON.stringify(new URL('../../../src/node/session-lock.ts', import.meta.url).href);

describe('session lock', () => {
  let folder: string;
  let path: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** Another process that runs `body` with `acquireLock` and `path` in scope; its lines are what it prints. */
  const other = (body: string) => {
    const script = `import { appendFileSync } from 'node:fs'; import { acquireLock } from ${module}; const path = ${JSON.stringify(path)};\n${body}`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface({ input: child.stdout ?? assert.fail() });
    const iterator = lines[Symbol.asyncIterator]();
    return { child, next: async () => (await iterator.next()).value as string | undefined };
  };

  it('is held by one and free after release', async () => {
    const first = await acquireLock(path);
    assert.ok(!first.held);
    const second = await acquireLock(path);
    assert.ok(second.held);
    assert.equal(second.by.pid, process.pid);
    await first.lock.release();
    const third = await acquireLock(path);
    assert.ok(!third.held);
    await third.lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps others out while its process lives, and is taken over once that was killed', async () => {
    const { child, next } = other(
      'const got = await acquireLock(path); console.log(got.held ? "held" : "mine"); setInterval(() => {}, 1000);',
    );
    assert.equal(await next(), 'mine');
    const while_ = await acquireLock(path);
    assert.ok(while_.held);
    assert.equal(while_.by.pid, child.pid);
    assert.equal((await liveHolder(path))?.pid, child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await liveHolder(path), null);
    const after = await acquireLock(path);
    assert.ok(!after.held);
    await after.lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it('does not mistake another process with the same id for the holder', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, start: 'another boot:1', host: hostname(), token: 'old' }));
    const got = await acquireLock(path);
    assert.ok(!got.held);
    await got.lock.release();
  });

  it('respects a lock of another machine, which it cannot look at', async () => {
    await writeFile(path, JSON.stringify({ pid: 1, start: '', host: 'elsewhere', token: 't' }));
    const got = await acquireLock(path);
    assert.ok(got.held);
    assert.equal(got.by.host, 'elsewhere');
  });

  it('gives a dead lock to one of many processes that want it at once', async () => {
    const dead = { pid: 2 ** 22 + 1, start: 'gone', host: hostname(), token: 'dead' };
    const journal = join(folder, 'journal');
    // Each process takes the lock as often as it can; whoever holds it writes a begin and an end mark.
    const body = `
      const journal = ${JSON.stringify(journal)};
      let won = 0;
      const until = Date.now() + 1500;
      while (Date.now() < until) {
        const got = await acquireLock(path);
        if (got.held) continue;
        appendFileSync(journal, 'begin ' + process.pid + '\\n');
        appendFileSync(journal, 'end ' + process.pid + '\\n');
        won++;
        if (Math.random() < 0.5) await got.lock.release();
        else (await import('node:fs')).writeFileSync(path, JSON.stringify({ ...${JSON.stringify(dead)}, token: 'dead-' + process.pid + '-' + won }));
      }
      console.log(won);`;
    await writeFile(path, JSON.stringify(dead));
    const others = Array.from({ length: 4 }, () => other(body));
    const wins = await Promise.all(others.map(async ({ next }) => Number(await next())));
    const lines = (await readFile(journal, 'utf8')).trim().split('\n');
    for (let i = 0; i < lines.length; i += 2) {
      const [begin = '', end = ''] = [lines[i], lines[i + 1]];
      assert.equal(end, begin.replace('begin', 'end'), `two held it at once, at line ${i}`);
    }
    assert.equal(
      lines.length / 2,
      wins.reduce((a, b) => a + b, 0),
    );
    assert.ok(wins.filter((n) => n > 0).length >= 2, `several took turns: ${wins}`);
  });
});
