import * as assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from '../support/build';
import { repository } from '../support/editor-host/paths';

describe('npm start', () => {
  let folder = '';
  const running = new Set<ChildProcess>();

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-start-')));
    await buildIfStale();
  });

  after(async () => {
    for (const child of running) child.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('opens VS Code with the panel showing', async () => {
    const started = start('--check');
    assert.equal(await started.ended, 0, started.output());
    assert.match(started.output(), /Looking for the panel … seen/);
  });

  it('prints one address, serves the folder there, tells a second start that the port is taken, and stops', async () => {
    const first = start('--folder', folder, '--no-open');
    const address = await first.printed(/http:\/\/\S+/);
    assert.equal(first.output().match(/http:\/\//g)?.length, 1, first.output());
    const page = await fetch(address, { redirect: 'manual' });
    assert.match(decodeURIComponent(page.headers.get('location') ?? ''), new RegExp(`folder=${folder}.*extensionDevelopmentPath`));

    const { port } = new URL(address);
    const second = start('--folder', folder, '--port', port);
    assert.equal(await second.ended, 1);
    assert.match(second.output(), new RegExp(`Port ${port} is in use\\.\nChoose another one`));

    first.child.kill('SIGTERM');
    assert.equal(await first.ended, 0, first.output());
    await assert.rejects(fetch(address), 'nothing listens any more');
  });

  it('says what to do about a folder, a port or an option that cannot be', async () => {
    for (const [args, message] of [
      [['--folder', join(folder, 'gone')], /There is no folder .*gone\.\nGive an existing one/],
      [['--port', 'eighty'], /"eighty" is not a port\.\nGive a number/],
      [['--colour'], /Unknown option '--colour'[\s\S]*npm start -- \[options\]/],
    ] as const) {
      const started = start(...args);
      assert.equal(await started.ended, 1);
      assert.match(started.output(), message);
    }
  });

  function start(...args: string[]) {
    const child = spawn(process.execPath, ['test/support/with-dependencies.mjs', 'test/support/start/main.ts', ...args], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let text = '';
    const collect = (chunk: Buffer) => {
      text += chunk;
      child.emit('printed');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const ended = once(child, 'close').then(([code]: number[]) => {
      running.delete(child);
      child.emit('printed');
      return code;
    });
    return {
      child,
      ended,
      output: () => text,
      async printed(pattern: RegExp): Promise<string> {
        for (;;) {
          const found = pattern.exec(text);
          if (found) return found[0];
          assert.equal(child.exitCode, null, `it ended: ${text}`);
          await once(child, 'printed');
        }
      },
    };
  }
});
