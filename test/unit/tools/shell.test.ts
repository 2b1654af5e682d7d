import assert from 'node:assert/strict';
import type { ShellRequest, ShellResult } from '../../../src/core/ports/shell';
import { shellTool } from '../../../src/tools/shell';
import { fakeDocuments } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { ended, fakeShell } from '../../support/fakes/shell';
import { textOf, toolSession } from '../../support/fakes/tool-session';

const tool = shellTool({ kind: 'bash', programs: ['git', 'node'] });

function session(answer?: (request: ShellRequest) => ShellResult) {
  const shell = fakeShell(answer);
  const documents = fakeDocuments({ '/w/src/a.ts': 'x' });
  return { shell, ...toolSession(fakePorts({ documents, shell })) };
}

describe('shell', () => {
  it('runs a command where it was told and shows its output live', async () => {
    const { run, shell, progress } = session(() => ended('\u001b[32mfine\u001b[0m\n'));
    const output = await run(tool, { command: 'npm test', cwd: 'src', timeout_seconds: 5 });
    assert.deepEqual(shell.ran, [{ command: 'npm test', cwd: '/w/src', timeoutMs: 5000 }]);
    assert.equal(output.content, 'fine');
    assert.equal(output.failed, undefined);
    assert.deepEqual(progress, ['\u001b[32mfine\u001b[0m\n']);
    assert.deepEqual(output.display, { kind: 'shell', command: 'npm test', exitCode: 0 });
    await run(tool, { command: 'ls' });
    assert.deepEqual(shell.ran[1], { command: 'ls', cwd: '/w', timeoutMs: 120_000 });
  });

  it('tells exit codes and signals, and says when there was no output', async () => {
    const failing = await session(() => ended('boom\n', 2)).run(tool, { command: 'npm test' });
    assert.deepEqual([failing.content, failing.failed, failing.summary], ['boom\n[Exit code 2]', true, 'Exit 2']);
    const killed = await session(() => ended('', null, { signal: 'SIGSEGV' })).run(tool, { command: 'x' });
    assert.deepEqual([killed.content, killed.summary], ['(no output)\n[Ended by SIGSEGV]', 'Ended by SIGSEGV']);
  });

  it('takes exit code 1 of a search or comparison for the answer that it is', async () => {
    const found = await session(() => ended('', 1)).run(tool, { command: 'git log | grep fix' });
    assert.deepEqual([found.content, found.failed], ['(no output)\n[Exit code 1: nothing matched]', undefined]);
    for (const command of ['grep x a && npm test', 'npm run grep', 'node x.js']) {
      assert.equal((await session(() => ended('', 1)).run(tool, { command })).failed, true, command);
    }
    assert.equal((await session(() => ended('bad option', 2)).run(tool, { command: 'grep -Q x' })).failed, true);
  });

  it('says when time ran out and what to do, and when output was cut', async () => {
    const late = await session(() => ended('tick', null, { timedOut: true })).run(tool, { command: 'serve', timeout_seconds: 3 });
    assert.match(textOf(late), /tick\n\[Stopped after 3 s.*timeout_seconds.*background: true/);
    assert.deepEqual([late.failed, late.summary], [true, 'Timed out']);
    const long = await session(() => ended('a\nb', 0, { dropped: 999 })).run(tool, { command: 'x' });
    assert.match(textOf(long), /999 bytes were cut from the middle.*to a file/);
  });

  it('says when it ended what a command left running', async () => {
    const left = await session(() => ended('up\n', 0, { leftover: true })).run(tool, { command: 'serve &' });
    assert.match(textOf(left), /^up\n\[What the command left running was ended with it.*background: true/);
  });

  it('starts in the background, shows what is new, waits for the end and stops', async () => {
    const { run, shell } = session();
    const started = await run(tool, { command: 'npm run dev', background: true });
    assert.match(textOf(started), /background as bg_1.*\{"tail": "bg_1"\}/);
    assert.equal(started.display?.kind === 'shell' && started.display.background, 'bg_1');
    const job = shell.jobs.get('bg_1');
    assert.ok(job);
    job.output = 'ready\n';
    assert.equal((await run(tool, { tail: 'bg_1' })).content, 'ready\n[bg_1 is still running]');
    assert.equal((await run(tool, { tail: 'bg_1', timeout_seconds: 2 })).content, '(no new output)\n[bg_1 is still running]');
    job.output = 'bye';
    job.result = ended('ready\nbye', 0);
    assert.equal((await run(tool, { tail: 'bg_1', timeout_seconds: 60 })).content, 'bye\n[It has ended with exit code 0]');
    assert.equal((await run(tool, { kill: 'bg_1' })).content, 'Stopped bg_1.');
  });

  it('waits no longer than told, and ends when stopped', async () => {
    const documents = fakeDocuments();
    const shell = fakeShell();
    const stop = new AbortController();
    const ports = fakePorts({ documents, shell });
    const s = toolSession(ports, {}, stop.signal);
    await s.run(tool, { command: 'x', background: true });
    const before = ports.clock.now();
    await s.run(tool, { tail: 'bg_1', timeout_seconds: 10 });
    assert.equal(ports.clock.now() - before, 10_000);
    stop.abort();
    await assert.rejects(s.run(tool, { tail: 'bg_1', timeout_seconds: 10 }), { name: 'AbortError' });
  });

  it('refuses what it cannot do, with the next step', async () => {
    const { fail, assess, shell } = session();
    for (const input of [{}, { command: ' ' }, { command: 'ls', tail: 'bg_1' }, { cwd: 'src' }]) {
      assert.match(await fail(tool, input), /exactly one of command, tail and kill/);
      await assert.rejects(assess(tool, input), /exactly one/, 'told before anybody is asked');
    }
    assert.match(await fail(tool, { command: 'ls', cwd: '/etc' }), /outside of the workspace[\s\S]*Leave cwd out/);
    assert.match(await fail(tool, { command: 'ls', cwd: 'src/a.ts' }), /not a folder/);
    assert.match(await fail(tool, { tail: 'bg_9' }), /no background command bg_9/);
    assert.match(await fail(tool, { command: 'ls', timeout_seconds: 0 }), /not valid/);
    assert.deepEqual(shell.ran, []);
  });

  it('names its shell and only the programs that are there', () => {
    assert.match(tool.description, /in bash,/);
    assert.match(tool.description, /On PATH: git, node\.$/);
    const windows = shellTool({ kind: 'powershell', programs: [] });
    assert.match(windows.description, /in PowerShell,/);
    assert.doesNotMatch(windows.description, /PATH|git|npm|gh\b/);
    assert.match(String(tool.available(fakePorts(), session().context.facts)), /no shell/);
  });

  it('lets its own background commands be watched and stopped without asking', async () => {
    const { assess } = session();
    for (const input of [{ tail: 'bg_1' }, { kill: 'bg_1' }]) assert.equal((await assess(tool, input)).class, 'read_only');
  });
});
