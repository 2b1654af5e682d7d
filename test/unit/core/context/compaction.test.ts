import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECTIONS } from '../../../../src/core/context/summary';
import type { WireRequest } from '../../../../src/demo/wire/request';
import { readFile } from '../../../../src/tools/read-file';
import { tasks } from '../../../../src/tools/tasks';
import { prefixBreak } from '../../../support/model-server/prefix';
import { reply } from '../../../support/model-server/reply';
import type { Script } from '../../../support/model-server/server';
import { reader } from '../../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply, summaryText } from '../../../support/summary';

/** 200,000 tokens: compacts above 167,000. */
const MODEL = 'claude-haiku-4-5';
const THRESHOLD = 167_000;

const open: Harness[] = [];
async function start(script: Script, options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(script, { ...options, settings: { model: MODEL, ...options.settings } });
  open.push(harness);
  return harness;
}

/** Answers summary requests in one way and everything else in another. */
function answering(usual: (request: WireRequest, n: number) => ReturnType<typeof reply.text>, summary = summaryReply()): Script {
  let n = 0;
  return (request) => (asksForSummary(request) ? summary : usual(request, n++));
}

const summaryRequests = (h: Harness) =>
  h.server.requests.filter((r) => JSON.stringify(r.json.messages).includes('write a summary of this'));
const plainRequests = (h: Harness) => h.server.requests.filter((r) => !summaryRequests(h).includes(r));
const messagesOf = (json: unknown) => (json as { messages: readonly { role: string; content: unknown }[] }).messages;

describe('compaction', () => {
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  /** Two messages, the first answered with a claim of that many tokens. */
  async function filled(claim: number): Promise<Harness> {
    const harness = await start(answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(claim) : reply.text('two'))));
    assert.equal(await harness.say('first'), 'done');
    assert.equal(await harness.say('second'), 'done');
    return harness;
  }

  it('sets in above the window less both reserves, and not at it [C1]', async () => {
    const trial = await filled(190_000);
    const rest = (trial.events('compaction_started')[0]?.before ?? 0) - 190_000;
    assert.ok(rest > 0);
    const below = await filled(THRESHOLD - rest);
    assert.equal(summaryRequests(below).length, 0);
    const above = await filled(THRESHOLD + 1 - rest);
    assert.equal(summaryRequests(above).length, 1);
    assert.equal(above.events('context_compacted')[0]?.before, THRESHOLD + 1);
  });

  it('takes its reserves from the settings', async () => {
    const script = () => answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(120_000) : reply.text('two')));
    const usual = await start(script());
    await usual.say('first');
    await usual.say('second');
    assert.equal(summaryRequests(usual).length, 0);
    const wide = await start(script(), { settings: { compactReserveTurn: 70_000 } });
    await wide.say('first');
    await wide.say('second');
    assert.equal(summaryRequests(wide).length, 1);
  });

  it('asks for the summary with the very prefix of the conversation, read from the cache, and books it as a side cost [K5]', async () => {
    const h = await start(
      answering((_request, n) => (n === 0 ? reply.tool('read', { n: 1 }).outputTokens(170_000) : reply.text('ok'))),
      { tools: [reader('read', async () => 'word '.repeat(4_000))] },
    );
    await h.say(`go ${'on '.repeat(8_000)}`);
    const [first, summary] = h.server.requests;
    assert.ok(first && summary);
    assert.equal(prefixBreak(first.json, summary.json), undefined);
    assert.deepEqual(summary.json.tools, first.json.tools);
    assert.equal(summary.json.tool_choice, undefined);
    const side = h.events('usage').find((u) => u.of === 'side');
    const before = h.events('usage')[0];
    assert.ok(side && before && before.cacheWrite > 4_000 && side.cacheRead >= before.cacheRead + before.cacheWrite);
  });

  it('goes on from the summary with the newest messages as they were [C1, C2]', async () => {
    const facts = Array.from({ length: 12 }, (_, i) => `fact-${i}-${i * 7919}`);
    const h = await start(
      answering(
        (_request, n) => (n === 9 ? reply.text('full').outputTokens(170_000) : reply.text(`answer ${n}`)),
        summaryReply({ Decisions: facts.join('; ') }),
      ),
    );
    for (let n = 0; n <= 10; n++) await h.say(`question ${n}`);
    const [before, after] = plainRequests(h).slice(-2);
    const was = messagesOf(before?.json);
    const is = messagesOf(after?.json);
    const sent = JSON.stringify(is);
    for (const fact of facts) assert.ok(sent.includes(fact), fact);
    assert.ok(!sent.includes('scratch'), 'the scratchpad is thrown away');
    assert.ok(!sent.includes('question 3'));
    const plain = (value: unknown) => JSON.stringify(value).replaceAll(/,"cache_control":\{[^}]*\}/g, '');
    // The newest three are in the request after as they were in the one before, then what came since.
    for (const message of was.slice(-3))
      assert.ok(sent.includes(plain(message.content).slice(1, -1)) || plain(is).includes(plain(message)), plain(message));
    assert.ok(is.length <= 6, `${is.length} messages`);
    assert.deepEqual(h.server.failures, []);
  });

  it('never parts a call from its result, wherever the cut falls', async () => {
    for (const answers of [1, 2, 3, 4, 5, 6]) {
      const h = await start(
        answering((_request, n) => {
          if (n % 2 === 0 && n < answers) return reply.tools([1, 2, 3].map((i) => ({ name: 'read', input: { n: n * 10 + i } })));
          return n === answers ? reply.text('full').outputTokens(170_000) : reply.text(`t${n}`);
        }),
        { tools: [reader('read')] },
      );
      for (let n = 0; n < answers; n++) await h.say(`say ${n}`);
      await h.say('and now');
      await h.say('go on');
      assert.equal(h.session.events().at(-1)?.type, 'run_ended');
      assert.ok(h.events('context_compacted').length > 0);
      assert.deepEqual(h.server.failures, []);
      assert.ok(
        h.server.requests.every((r) => r.status === 200),
        h.server.requests.find((r) => r.status !== 200)?.error,
      );
    }
  }).timeout(20_000);

  it('keeps what the model has not been sent yet, whatever its size', async () => {
    const h = await start(answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(170_000) : reply.text('two'))));
    await h.say('first');
    const long = `please ${'really '.repeat(10_000)}do it`;
    await h.say(long);
    assert.ok(JSON.stringify(h.server.requests.at(-1)?.json).includes(long));
  });

  it('puts back the newest files as they are now, the tasks and the mode [C8]', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((n) => `${n}.txt`);
    let root = '';
    let n = 0;
    const h = await start(
      async (request) => {
        if (asksForSummary(request)) {
          await writeFile(join(root, 'f.txt'), 'new text of f');
          return summaryReply();
        }
        n++;
        // Which of several that are read at once is the newest is not said: the oldest is read before the others.
        if (n === 1) return reply.tool('read_file', { path: 'a.txt' });
        if (n === 2) return reply.tools(names.slice(1).map((path) => ({ name: 'read_file', input: { path } })));
        if (n === 3) return reply.tool('tasks', { tasks: [{ id: '1', title: 'mend the pump', status: 'in_progress', blocked_by: [] }] });
        if (n === 4) return reply.text('full').outputTokens(170_000);
        return reply.text('ok');
      },
      { tools: [readFile, tasks] },
    );
    root = h.root;
    for (const name of names) await writeFile(join(root, name), name === 'b.txt' ? 'line of b\n'.repeat(9_000) : `old text of ${name[0]}`);
    await h.say('read');
    h.session.setMode('plan');
    for (let i = 0; i < 5; i++) h.session.reviewed({ path: '/x', decision: 'kept', hunks: 1, left: 0 });
    await h.say('go on');
    const compacted = h.events('context_compacted')[0];
    const text = compacted?.restored.join('\n') ?? '';
    assert.match(text, /new text of f/);
    assert.doesNotMatch(text, /old text of a/, 'only the five newest');
    for (const name of ['c', 'd', 'e']) assert.match(text, new RegExp(`old text of ${name}`));
    assert.match(text, /mend the pump/);
    assert.match(text, /Mode: plan/);
    const ofB = compacted?.restored.find((r) => r.includes('b.txt')) ?? '';
    assert.ok(ofB.length > 17_000 && ofB.length < 5_000 * 3.6 + 300, `${ofB.length} characters`);
    assert.match(ofB, /line of b\n$/);
  });

  it('puts back no file that stands in the messages that stay', async () => {
    let root = '';
    let n = 0;
    const h = await start(
      async (request) => {
        if (asksForSummary(request)) {
          await writeFile(join(root, 'b.txt'), 'changed meanwhile');
          return summaryReply();
        }
        n++;
        if (n === 2) return reply.tools(['a.txt', 'b.txt'].map((path) => ({ name: 'read_file', input: { path } })));
        return n === 3 ? reply.text('full').outputTokens(170_000) : reply.text('ok');
      },
      { tools: [readFile] },
    );
    root = h.root;
    for (const name of ['a.txt', 'b.txt']) await writeFile(join(root, name), `text of ${name}`);
    for (const text of ['first', 'read both', 'go on']) await h.say(text);
    const restored = h.events('context_compacted')[0]?.restored.join('\n') ?? '';
    assert.doesNotMatch(restored, /text of a\.txt/);
    assert.match(restored, /changed meanwhile/);
    assert.match(JSON.stringify(h.server.requests.at(-1)?.json), /text of a\.txt/);
  });

  it('does not count a summary that calls a tool, has an empty or a missing part, or does not end [C2]', async () => {
    const bad = [
      reply.text(summaryText()).tool('read', { n: 1 }),
      reply.text(summaryText({ Pending: ' ' })),
      reply.text(summaryText().replace(/## 7[\s\S]*?## 8/, '## 8')),
      reply.text(summaryText()).stop('max_tokens'),
    ];
    for (const summary of bad) {
      const h = await start(
        answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(170_000) : reply.text('two')), summary),
        { tools: [reader('read')] },
      );
      await h.say('first');
      assert.equal(await h.say('second'), 'done');
      assert.equal(h.events('compaction_failed').length, 1);
      assert.equal(h.events('context_compacted').length, 0);
      assert.equal(h.events('tool_started').length, 0);
    }
  });

  it('names the nine parts in their order', () => {
    assert.deepEqual(
      SECTIONS.map(([name]) => name),
      ['Intent', 'Concepts', 'Files', 'Errors and fixes', 'Decisions', 'User messages', 'Pending', 'Current work', 'Next step'],
    );
  });

  it('is given up after three failures in a row, over a restart too [C3]', async () => {
    const h = await start(answering(() => reply.text('full').outputTokens(170_000), reply.text('no')));
    for (let i = 0; i < 3; i++) await h.say(`say ${i}`);
    assert.equal(summaryRequests(h).length, 2);
    const again = await h.reopen();
    for (let i = 0; i < 4; i++) await again.send({ text: 'more', attachments: [], content: [{ type: 'text', text: 'more' }] });
    assert.equal(summaryRequests(h).length, 3);
    const tripped = again.events().filter((e) => e.type === 'breaker_tripped');
    assert.deepEqual(
      tripped.map((e) => e.breaker),
      ['compaction'],
    );
  });

  it('counts failures anew after one that worked [C3]', async () => {
    let asked = 0;
    let n = 0;
    const h = await start((request) => {
      if (!asksForSummary(request)) return reply.text('full').outputTokens(n++ % 2 === 0 || n > 6 ? 170_000 : 10);
      asked += 1;
      return asked === 3 ? summaryReply() : reply.text('no');
    });
    const failures = () => h.session.state().compaction.failures;
    for (let i = 0; i < 12 && asked < 3; i++) await h.say(`say ${i}`);
    assert.equal(asked, 3);
    assert.equal(h.events('compaction_failed').length, 2);
    assert.equal(failures(), 0);
    assert.equal(h.session.state().compaction.off, false);
  });

  it('is given up at once when the window refills as fast as it is emptied [C3]', async () => {
    const h = await start(answering(() => reply.text('full').outputTokens(170_000)));
    for (let i = 0; i < 8; i++) await h.say(`say ${i}`);
    assert.equal(summaryRequests(h).length, 1);
    assert.match(h.events('breaker_tripped')[0]?.detail ?? '', /filled up again/);
    assert.equal(h.server.requests.length, 9);
  });

  it('condenses once and goes on when the service says that the conversation is too long', async () => {
    let refused = 0;
    const tooLong = reply.http(400, { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' });
    const h = await start((request) => {
      if (asksForSummary(request)) return summaryReply();
      const turns = request.turns.filter((t) => t.role === 'assistant').length;
      if (turns === 3 && refused++ === 0) return tooLong;
      return reply.text(`answer ${'long '.repeat(2_500)}`);
    });
    for (let i = 0; i < 4; i++) assert.equal(await h.say(`say ${i}`), 'done');
    assert.equal(summaryRequests(h).length, 1);
    assert.equal(h.events('context_compacted')[0]?.by, 'overflow');
    assert.deepEqual(h.server.failures, []);

    const never = await start((request) => {
      if (asksForSummary(request)) return summaryReply();
      return request.turns.length > 2 || JSON.stringify(request.turns).includes('condensed') ? tooLong : reply.text('long '.repeat(9_000));
    });
    await never.say('one');
    assert.equal(await never.say('two'), 'failed');
    assert.equal(never.events('run_ended').at(-1)?.error, 'too_long');
    assert.equal(summaryRequests(never).length, 1);
    assert.equal(never.server.requests.length, 4);
  });

  it('condenses and goes on when a reply filled the window', async () => {
    const h = await start(
      answering((_request, n) =>
        n === 1
          ? reply.text('as far as it went').stop('model_context_window_exceeded')
          : reply.text(`answer ${n} ${'long '.repeat(5_000)}`),
      ),
    );
    await h.say('first');
    assert.equal(await h.say('second'), 'done');
    assert.equal(h.events('context_compacted').length, 1);
    assert.match(JSON.stringify(h.server.requests.at(-1)?.json), /cut at the output limit/);
  });

  it('is there on demand, says when there is nothing to condense, and can be taken back [C2]', async () => {
    const h = await start(answering((_request, n) => reply.text(`answer ${n} ${'padding '.repeat(400)}`)));
    assert.equal(await h.session.compact(), 'failed');
    assert.match(h.events('run_ended').at(-1)?.detail ?? '', /short/);
    for (let i = 0; i < 5; i++) await h.say(`say ${i}`);
    const before = h.server.requests.at(-1)?.json ?? {};
    assert.equal(await h.session.compact('keep the colours'), 'done');
    assert.match(JSON.stringify(h.server.requests.at(-1)?.json), /The user adds: keep the colours/);
    const done = h.events('context_compacted')[0];
    assert.ok(done && done.by === 'user' && done.after < done.before);
    assert.equal(h.session.undoCompaction(), true);
    assert.equal(h.session.undoCompaction(), false);
    await h.say('after the undo');
    assert.equal(prefixBreak(before, h.server.requests.at(-1)?.json ?? {}), undefined);
    assert.deepEqual(h.server.failures, []);
  });

  it('is not done again by itself right after it was taken back', async () => {
    const h = await start(
      answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(170_000) : reply.text('two').outputTokens(170_000))),
    );
    await h.say('first');
    await h.say('second');
    assert.equal(h.session.undoCompaction(), true);
    await h.say('third');
    await h.say('fourth');
    assert.equal(summaryRequests(h).length, 1);
  });

  it('sends the same bytes after a restart, with thinking that its new place allows', async () => {
    for (const model of ['claude-opus-5-5', 'claude-opus-4-8', MODEL]) {
      const h = await start(
        answering((_request, n) => {
          if (n === 4) return reply.thinking('hm').tool('read', { n });
          return reply.thinking(`think ${n}`).text(`answer ${n} ${'padding '.repeat(400)}`);
        }),
        { tools: [reader('read')], settings: { model } },
      );
      for (let i = 0; i < 5; i++) await h.say(`say ${i}`);
      await h.session.compact();
      await h.say('one more');
      const again = await h.reopen();
      const text = 'and after the restart';
      await again.send({ text, attachments: [], content: [{ type: 'text', text }] });
      const [was, is] = h.server.requests.slice(-2);
      assert.equal(prefixBreak(was?.json ?? {}, is?.json ?? {}), undefined);
      assert.equal(again.undoCompaction(), true);
      await again.send({ text, attachments: [], content: [{ type: 'text', text }] });
      assert.ok(
        h.server.requests.every((r) => r.status === 200),
        h.server.requests.find((r) => r.status !== 200)?.error,
      );
      assert.deepEqual(h.server.failures, []);
    }
  }).timeout(10_000);

  it('spends nothing past the limit of money', async () => {
    const h = await start(
      answering(() => reply.text('full').outputTokens(190_000)),
      { settings: { maxCost: 0.96 } },
    );
    await h.say('first');
    assert.equal(await h.say('second'), 'max_budget');
    assert.equal(h.server.requests.length, 1);
  });

  it('stops with the run', async () => {
    const h = await start(
      answering((_request, n) => (n === 0 ? reply.text('one').outputTokens(170_000) : reply.text('two')), reply.text('slow').stall()),
    );
    await h.say('first');
    const run = h.say('second');
    await h.server.stalled();
    h.session.cancel();
    assert.equal(await run, 'cancelled');
    assert.equal(h.events('compaction_failed').length, 0);
  });
});
