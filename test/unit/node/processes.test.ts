import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../../src/core/errors';
import { childEnvironment } from '../../../src/node/environment';
import { createLiveOutput } from '../../../src/node/live-output';
import { endOrphans } from '../../../src/node/orphans';
import { createOutputBuffer } from '../../../src/node/output-buffer';
import { startOf } from '../../../src/node/process-identity';
import { createShell } from '../../../src/node/shell';
import { findShell, shellArguments } from '../../../src/node/shell-program';
import { eventually, runs } from '../../contract/support/shell';

describe('environment of commands', () => {
  it('passes what programs need, and nothing that it does not know', () => {
    const env = childEnvironment({
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'C.UTF-8',
      https_proxy: 'http://p',
      AWS_SECRET_ACCESS_KEY: 'x',
      ANTHROPIC_API_KEY: 'x',
      NODE_OPTIONS: 'x',
      LD_PRELOAD: 'x',
      LC_SECRET_1: 'x',
      GIT_DIR: 'x',
      UNSET: undefined,
    });
    assert.deepEqual(
      { PATH: env.PATH, HOME: env.HOME, LC_ALL: env.LC_ALL, https_proxy: env.https_proxy },
      { PATH: '/bin', HOME: '/h', LC_ALL: 'C.UTF-8', https_proxy: 'http://p' },
    );
    assert.ok(!Object.values(env).includes('x'));
  });
});

describe('output buffer', () => {
  it('keeps everything that fits', () => {
    const buffer = createOutputBuffer(10, 10);
    for (const part of ['abc', 'defghijkl', 'mnop']) buffer.add(part);
    assert.equal(buffer.text(), 'abcdefghijklmnop');
    assert.equal(buffer.dropped(), 0);
  });

  it('keeps head and tail and counts the bytes between, whatever the pieces', () => {
    const text = Array.from({ length: 500 }, (_, i) => `${i}ä`).join(' ');
    for (const size of [1, 7, 30, 1000, text.length]) {
      const buffer = createOutputBuffer(20, 30);
      for (let at = 0; at < text.length; at += size) buffer.add(text.slice(at, at + size));
      const [, head = '', dropped = '', tail = ''] = /^(.*)\n\[… (\d+) bytes left out …\]\n(.*)$/s.exec(buffer.text()) ?? [];
      assert.ok(text.startsWith(head) && head.length === 20, `head by ${size}`);
      assert.ok(text.endsWith(tail) && tail.length === 30, `tail by ${size}`);
      assert.equal(Buffer.byteLength(head) + Number(dropped) + Buffer.byteLength(tail), Buffer.byteLength(text), `by ${size}`);
      assert.equal(buffer.dropped(), Number(dropped));
    }
  });

  it('never parts a character', () => {
    const buffer = createOutputBuffer(3, 3);
    buffer.add('😀'.repeat(20));
    assert.doesNotMatch(buffer.text(), /\p{Surrogate}/u);
  });
});

describe('live output', () => {
  it('comes in few pieces, and of a flood only the end', () => {
    const shown: string[] = [];
    const live = createLiveOutput((text) => shown.push(text));
    for (let i = 0; i < 10_000; i++) live.add(`line ${i}\n`);
    live.end();
    assert.equal(shown.length, 1);
    assert.ok((shown[0]?.length ?? 0) < 40_000);
    assert.match(shown[0] ?? '', /not shown.*line 9999\n$/s);
  });
});

describe('shell program', () => {
  it('starts no start-up files, whatever the shell', () => {
    assert.deepEqual(shellArguments('bash', 'x'), ['--noprofile', '--norc', '-c', 'x']);
    assert.deepEqual(shellArguments('zsh', 'x'), ['-f', '-c', 'x']);
    assert.deepEqual(shellArguments('powershell', 'x'), ['-NoProfile', '-NonInteractive', '-Command', 'x']);
    assert.deepEqual(shellArguments('cmd', 'x'), ['/d', '/s', '/c', '"x"']);
  });

  it('is never one of a relative PATH entry', async () => {
    const found = findShell('', '.:bin');
    assert.ok(!('problem' in found) && found.path === '/bin/sh');
  });

  it('tells a wrong setting when a command is to run', async () => {
    for (const setting of ['/nowhere/bash', 'bash', process.execPath]) {
      const shell = createShell({ setting });
      const run = shell.run({ command: 'true', cwd: tmpdir(), timeoutMs: 1_000 }, () => undefined, new AbortController().signal);
      await assert.rejects(run, (error: unknown) => error instanceof ToolError && error.message.includes(setting));
      await shell.dispose();
    }
  });
});

describe('orphans', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-orphans-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are ended at the next start when their owner was killed', async function () {
    if (process.platform === 'win32') return this.skip();
    const script = `
      import { createShell } from ${JSON.stringify(new URL('../../../src/node/shell.ts', import.meta.url).href)};
      const shell = createShell({ setting: '', ledger: ${JSON.stringify(join(folder, 'ledger'))} });
      await shell.start({ command: 'echo $$ > pid; sleep 60', cwd: ${JSON.stringify(folder)} });
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' });
    const pid = await eventually(
      async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '')) || undefined,
      'the command',
    );
    // The command may be quicker than the note of it.
    const noted = async () => (await readdir(join(folder, 'ledger')).catch(() => [])).some((name) => name.endsWith('.json')) || undefined;
    await eventually(noted, 'the note of the command');
    assert.equal(await endOrphans(join(folder, 'ledger')), 0);
    assert.equal(await runs(pid), true);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    assert.equal(await runs(pid), true);
    assert.equal(await endOrphans(join(folder, 'ledger')), 1);
    assert.equal(await runs(pid), false);
    assert.deepEqual(await readdir(join(folder, 'ledger')), []);
  });

  it('are ended by the next shell of that ledger', async function () {
    if (process.platform === 'win32') return this.skip();
    const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const ledger = join(folder, 'ledger');
    await mkdir(ledger);
    const entry = { pid: left.pid, start: startOf(left.pid ?? 0), mark: randomUUID(), owner: 2 ** 22 + 1, ownerStart: 'gone' };
    await writeFile(join(ledger, `${entry.mark}.json`), JSON.stringify(entry));
    const shell = createShell({ setting: '', ledger });
    await once(left, 'exit');
    await shell.dispose();
  });

  it('are none without a ledger, and none of commands that ended', async () => {
    assert.equal(await endOrphans(join(folder, 'none')), 0);
    const ledger = join(folder, 'ledger');
    const shell = createShell({ setting: '', ledger });
    await shell.run({ command: 'true', cwd: folder, timeoutMs: 5_000 }, () => undefined, new AbortController().signal);
    assert.deepEqual(await readdir(ledger), []);
    await shell.dispose();
  });
});
