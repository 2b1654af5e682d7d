import assert from 'node:assert/strict';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Shell, ShellResult } from '../../../src/core/ports/shell';
import { refuses } from './documents';

export type ShellUnderTest = Shell & { dispose(): Promise<void> };

/** Waits until `check` gives something; fails when it has not within ten seconds: machines are busy. */
export async function eventually<T>(check: () => T | undefined | false | Promise<T | undefined | false>, what: string): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    const got = await check();
    if (got !== undefined && got !== false) return got;
    if (Date.now() > until) throw new Error(`not within ten seconds: ${what}`);
    await delay(10);
  }
}

/** False for a zombie too: it runs no more, whoever is to collect it. */
export async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) [ZX]/.test(stat);
}

/** The promises of the `Shell` port, on a POSIX system. */
export function shellContract(name: string, make: () => ShellUnderTest): void {
  describe(`shell: ${name}`, () => {
    let cwd: string;
    let shell: ShellUnderTest;

    beforeEach(async () => {
      cwd = await realpath(await mkdtemp(join(tmpdir(), 'plumb-shell-')));
      shell = make();
    });
    afterEach(async () => {
      await shell.dispose();
      await rm(cwd, { recursive: true, force: true });
    });

    const run = (command: string, more: { timeoutMs?: number; signal?: AbortSignal; onOutput?: (text: string) => void } = {}) =>
      shell.run(
        { command, cwd, timeoutMs: more.timeoutMs ?? 30_000 },
        more.onOutput ?? (() => undefined),
        more.signal ?? new AbortController().signal,
      );
    /** The process id that a command has written down, once it has. */
    const pidIn = (file: string) =>
      eventually(async () => {
        const text = await readFile(join(cwd, file), 'utf8').catch(() => '');
        return /^\d+\n/.test(text) && Number(text);
      }, `a process id in ${file}`);

    it('runs in the folder and gives output and exit code', async () => {
      const result = await run('pwd; exit 3');
      assert.deepEqual(result, { exitCode: 3, timedOut: false, output: `${cwd}\n`, dropped: 0 });
    });

    it('keeps both streams in the order of writing', async () => {
      const { output } = await run('for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done');
      assert.equal(output, [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `o${i}\ne${i}\n`).join(''));
    });

    it('takes the text as it is: several lines, quotes, here-documents', async () => {
      const { output } = await run(`cat <<'EOF'\n$HOME "x" 'y' \\\nEOF\nif true; then\n  echo "a  b"\nfi`);
      assert.equal(output, `$HOME "x" 'y' \\\na  b\n`);
    });

    it('has nobody to answer: standard input is at its end', async () => {
      const { output, exitCode } = await run('read -r answer; echo "got $? [$answer]"');
      assert.deepEqual([output, exitCode], ['got 1 []\n', 0]);
    });

    it('passes no secret, no editor variable and nothing that injects code', async () => {
      const planted = {
        ANTHROPIC_API_KEY: 'canary',
        ANTHROPIC_AUTH_TOKEN: 'canary',
        GITHUB_TOKEN: 'canary',
        MY_DB_PASSWORD: 'canary',
        VSCODE_IPC_HOOK_CLI: 'canary',
        ELECTRON_RUN_AS_NODE: 'canary',
        NODE_OPTIONS: '--canary',
        BASH_ENV: '/canary',
        LD_PRELOAD_CANARY: 'canary',
      };
      const before = { ...process.env };
      Object.assign(process.env, planted);
      try {
        const { output } = await run('env; echo "$PATH|$HOME|$GIT_PAGER|$TERM|$NO_COLOR|$GIT_TERMINAL_PROMPT"');
        assert.doesNotMatch(output, /canary/i);
        assert.match(output, new RegExp(`^${process.env.PATH}\\|${process.env.HOME}\\|cat\\|dumb\\|1\\|0$`, 'm'));
      } finally {
        for (const name of Object.keys(planted)) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    });

    it('streams output while the command runs', async () => {
      let seen = '';
      const stop = new AbortController();
      const running = run('echo first; sleep 60', { signal: stop.signal, onOutput: (text) => (seen += text) });
      await eventually(() => seen.includes('first'), 'the first line');
      stop.abort();
      await assert.rejects(running, { name: 'AbortError' });
    });

    it('puts characters together that arrive in pieces', async () => {
      const { output } = await run(`printf '\\360\\237'; sleep 0.05; printf '\\230\\200|\\303'; sleep 0.05; printf '\\244'`);
      assert.equal(output, '😀|ä');
    });

    it('keeps ten megabytes of output whole', async () => {
      const { output, dropped } = await run('yes 0123456789abcdef | head -c 10485760');
      assert.deepEqual([output.length, dropped], [10_485_760, 0]);
    });

    it('keeps the head and the tail of very long output, and says how much is missing', async () => {
      const { output, dropped } = await run('echo BEGIN; yes 0123456789abcdef | head -c 30000000; echo END');
      assert.match(output, /^BEGIN\n/);
      assert.match(output, /END\n$/);
      assert.ok(output.length < 17_000_000);
      assert.ok(dropped > 10_000_000 && dropped < 16_000_000, String(dropped));
      assert.match(output, new RegExp(`${dropped} bytes`));
    });

    it('ends a command that runs out of time, and tells what it had said', async () => {
      const result = await run('echo started; sleep 60; echo never', { timeoutMs: 300 });
      assert.equal(result.timedOut, true);
      assert.equal(result.exitCode, null);
      assert.ok(result.signal);
      assert.equal(result.output, 'started\n');
    });

    it('takes the whole tree along when cancelled, those that ignore the signal too', async () => {
      const stop = new AbortController();
      const running = run(`trap '' TERM; sh -c 'echo $$ > inner; sleep 60 & echo $! > sleeper; wait' & echo $$ > outer; wait`, {
        signal: stop.signal,
      });
      const pids = [await pidIn('outer'), await pidIn('inner'), await pidIn('sleeper')];
      stop.abort();
      await assert.rejects(running, { name: 'AbortError' });
      for (const pid of pids) assert.equal(await runs(pid), false);
    });

    it('finds descendants that left the group and the session', async function () {
      if (process.platform !== 'linux') return this.skip();
      const stop = new AbortController();
      const running = run(`setsid bash -c 'echo $$ > away; exec sleep 60' & (setsid sleep 60 & echo $! > orphan) & sleep 60`, {
        signal: stop.signal,
      });
      const pids = [await pidIn('away'), await pidIn('orphan')];
      stop.abort();
      await assert.rejects(running, { name: 'AbortError' });
      for (const pid of pids) assert.equal(await runs(pid), false);
    });

    it('leaves nothing running when the command itself has ended', async () => {
      const result = await run('sleep 60 & echo $! > left; echo done');
      assert.deepEqual([result.exitCode, result.output, result.leftover], [0, 'done\n', true]);
      assert.equal(await runs(await pidIn('left')), false);
    });

    it('waits a moment for what is only finishing its work', async () => {
      const result = await run('(sleep 0.02; echo late > late) & echo done');
      assert.deepEqual([result.output, result.leftover], ['done\n', undefined]);
      assert.equal(await readFile(join(cwd, 'late'), 'utf8'), 'late\n');
    });

    it('tells when a signal ended the command', async () => {
      const result = await run('kill -KILL $$');
      assert.deepEqual([result.exitCode, result.signal, result.timedOut], [null, 'SIGKILL', false]);
    });

    it('does not start once cancelled', async () => {
      const stop = new AbortController();
      stop.abort();
      await assert.rejects(run('touch made', { signal: stop.signal }), { name: 'AbortError' });
      await assert.rejects(readFile(join(cwd, 'made')));
    });

    it('says what is wrong when a command cannot be started', async () => {
      await refuses(
        shell.run({ command: 'x', cwd: join(cwd, 'none'), timeoutMs: 1 }, () => undefined, new AbortController().signal),
        /folder/,
      );
      await refuses(run('echo a\0b'), /NUL/);
      await refuses(run(`: ${'x'.repeat(3_000_000)}`), /too long/);
    });

    describe('in the background', () => {
      const ended = (id: string) => eventually(async () => (await shell.tail(id)).result, 'the end of the command') as Promise<ShellResult>;

      it('gives new output at each look, and the result at the end', async () => {
        const { id } = await shell.start({ command: 'echo one; until [ -e go ]; do sleep 0.02; done; echo two; exit 4', cwd });
        let seen = '';
        const look = async () => {
          const got = await shell.tail(id);
          seen += got.output;
          return got;
        };
        await eventually(async () => {
          await look();
          return seen === 'one\n';
        }, 'the first line');
        assert.deepEqual(await shell.tail(id), { output: '' });
        await run('touch go');
        const result = await eventually(async () => (await look()).result, 'the end');
        assert.equal(seen, 'one\ntwo\n');
        assert.deepEqual([result.exitCode, result.output], [4, 'one\ntwo\n']);
      });

      it('ends on demand and with the shell', async () => {
        const first = await shell.start({ command: 'echo $$ > a; sleep 60', cwd });
        await shell.start({ command: 'echo $$ > b; sleep 60', cwd });
        const [a, b] = [await pidIn('a'), await pidIn('b')];
        await shell.kill(first.id);
        assert.ok((await ended(first.id)).signal);
        assert.deepEqual([await runs(a), await runs(b)], [false, true]);
        await shell.dispose();
        assert.equal(await runs(b), false);
      });

      it('knows which commands there are', async () => {
        const { id } = await shell.start({ command: 'true', cwd });
        await refuses(shell.tail('shell_99'), /shell_99/);
        await refuses(shell.kill('nonsense'), /nonsense/);
        assert.equal((await ended(id)).exitCode, 0);
      });
    });

    it('names its kind and the programs that are there', async () => {
      assert.ok(['bash', 'zsh', 'sh'].includes(shell.kind));
      const programs = await shell.programs();
      assert.ok(programs.includes('node'));
      assert.deepEqual(programs, [...new Set(programs)]);
    });
  });
}
