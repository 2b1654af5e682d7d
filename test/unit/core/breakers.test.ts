import assert from 'node:assert/strict';
import { z } from 'zod';
import { BREAKERS } from '../../../src/core/breakers';
import type { ModelClient } from '../../../src/core/ports';
import type { Diagnostics } from '../../../src/core/ports/language';
import { defineTool } from '../../../src/core/tool';
import { tableProfile } from '../../../src/model/table';
import { systemClock } from '../../../src/node/clock';
import type { Problem } from '../../../src/protocol/display';
import { reply } from '../../support/model-server/reply';
import type { Script } from '../../support/model-server/server';
import { allowAll, reader } from '../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

const open: Harness[] = [];
/** Plays a script that never ends by itself; gives how it ended and after how many requests. */
async function spin(script: Script, options: HarnessOptions = {}) {
  const harness = await startHarness(script, { tools: [reader('read'), edit], rules: allowAll, ...options });
  open.push(harness);
  const reason = await harness.say('go');
  const last = harness.events('run_ended')[0];
  const tripped = harness.events('breaker_tripped').map((e) => e.breaker);
  return { reason, tripped, requests: harness.server.requests.length, detail: last?.detail ?? '', next: last?.next ?? '' };
}
/** The nth request is answered with the nth of these, and all later ones with the last. */
function pieces(tokens: readonly number[], stop: 'max_tokens' | 'pause_turn' = 'max_tokens'): Script {
  let n = 0;
  return () =>
    reply
      .text(`piece ${n}`)
      .outputTokens(tokens[Math.min(n++, tokens.length - 1)] ?? 0)
      .stop(stop);
}
/** An edit of one file: what it says becomes the file. */
const edit = defineTool({
  name: 'write',
  description: 'write',
  input: z.strictObject({ n: z.number() }),
  safety: { destructive: false },
  summarize: () => ({ title: 'write', detail: '' }),
  run: async ({ n }) => ({
    content: `wrote ${n}`,
    summary: 'wrote',
    changes: [{ path: '/w/a.ts', kind: 'edit', before: `${n}`, after: `${n + 1}`, hash: 'h' }],
  }),
});
/** A service that writes on for ever; gives up its stream when the reader leaves. */
function unbounded(): ModelClient {
  const profile = tableProfile('claude-opus-4-8');
  return {
    models: async () => [profile],
    profile: async () => profile,
    service: () => '',
    countTokens: async () => 0,
    async *stream() {
      yield { type: 'started', usage: { input: 900, output: 1, cacheRead: 0, cacheWrite: 0 } };
      for (;;) yield { type: 'delta', of: 'text', index: 0, text: 'and on and on and on and on ' };
    },
  };
}
/** Answers each batch of edits with the next of these lists of problems. */
function problems(...messages: readonly (readonly string[])[]): Diagnostics {
  let n = 0;
  const problem = (message: string): Problem => ({ path: '/w/a.ts', line: n, column: 1, severity: 'error', message });
  return {
    current: async () => [],
    baseline: async () => ({ problems: [] }),
    settled: async () => ({ fresh: true, added: (messages[n++ % messages.length] ?? []).map(problem), fixed: 0 }),
  };
}

describe('what could spin is stopped [G3, G4]', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('one call with one result', async () => {
    const end = await spin(() => reply.tool('read', { n: 1 }));
    assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['repeated_call'], 5]);
  });

  it('two calls that take turns, and three that go round', async () => {
    for (const length of [2, 3]) {
      let n = 0;
      const end = await spin(() => reply.tool('read', { n: n++ % length }));
      assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['alternating_calls'], length * 4]);
    }
  });

  it('but not a poll whose answer changes, nor two polls that take turns', async () => {
    let n = 0;
    const polling = reader('read', async () => `state ${n}`);
    const end = await spin(() => (n++ < 20 ? reply.tool('read', { n: n % 2 }) : reply.text('done')), { tools: [polling] });
    assert.deepEqual([end.reason, end.tripped], ['done', []]);
  });

  it('a reply that is continued and does not get on, at the predicted step', async () => {
    for (const stop of ['max_tokens', 'pause_turn'] as const) {
      const end = await spin(pieces([3_000, 400, 300, 200, 100], stop));
      assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['continuation'], 4]);
      assert.match(end.detail, /No progress/);
    }
    const late = await spin(pieces([3_000, 400, 300, 3_000, 600, 400, 499, 100]));
    assert.equal(late.requests, 7, 'only two small pieces in a row, after three continuations, count');
  });

  it('a reply that gets on but never ends', async () => {
    const end = await spin(pieces([30_000]));
    assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['continuation'], 11]);
  });

  it('edits that bring the same problem again and again', async () => {
    let n = 0;
    const same = await spin(() => reply.tool('write', { n: n++ }), { diagnostics: problems(['x is not defined']) });
    assert.deepEqual([same.reason, same.tripped, same.requests], ['stalled', ['fix_loop'], 3]);
    const taking = await spin(() => reply.tool('write', { n: n++ }), { diagnostics: problems(['x is not defined'], ['y is not defined']) });
    assert.deepEqual([taking.tripped, taking.requests], [['fix_loop'], 5]);
  });

  it('but not edits that bring one problem after another', async () => {
    let n = 0;
    const end = await spin(() => (n++ < 8 ? reply.tool('write', { n }) : reply.text('done')), {
      diagnostics: problems(...Array.from({ length: 8 }, (_, i) => [`problem ${i}`])),
    });
    assert.deepEqual([end.reason, end.tripped], ['done', []]);
  });

  it('requests that always fail', async () => {
    const hurried = { now: () => systemClock.now(), sleep: async () => {} };
    const end = await spin(() => reply.http(529), { ports: { clock: hurried } });
    assert.deepEqual([end.reason, end.tripped, end.requests], ['failed', ['api_retry'], 8]);
  });

  it('a model that says nothing, asked twice to go on', async () => {
    for (const nothing of [reply.empty, reply.text('  \n'), reply.thinking('Hm.')]) {
      const end = await spin(() => nothing);
      assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['empty_reply'], 3]);
      assert.match(end.next, /Say what is missing/);
    }
    let n = 0;
    const silent = await spin(() => [reply.tool('read', { n: 1 }), reply.empty, reply.text('done')][n++] ?? reply.text('more'));
    assert.deepEqual([silent.reason, silent.tripped, silent.requests], ['done', [], 3]);
  });

  it('a reply that goes on past all it was asked for', async () => {
    const end = await spin([], { settings: { maxSessionTokens: 6_000 }, ports: { model: unbounded() } });
    assert.deepEqual([end.reason, end.tripped], ['stalled', ['endless_reply']]);
  });

  it('calls that are refused without anybody being asked', async () => {
    let n = 0;
    const end = await spin(() => reply.tool('write', { n: n++ }), { settings: { mode: 'plan' } });
    assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['denied_calls'], 5]);
  });

  it('calls that fail, each in another way, but not while one of them goes through', async () => {
    let n = 0;
    const end = await spin(() => reply.tool(`tool_${n++}`, {}));
    assert.deepEqual([end.reason, end.tripped, end.requests], ['stalled', ['failing_calls'], 10]);
    n = 0;
    const mixed = await spin(() => (n++ < 14 ? reply.tool(`tool_${n}`, {}).tool('read', { n }) : reply.text('done')));
    assert.deepEqual([mixed.reason, mixed.tripped], ['done', []]);
  });

  it('names what to do, for each of them', () => {
    for (const [name, { next }] of Object.entries(BREAKERS)) assert.match(next, /\w\.$/, name);
  });

  it('new calls without end, by the limit of turns', async () => {
    let n = 0;
    const end = await spin(() => reply.tool('read', { n: n++ }), { settings: { maxTurns: 12 } });
    assert.deepEqual([end.reason, end.requests], ['max_turns', 12]);
  });
});
