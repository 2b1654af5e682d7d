import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAssets } from '../../../src/node/assets';
import { createDocuments } from '../../../src/node/documents';
import { createShell, type NodeShell } from '../../../src/node/shell';
import { shellTool } from '../../../src/tools/shell';
import { fakePorts } from '../../support/fakes/ports';
import { fakeShell } from '../../support/fakes/shell';
import { textOf, toolSession } from '../../support/fakes/tool-session';
import { reply } from '../../support/model-server/reply';
import { startHarness } from '../../support/session-harness';

const modules = new URL('../../../node_modules/', import.meta.url).pathname;

/** The shell tool with a real shell and the real grammar. */
describe('shell on disk', () => {
  let root: string;
  let shell: NodeShell;
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-shell-tool-')));
    await mkdir(join(root, 'sub'));
    shell = createShell({ setting: '' });
  });
  after(async () => {
    await shell.dispose();
    await rm(root, { recursive: true, force: true });
  });

  function session(signal?: AbortSignal) {
    const asset = createAssets([`${modules}web-tree-sitter`, `${modules}tree-sitter-bash`]);
    const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };
    const ports = { ...fakePorts({ shell, asset, clock }), documents: createDocuments({ roots: [root] }) };
    return toolSession(ports, {}, signal);
  }
  const tool = () => shellTool({ kind: shell.kind, programs: [] });

  it('judges each call by its command', async () => {
    const { assess } = session();
    const reading = await assess(tool(), { command: 'git status && ls sub' });
    assert.deepEqual([reading.class, reading.safety.concurrencySafe, reading.subjects.length], ['read_only', true, 2]);
    const writing = await assess(tool(), { command: 'ls; echo x > out.txt' });
    assert.deepEqual([writing.class, writing.safety.concurrencySafe], ['mutating', false]);
    assert.ok(writing.subjects.some((s) => s.touches.some((t) => t.access === 'write' && t.path.endsWith('out.txt'))));
    assert.ok((await assess(tool(), { command: 'rm -rf /' })).subjects.some((s) => s.critical));
    assert.ok((await assess(tool(), { command: 'cat < <(' })).subjects.some((s) => s.opaque));
    const below = await assess(tool(), { command: 'echo x > y', cwd: 'sub' });
    assert.ok(below.subjects.some((s) => s.touches.some((t) => t.path === join(root, 'sub', 'y'))));
  });

  it('runs, fails, and stops at its time limit', async () => {
    const { run } = session();
    assert.equal((await run(tool(), { command: 'pwd', cwd: 'sub' })).content, join(root, 'sub'));
    assert.match(textOf(await run(tool(), { command: 'echo out; echo err >&2; exit 3' })), /out\nerr\n\[Exit code 3\]/);
    const late = await run(tool(), { command: 'echo begun; sleep 30', timeout_seconds: 1 });
    assert.match(textOf(late), /^begun\n\[Stopped after 1 s/);
  });

  it('runs what the prompt showed, letter for letter, and only what nobody was asked about in an environment of its own', async () => {
    const fake = fakeShell();
    const asset = createAssets([`${modules}web-tree-sitter`, `${modules}tree-sitter-bash`]);
    const shown = "printf '%s\\n'  'a  b'\t> out.txt\n# and  more\ntouch  x";
    const script = [reply.tool('shell', { command: shown }), reply.tool('shell', { command: 'git diff' }), reply.text('ok')];
    const h = await startHarness(script, { tools: [shellTool({ kind: 'bash', programs: [] })], ports: { shell: fake, asset } });
    try {
      const run = h.say('go');
      const ask = await h.event('permission_asked');
      assert.equal(ask.detail, shown);
      h.desk.decide(ask.askId, { choice: 'once' });
      assert.equal(await run, 'done');
      assert.deepEqual(
        fake.ran.map(({ command, reading }) => [command, reading]),
        [
          [shown, undefined],
          ['git diff', { roots: [h.root] }],
        ],
      );
    } finally {
      await h.close();
    }
  });

  it('watches a background command to its end', async () => {
    const { run } = session();
    const started = await run(tool(), { command: 'echo one; sleep 0.3; echo two', background: true });
    const id = started.display?.kind === 'shell' ? started.display.background : undefined;
    const ended = textOf(await run(tool(), { tail: id, timeout_seconds: 20 }));
    assert.equal(ended, 'one\ntwo\n[It has ended with exit code 0]');
  });
});
