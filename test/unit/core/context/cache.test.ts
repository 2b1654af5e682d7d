import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireRequest } from '../../../../src/demo/wire/request';
import type { EventOf } from '../../../../src/protocol/events';
import { allTools } from '../../../../src/tools/index';
import { catalogue } from '../../../support/catalogue';
import { assertPrefixes } from '../../../support/model-server/prefix';
import { reply } from '../../../support/model-server/reply';
import { reader } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';

const TURNS = 60;
/** A run ends after this many turns; runs of one session follow each other. */
const RUN = 5;

const said = (text: string) => ({ text, attachments: [], content: [{ type: 'text' as const, text }] });
const turnOf = (request: WireRequest) => request.turns.filter((t) => t.role === 'assistant').length;

/** What the model does at each turn: single reads, 12 calls at once, results that spill alone and together, errors, tools that are loaded, prose. */
function play(request: WireRequest) {
  const n = turnOf(request);
  const think = n % 2 === 0 ? reply.thinking(`thought ${n}`) : reply.empty;
  if (n % RUN === RUN - 1) return think.text(`Done with run ${Math.floor(n / RUN)}.`);
  switch (n % 8) {
    case 0:
      return think.tools(Array.from({ length: 12 }, (_, i) => ({ name: 'read', input: { n: n * 100 + i } })));
    case 1:
      return think.text('A long one.').tool('read', { n: 60_000 });
    case 2:
      return think.tools(Array.from({ length: 6 }, () => ({ name: 'read', input: { n: 42_000 } })));
    case 3:
      return think.tool('read_file', { path: 'watched.txt' });
    case 4:
      return think.tool('no_such_tool', {}).toolJson('read', '{"n": ');
    case 5:
      return think.tool('tasks', { tasks: [{ id: '1', title: `task of ${n}`, status: 'in_progress' }] });
    case 6:
      return think.tools([{ name: 'find_tools', input: { query: `ext__wiki_list ${n % 16 === 6 ? 'ext__mail_get' : 'ext__mail_tag'}` } }]);
    case 7:
      return think.tools([
        { name: 'ext__wiki_list', input: { account: `of turn ${n}` } },
        { name: 'call_tool', input: { name: 'ext__wiki_list', input: { account: 'again' } } },
      ]);
    default:
      return think.tools([1, 2, 3].map((i) => ({ name: 'read', input: { n: n * 100 + i } })));
  }
}

const sized = reader('read', async ({ n }) => (n === 60_000 || n === 42_000 ? 'x'.repeat(n) : `result ${n} `.repeat(20)));
const brought = catalogue('by_name');
const usages = (events: readonly { type: string }[]) => events.filter((e): e is EventOf<'usage'> => e.type === 'usage');
const prompt = (u: EventOf<'usage'>) => u.input + u.cacheRead + u.cacheWrite;

describe('the prompt cache over a long session', () => {
  let h: Harness | undefined;
  afterEach(async () => {
    await h?.close();
    h = undefined;
  });

  it('holds all that was sent before: modes, notices, queued messages, 12 calls at once, loaded tools, spills, failures, restarts [K1, K2, K5, T2]', async () => {
    let failed = false;
    /** More tools come while the session lasts. */
    let there = 70;
    const harness = await startHarness(
      (request) => {
        const n = turnOf(request);
        if (n === 27 && !failed) {
          failed = true;
          return reply.http(401, { type: 'authentication_error', message: 'no' });
        }
        return play(request);
      },
      {
        tools: [...allTools(), sized],
        sources: [{ tools: () => brought.slice(0, there) }],
        rules: [{ effect: 'allow', rule: 'ext__wiki_list', source: 'user' }],
        settings: { spillTurnChars: 100_000 },
      },
    );
    h = harness;
    await writeFile(join(harness.root, 'watched.txt'), 'version 0');
    let session = harness.session;
    const modes = ['plan', 'ask', 'edit', 'auto'] as const;
    for (let run = 0; run < TURNS / RUN; run++) {
      session.setMode(modes[run % 4] ?? 'ask');
      if (run % 2 === 0) await writeFile(join(harness.root, 'watched.txt'), `version ${run}`);
      if (run % 3 === 0) session.reviewed({ path: '/w/a.ts', decision: 'undone', hunks: 1, left: 0, feedback: `not like run ${run}` });
      if (run % 4 === 3) {
        session = await harness.reopen(run === 7 ? { spillChars: 1_000, spillTurnChars: 1_000 } : { spillChars: 50_000 });
      }
      if (run === 5) there = 80;
      let queued = false;
      const stop = session.subscribe((event) => {
        if (event.type !== 'tool_started' || queued) return;
        queued = true;
        void session.send(said(`by the way, ${run}`));
      });
      const reason = await session.send(said(`Run ${run}`));
      stop();
      if (reason === 'failed') assert.equal(await session.resume(), 'done');
      else assert.equal(reason, 'done');
    }
    const answered = harness.server.requests.filter((r) => r.status === 200);
    assert.ok(answered.length >= TURNS, `${answered.length} requests`);
    assertPrefixes(harness.server.requests);
    assert.deepEqual(harness.server.failures, []);

    const all = usages(session.events());
    for (const [i, usage] of all.entries()) {
      const before = all[i - 1];
      if (before) assert.equal(usage.cacheRead, prompt(before), `request ${i + 1} reads all of the one before it from the cache`);
    }
    const late = all.slice(3);
    const share = late.reduce((sum, u) => sum + u.cacheRead, 0) / late.reduce((sum, u) => sum + prompt(u), 0);
    assert.ok(share >= 0.95, `${Math.round(share * 1000) / 10} %`);
    const loaded = session.events().filter((e) => e.type === 'context_changed' && e.kind === 'tools_loaded');
    assert.deepEqual(
      loaded.map((e) => (e.type === 'context_changed' ? e.detail : '')),
      ['ext__mail_get, ext__wiki_list', 'ext__mail_tag'],
      'each definition is loaded once',
    );
    const ran = session.events().filter((e) => e.type === 'tool_finished' && e.tool === 'ext__wiki_list' && e.outcome === 'ok');
    assert.ok(ran.length >= 6, `${ran.length} calls of loaded tools`);
    const types = new Set(session.events().map((e) => (e.type === 'notice' ? e.of : e.type)));
    for (const type of ['mode', 'review', 'file_changed', 'environment', 'message_queued', 'context_changed', 'tools'])
      assert.ok(types.has(type as never), type);
  }).timeout(120_000);
});
