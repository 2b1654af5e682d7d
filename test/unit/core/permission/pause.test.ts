import assert from 'node:assert/strict';
import { z } from 'zod';
import { decisionsIn } from '../../../../src/core/permission/audit';
import type { SandboxState } from '../../../../src/core/ports/shell';
import { defineTool } from '../../../../src/core/tool';
import { createAssets } from '../../../../src/node/assets';
import { type Denials, foldDenials, NO_DENIALS } from '../../../../src/protocol/denials';
import type { EventOf } from '../../../../src/protocol/events';
import type { Decider, Mode } from '../../../../src/protocol/permission';
import { shellTool } from '../../../../src/tools/shell';
import { ended, fakeShell } from '../../../support/fakes/shell';
import { reply } from '../../../support/model-server/reply';
import { type Harness, startHarness } from '../../../support/session-harness';

const stamp = { id: 'e', at: 1, session: 's', agent: 'main', seq: 1 };
const byMode: Decider = { kind: 'mode', mode: 'auto' };
const byRule: Decider = { kind: 'rule', rule: { effect: 'deny', rule: 'x', source: 'user' } };
const byPerson: Decider = { kind: 'user', choice: 'once' };

function decided(verdict: 'allow' | 'deny', by: Decider, mode: Mode = 'auto'): EventOf<'permission_decided'> {
  const decision = { callId: 'c', tool: 't', inputHash: 'h', class: 'mutating', handler: 'interactive', reason: '' } as const;
  return { ...stamp, type: 'permission_decided', decision: { ...decision, verdict, by, mode } };
}
const block = decided('deny', byRule);
const times = (n: number, ...events: Parameters<typeof foldDenials>[1][]) => Array.from({ length: n }, () => events).flat();
const fold = (events: readonly Parameters<typeof foldDenials>[1][], from: Denials = NO_DENIALS) => events.reduce(foldDenials, from);

describe('the pause of auto mode', () => {
  it('comes with the third block in a row, and not with the second', () => {
    assert.equal(fold(times(2, block)).paused, null);
    assert.equal(fold(times(3, block)).paused, 'in_a_row');
  });

  it('comes with the twentieth block in all, for what is allowed ends only the row', () => {
    const pair = [block, decided('allow', byMode)];
    assert.deepEqual(fold(times(19, ...pair)), { inARow: 0, inAll: 19, paused: null });
    assert.equal(fold([...times(19, ...pair), block]).paused, 'in_all');
  });

  it('does not count what reads, what was stopped, or another mode', () => {
    const others = [
      decided('allow', { kind: 'class', class: 'read_only' }),
      decided('deny', { kind: 'cancel' }),
      decided('deny', byRule, 'ask'),
    ];
    assert.deepEqual(fold([block, block, ...others]), { inARow: 2, inAll: 2, paused: null });
  });

  it("ends with a person's word or with the mode chosen anew, and with no rule", () => {
    const paused = fold(times(3, block));
    assert.equal(fold([decided('allow', byRule)], paused).paused, 'in_a_row');
    assert.deepEqual(fold([decided('allow', byPerson)], paused), { inARow: 0, inAll: 3, paused: null });
    assert.deepEqual(fold([{ ...stamp, type: 'mode_changed', mode: 'auto' }], paused), NO_DENIALS);
    const full = fold(times(10, block, decided('allow', byMode), block));
    assert.equal(full.paused, 'in_all');
    assert.equal(fold([decided('allow', byPerson)], full).inAll, 0);
  });

  describe('in a session', () => {
    let h: Harness;
    afterEach(() => h.close());
    /** Writes a file by name only; what it is for is where it lies. */
    const write = defineTool({
      name: 'write',
      description: 'write',
      input: z.strictObject({ path: z.string() }),
      safety: { destructive: false },
      summarize: ({ path }) => ({ title: 'write', detail: path }),
      assess: async ({ path }) => ({
        class: 'mutating',
        subjects: [{ text: path, class: 'mutating', why: 'Changes a file.', touches: [{ path, access: 'write' }] }],
      }),
      run: async () => ({ content: 'written', summary: 'written' }),
    });
    const call = (path: string) => reply.tool('write', { path });

    it('is told, asks for what passed before, and goes on when a person allows it', async () => {
      h = await startHarness([call('a'), call('x1'), call('x2'), call('x3'), call('b'), call('c'), reply.text('ok')], {
        tools: [write],
        settings: { mode: 'auto' },
        rules: [{ effect: 'deny', rule: 'write(x*)', source: 'user' }],
      });
      const run = h.say('go');
      const ask = await h.event('permission_asked');
      assert.equal(ask.detail, 'b');
      assert.match(ask.why, /^Auto mode is paused, for 3 calls in a row were blocked\. Changes a file\.$/);
      assert.equal(h.session.state().denials.paused, 'in_a_row');
      h.desk.decide(ask.askId, { choice: 'once' });
      assert.equal(await run, 'done');
      assert.deepEqual(
        h.events('breaker_tripped').map(({ breaker }) => breaker),
        ['auto_mode'],
      );
      assert.deepEqual(
        decisionsIn(h.session.events()).map(({ record, paused }) => [record.detail, record.verdict, record.by.kind, paused]),
        [
          ['a', 'allow', 'mode', null],
          ['x1', 'deny', 'rule', null],
          ['x2', 'deny', 'rule', null],
          ['x3', 'deny', 'rule', null],
          ['b', 'allow', 'user', 'in_a_row'],
          ['c', 'allow', 'mode', null],
        ],
      );
    });

    it('holds over a restart, until the mode is chosen anew', async () => {
      h = await startHarness([call('x1'), call('x2'), call('x3'), reply.text('ok'), call('b'), reply.text('ok')], {
        tools: [write],
        settings: { mode: 'auto' },
        rules: [{ effect: 'deny', rule: 'write(x*)', source: 'user' }],
      });
      assert.equal(await h.say('go'), 'done');
      const again = await h.reopen();
      assert.equal(again.state().denials.paused, 'in_a_row');
      again.setMode('auto');
      assert.equal(again.state().denials.paused, null);
      assert.equal(await again.send({ text: 'on', attachments: [], content: [{ type: 'text', text: 'on' }] }), 'done');
      assert.deepEqual(
        again.events().filter((event) => event.type === 'permission_asked'),
        [],
      );
    });
  });
});

describe('auto mode and the sandbox', () => {
  let h: Harness;
  afterEach(() => h.close());
  const modules = new URL('../../../../node_modules/', import.meta.url).pathname;
  const begin = (sandbox: string, state: SandboxState) => {
    const shell = fakeShell(() => ended('no', 1));
    const asset = createAssets([`${modules}web-tree-sitter`, `${modules}tree-sitter-bash`]);
    const calls = ['touch a', 'npm test', 'git status'].map((command) => ({ name: 'shell', input: { command } }));
    return startHarness([...calls.map(({ name, input }) => reply.tool(name, input)), reply.text('ok')], {
      tools: [shellTool({ kind: 'bash', programs: [] })],
      settings: { mode: 'auto', sandbox },
      rules: [{ effect: 'allow', rule: 'shell(npm test)', source: 'user' }],
      ports: { asset, shell: { ...shell, sandbox: async () => state } },
    }).then((started) => ({ started, shell }));
  };

  it('go together: only what nothing but the mode let pass is confined, and the model and the panel hear of it', async () => {
    const { started, shell } = await begin('auto', { ready: true, by: 'bubblewrap' });
    h = started;
    assert.equal(await h.say('go'), 'done');
    assert.deepEqual(
      shell.ran.map(({ command, confine, reading }) => [command, confine?.roots, reading?.roots]),
      [
        ['touch a', [h.root], undefined],
        ['npm test', undefined, undefined],
        ['git status', undefined, [h.root]],
      ],
    );
    assert.equal(h.session.state().denials.sandbox, 'on');
    assert.equal(h.events('permission_decided')[0]?.decision.reason, 'Auto mode allows it. It runs in a sandbox (bubblewrap).');
    const results = h.events('tool_finished').map(({ output }) => JSON.stringify(output).includes('It ran in a sandbox'));
    assert.deepEqual(results, [true, false, false]);
  });

  it('part where the system has none: that is said, or auto mode asks', async () => {
    const { started, shell } = await begin('auto', { ready: false, why: 'bubblewrap (bwrap) is not installed' });
    h = started;
    assert.equal(await h.say('go'), 'done');
    assert.equal(shell.ran[0]?.confine, undefined);
    assert.equal(h.session.state().denials.sandbox, 'missing');
    assert.match(h.events('permission_decided')[0]?.decision.reason ?? '', /without a sandbox: bubblewrap \(bwrap\) is not installed\./);
    await h.close();
    // A value that cannot be read counts as the strictest.
    const strict = await begin('requierd', { ready: false, why: 'bubblewrap (bwrap) is not installed' });
    h = strict.started;
    const run = h.say('go');
    const ask = await h.event('permission_asked');
    assert.match(ask.why, /^Auto mode is paused, for the sandbox that the settings require can not be had/);
    h.desk.decide(ask.askId, { choice: 'deny' });
    assert.equal(await run, 'done');
  });
});
