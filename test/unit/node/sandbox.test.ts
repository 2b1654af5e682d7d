import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bubblewrapArguments, createSandbox, seatbeltProfile } from '../../../src/node/sandbox';
import { createShell, type NodeShell } from '../../../src/node/shell';
import { eventually } from '../../contract/support/shell';

const state = await createSandbox().state();

/** Each of these really tries. Where the system has no sandbox they are shown as skipped. */
(state.ready ? describe : describe.skip)(`a command in the sandbox${state.ready ? '' : ` (${state.why})`}`, function () {
  this.timeout(20_000);
  let root: string;
  let outside: string;
  let shell: NodeShell;
  let bystander: ChildProcess;
  const servers: Server[] = [];
  let reached = 0;
  let port = 0;

  const run = (command: string) =>
    shell.run({ command, cwd: root, timeoutMs: 15_000, confine: { roots: [root] } }, () => undefined, new AbortController().signal);
  const listen = (server: Server, at: string | number) =>
    new Promise<void>((resolve) => {
      servers.push(server);
      if (typeof at === 'number') server.listen(at, '127.0.0.1', resolve);
      else server.listen(at, resolve);
    });
  const counting = () =>
    createServer((socket) => {
      reached++;
      socket.end();
    });

  before(async () => {
    root = realpathSync(mkdtempSync(join(homedir(), '.plumb-test-work-')));
    outside = realpathSync(mkdtempSync(join(homedir(), '.plumb-test-out-')));
    writeFileSync(join(outside, 'theirs.txt'), 'theirs\n');
    execFileSync('git', ['init', '-q'], { cwd: root });
    mkdirSync(join(root, '.vscode'));
    symlinkSync(outside, join(root, '.idea'));
    symlinkSync(outside, join(root, 'way-out'));
    symlinkSync(join(outside, 'theirs.txt'), join(root, 'file-out'));
    const tcp = counting();
    await listen(tcp, 0);
    const address = tcp.address();
    port = typeof address === 'object' && address ? address.port : 0;
    await listen(counting(), join(tmpdir(), `plumb-test-${process.pid}.sock`));
    bystander = spawn('sleep', ['60']);
    shell = createShell({ setting: '' });
  });
  after(async () => {
    await shell.dispose();
    bystander.kill('SIGKILL');
    for (const server of servers) server.close();
    for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
  });

  it('writes in the workspace and in temp, and finds its temp again in the next command', async () => {
    const first = await run('echo in > made.txt && mkdir -p deep && mv made.txt deep/ && echo temp > /tmp/mine && mktemp && git add deep');
    assert.equal(first.exitCode, 0, first.output);
    assert.equal(readFileSync(join(root, 'deep/made.txt'), 'utf8'), 'in\n');
    assert.equal((await run('cat /tmp/mine')).output, 'temp\n');
    assert.ok(!existsSync('/tmp/mine'), 'the temp of others is another');
    assert.equal((await run('exit 3')).exitCode, 3);
  });

  for (const [what, command] of [
    ['directly', 'echo x > "$OUT/made"'],
    ['over a file that is there', 'echo x > "$OUT/theirs.txt"'],
    ['through a link to a folder', 'echo x > way-out/made'],
    ['through a link to a file', 'echo x > file-out'],
    ['through a link that it makes', 'ln -s "$OUT" late && echo x > late/made'],
    ['through a hard link', 'ln "$OUT/theirs.txt" hard && echo x > hard'],
    ['by a child in the background', 'sh -c \'(sleep 0.1; echo x > "$OUT/made") & wait $!\''],
    ['by another program', 'perl -e \'open(F, ">", "$ENV{OUT}/made") or die; print F 1\''],
    ['by removing', 'rm -f "$OUT/theirs.txt"'],
    ['by moving', 'mv "$OUT/theirs.txt" .'],
    ['by a new mode', 'chmod 777 "$OUT/theirs.txt"'],
    ['through /proc/self/root', 'echo x > "/proc/self/root$OUT/made"'],
    ['through /proc/1/root', 'echo x > "/proc/1/root$OUT/made"'],
    ['through the folder of its parent', 'echo x > "/proc/$PPID/cwd/../made"; echo x > "$OUT/made"'],
    ['after mounting anew', 'mount -o remount,rw / ; mount -o remount,rw,bind / ; echo x > "$OUT/made"'],
    ['after mounting anew as its own root', 'unshare -Urm sh -c "mount -o remount,rw,bind /; echo x > $OUT/made"'],
    ['through a path of many dots', 'echo x > "./../$(basename "$OUT")/made"'],
  ] as const) {
    it(`does not write outside ${what}`, async () => {
      const { exitCode, output } = await run(`OUT='${outside}'; export OUT; ${command}`);
      assert.notEqual(exitCode, 0, output);
      assert.deepEqual(readdirSync(outside), ['theirs.txt']);
      assert.equal(readFileSync(join(outside, 'theirs.txt'), 'utf8'), 'theirs\n');
      assert.equal(statSync(join(outside, 'theirs.txt')).mode & 0o002, 0);
    });
  }

  it('does not write what would run later outside', async () => {
    const before = readFileSync(join(root, '.git/config'), 'utf8');
    const tries = [
      'echo x > .git/hooks/pre-commit',
      'git config core.fsmonitor x',
      'echo x > .vscode/tasks.json',
      'rm -rf .vscode',
      'mv .git/hooks .git/old',
      'mv .git old',
      'mv .vscode old',
    ];
    for (const command of tries) assert.notEqual((await run(command)).exitCode, 0, command);
    assert.equal(readFileSync(join(root, '.git/config'), 'utf8'), before);
    assert.deepEqual([existsSync(join(root, '.git/hooks/pre-commit')), readdirSync(join(root, '.vscode'))], [false, []]);
  });

  it('reaches no listener on this machine, and nobody outside', async () => {
    reached = 0;
    const connect = (host: string, at: number) => `timeout 5 bash -c 'exec 3<>/dev/tcp/${host}/${at}'`;
    for (const host of ['127.0.0.1', 'localhost', '1.1.1.1'])
      assert.notEqual((await run(connect(host, host === '1.1.1.1' ? 53 : port))).exitCode, 0, host);
    const socket = join(tmpdir(), `plumb-test-${process.pid}.sock`);
    const program = `use IO::Socket::UNIX; IO::Socket::UNIX->new(Peer => "${socket}") or exit 7`;
    assert.equal((await run(`perl -e '${program}'`)).exitCode, 7);
    assert.equal(reached, 0);
    execFileSync('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
    execFileSync('sh', ['-c', `perl -e '${program}'`]);
    await eventually(async () => reached === 2, 'both, which are there without the sandbox');
  });

  it('sees and ends no process outside', async () => {
    const pid = bystander.pid ?? 0;
    assert.notEqual((await run(`kill -9 ${pid}`)).exitCode, 0);
    assert.notEqual((await run(`kill -9 ${process.pid}; kill -0 ${process.pid}`)).exitCode, 0);
    await run('kill -9 -1');
    assert.equal(bystander.exitCode, null);
    assert.equal(bystander.signalCode, null);
    assert.equal((await run(`cat /proc/${process.pid}/environ`)).exitCode === 0, false);
  });

  it('is over when it is over, and when it is stopped: nothing of it lives on', async () => {
    const mark = `${50_000 + (process.pid % 10_000)}.5`;
    await run(`sleep ${mark} & setsid sleep ${mark} & disown -a; exit 0`);
    const stop = new AbortController();
    const stopped = shell.run(
      { command: `setsid sleep ${mark}`, cwd: root, timeoutMs: 15_000, confine: { roots: [root] } },
      () => undefined,
      stop.signal,
    );
    setImmediate(() => stop.abort());
    await assert.rejects(stopped, { name: 'AbortError' });
    assert.equal(execFileSync('ps', ['-eo', 'args']).toString().includes(`sleep ${mark}`), false);
  });
});

describe('what the sandbox is told', () => {
  it('names on macOS what may be written, and denies the network and the rest', () => {
    const profile = seatbeltProfile({ roots: ['/Users/ada/a "b"'], cwd: '/' }, '/private/var/folders/x/temp');
    const lines = profile.split('\n');
    assert.ok(lines.indexOf('(deny file-write*)') < lines.findIndex((line) => line.startsWith('(allow file-write*')));
    assert.match(profile, /\(allow file-write\* \(subpath "\/Users\/ada\/a \\"b\\""\) \(subpath "\/private\/var\/folders\/x\/temp"\)/);
    assert.match(profile, /^\(deny network\*\)$/m);
    const last = lines.filter((line) => line.includes('file-write*')).at(-1) ?? '';
    assert.match(last, /^\(deny file-write\* .*\.git\/hooks"\)/);
  });

  it('gives bubblewrap nothing to write but the folders and temp', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-args-')));
    try {
      const args = bubblewrapArguments({ roots: [root, join(root, 'gone')], cwd: root }, '/own-temp');
      const written = args.flatMap((arg, i) => (/^--bind/.test(arg) ? [args[i + 1]] : []));
      assert.deepEqual(written, ['/own-temp', '/own-temp', root]);
      for (const flag of ['--unshare-all', '--die-with-parent', '--cap-drop']) assert.ok(args.includes(flag), flag);
      assert.ok(!args.includes('--share-net'));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
