import assert from 'node:assert/strict';
import { findHeld } from '../../../src/core/held-tools';
import { forkSession } from '../../../src/core/recovery/fork';
import { openSession, type Session } from '../../../src/core/session';
import type { Tool } from '../../../src/core/tool';
import { isObject, type JsonObject, objectsIn } from '../../../src/demo/wire/json';
import { MODELS } from '../../../src/demo/wire/models';
import { lastToolResults } from '../../../src/demo/wire/request';
import type { EventOf } from '../../../src/protocol/events';
import { allTools } from '../../../src/tools/index';
import { catalogue } from '../../support/catalogue';
import { assertPrefixes } from '../../support/model-server/prefix';
import { reply } from '../../support/model-server/reply';
import type { Script } from '../../support/model-server/server';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';
import { summaryReply } from '../../support/summary';

const LOADS = 'claude-opus-4-8';
const PLAIN = 'claude-sonnet-4-6';
/** A service whose second model cannot load tools by reference, and refuses to be sent them. */
const models = MODELS.map((model) => (model.id === PLAIN ? { ...model, serverTools: false } : model));
const said = (text: string) => ({ text, attachments: [], content: [{ type: 'text' as const, text }] });
const sent = (h: Harness, n: number): JsonObject => h.server.requests.at(n)?.json ?? {};
const toolNames = (json: JsonObject) => objectsIn(json.tools).map((tool) => String(tool.name));
const results = (json: JsonObject) =>
  objectsIn(json.messages)
    .flatMap((message) => objectsIn(message.content))
    .filter((block) => block.type === 'tool_result');
const usage = (session: Session) => session.events().filter((e): e is EventOf<'usage'> => e.type === 'usage');
const prompt = (u: EventOf<'usage'>) => u.input + u.cacheRead + u.cacheWrite;

describe('tools that are offered by name', () => {
  const open: Harness[] = [];
  const called: string[] = [];
  const start = async (
    script: Script,
    own: HarnessOptions = {},
    tools: readonly Tool[] = catalogue('by_name', 200, (n) => called.push(n)),
  ) => {
    const h = await startHarness(script, {
      tools: allTools(),
      sources: [{ tools: () => tools }],
      rules: [{ effect: 'allow', rule: 'ext__wiki_list', source: 'user' }],
      ...own,
      server: { models, ...own.server },
    });
    open.push(h);
    return h;
  };
  afterEach(async () => {
    called.length = 0;
    for (const harness of open.splice(0)) await harness.close();
  });

  const byReference: Script = [
    reply.thinking('Which one?').tool('find_tools', { query: 'list pages of the wiki' }),
    reply.tool('ext__wiki_list', { account: 'acme' }),
    reply.text('Listed.'),
    reply.text('More.'),
    reply.text('And more.'),
  ];
  const byText: Script = [
    reply.thinking('Which one?').tool('find_tools', { query: 'list pages of the wiki' }),
    reply.tool('call_tool', { name: 'ext__wiki_list', input: { account: 'acme' } }),
    reply.text('Listed.'),
    reply.text('More.'),
    reply.text('And more.'),
  ];

  for (const [way, model, script] of [
    ['by reference where the service can', LOADS, byReference],
    ['as text and through call_tool where it can not', PLAIN, byText],
  ] as const) {
    it(`are found among 200, loaded and called, with nothing changed of what was sent: ${way} [T2]`, async () => {
      const h = await start(script, { settings: { model } });
      await h.say('List the wiki pages of acme.');
      assert.deepEqual(called, ['wiki_list']);
      const resumed = await h.reopen();
      await resumed.send(said('go on'));
      assert.ok(resumed.tools().find((one) => one.name === 'ext__wiki_list')?.state === 'loaded');
      const at = resumed.events().findLast((e) => e.type === 'user_message')?.seq ?? 0;
      await forkSession(h.options.ports, resumed.events(), at + 1, 'forked');
      await resumed.close();
      const fork = await openSession(h.options, 'forked');
      assert.ok(fork.tools().find((one) => one.name === 'ext__wiki_list')?.state === 'loaded');
      await fork.send(said('go on here'));

      assertPrefixes(h.server.requests);
      const tools = new Set(h.server.requests.map((r) => JSON.stringify(r.json.tools)));
      assert.equal(tools.size, 1, 'the tools are the same bytes from the first request to the last');
      for (const [i, one] of usage(fork).entries()) {
        const before = usage(fork)[i - 1];
        if (before) assert.ok(one.cacheRead >= prompt(before), `request ${i + 1} reads all of the one before it`);
      }
      await fork.close();
      const loaded = h.events('context_changed').filter((e) => e.kind === 'tools_loaded');
      assert.equal(loaded.length, 1);
      assert.match(loaded[0]?.detail ?? '', /ext__wiki_list/);
      assert.ok((loaded[0]?.detail.split(', ').length ?? 9) <= 5, 'at most five at a time');
      assert.equal(h.events('tool_started').at(-1)?.tool, 'ext__wiki_list', 'the card is that of the tool that ran');
      assert.deepEqual(h.server.failures, []);
    });
  }

  for (const [way, model, script] of [
    ['by reference', LOADS, byReference],
    ['as text', PLAIN, byText],
  ] as const) {
    it(`are there to be called after the conversation was condensed, without being looked for again: ${way} [C2, T2]`, async () => {
      const first = Array.isArray(script) ? script.slice(0, 3) : [];
      const call = reply.tool('call_tool', { name: 'ext__wiki_list', input: { account: 'other' } });
      const long = `and ${'more '.repeat(4_000)}`;
      const h = await start(
        [...first, reply.text('Fine.'), summaryReply(), call, reply.text('Listed again.'), summaryReply(), reply.text('x')],
        {
          settings: { model },
        },
      );
      await h.say(`List. ${long}`);
      await h.say(long);
      assert.equal(await h.session.compact(), 'done');
      const again = await h.reopen();
      assert.equal(again.tools().find((one) => one.name === 'ext__wiki_list')?.state, 'loaded');
      await again.send(said('list those of other too'));
      const request = sent(h, 5);
      assert.ok(!results(request).some((block) => JSON.stringify(block).includes('ext__wiki_list')), 'the result that brought it is gone');
      assert.match(
        JSON.stringify(request.messages),
        /Tools that you loaded:.*ext__wiki_list: List something in wiki.*additionalProperties/,
      );
      assert.deepEqual(called, ['wiki_list', 'wiki_list']);
      assert.equal(await again.compact(), 'done', 'and after the next one');
      assert.equal(again.tools().find((one) => one.name === 'ext__wiki_list')?.state, 'loaded');
      assert.ok(again.undoCompaction() && again.undoCompaction());
      assert.equal(again.tools().find((one) => one.name === 'ext__wiki_list')?.state, 'loaded', 'by the result that brought it');
      assert.deepEqual(h.server.failures, []);
    }).timeout(30_000);
  }

  it('cost their names and no more until they are loaded', async () => {
    const without = await start([reply.text('Hello.')], { sources: [] });
    await without.say('Hello.');
    for (const model of [LOADS, PLAIN]) {
      const h = await start([reply.text('Hello.')], { settings: { model } });
      await h.say('Hello.');
      const [bare] = usage(without.session);
      const [named] = usage(h.session);
      assert.ok(
        bare && named && prompt(named) - prompt(bare) < 2_200,
        `${named && bare && prompt(named) - prompt(bare)} tokens for 200 names`,
      );
      const deferred = objectsIn(sent(h, 0).tools).filter((tool) => tool.defer_loading === true);
      assert.equal(deferred.length, model === LOADS ? 200 : 0);
      assert.ok(JSON.stringify(sent(h, 0).system).includes('ext__builds_share'));
    }
  });

  it('go to the service as references, and to others as text', async () => {
    const h = await start(byReference);
    await h.say('List.');
    const [found] = results(sent(h, 1));
    assert.ok(objectsIn(found?.content).every((part) => part.type === 'tool_reference'));
    const other = await start(byText, { settings: { model: PLAIN } });
    await other.say('List.');
    const [text] = results(sent(other, 1));
    assert.match(JSON.stringify(text?.content), /ext__wiki_list: List something in wiki[\s\S]*additionalProperties/);
  });

  it('stay usable when the session goes on with a model that can not load them by reference', async () => {
    const h = await start([
      ...(Array.isArray(byReference) ? byReference.slice(0, 3) : []),
      reply.tool('call_tool', { name: 'ext__wiki_list', input: { account: 'beta' } }),
      reply.text('ok'),
    ]);
    await h.say('List.');
    h.session.setModel(PLAIN);
    await h.say('And for beta.');
    assert.deepEqual(called, ['wiki_list', 'wiki_list']);
    assert.ok(!toolNames(sent(h, -1)).includes('ext__wiki_list'));
    assert.match(JSON.stringify(results(sent(h, -1))[0]?.content), /additionalProperties/);
    assert.deepEqual(h.server.failures, []);
  });

  it('are asked for, judged by their own rules and checked against their own schema, however they are called', async () => {
    const h = await start(
      [
        reply.tools([
          { name: 'call_tool', input: { name: 'ext__wiki_list', input: { limit: 3 } } },
          { name: 'call_tool', input: { name: 'ext__mail_delete', input: { account: 'acme' } } },
          { name: 'call_tool', input: { name: 'ext__tickets_get', input: { account: 'acme' } } },
          { name: 'call_tool', input: { name: 'edit_file', input: {} } },
          { name: 'call_tool', input: { name: 'call_tool', input: {} } },
          { name: 'call_tool', input: { name: 'ext__none', input: {} } },
          { name: 'ext__wiki_get', input: {} },
        ]),
        reply.text('ok'),
      ],
      { rules: [{ effect: 'deny', rule: 'ext__mail_delete(*acme*)', source: 'user' }] },
    );
    const run = h.say('Try all.');
    const ask = await h.event('permission_asked');
    assert.equal(ask.tool, 'ext__tickets_get');
    assert.equal(ask.class, 'mutating');
    assert.deepEqual(ask.choices.find((c) => c.id === 'rule')?.rules, ['ext__tickets_get']);
    h.desk.decide(ask.askId, { choice: 'once' });
    await run;
    assert.deepEqual(called, ['tickets_get']);
    const texts = results(sent(h, -1)).map((r) =>
      objectsIn(r.content)
        .map((part) => String(part.text))
        .join(),
    );
    assert.match(texts[0] ?? '', /input of ext__wiki_list is not valid[\s\S]*account[\s\S]*Call it with call_tool/);
    assert.match(texts[1] ?? '', /The rule ext__mail_delete\(\*acme\*\) denies this/);
    assert.match(texts[2] ?? '', /get in tickets/);
    assert.match(texts[3] ?? '', /edit_file is among your tools/);
    assert.match(texts[4] ?? '', /call_tool is among your tools/);
    assert.match(texts[5] ?? '', /no tool called ext__none/);
    assert.match(texts[6] ?? '', /ext__wiki_get is not valid[\s\S]*Call it with call_tool/);
  });

  it('are gone at once when a rule denies them, and never in plan mode or an untrusted folder', async () => {
    const h = await start([reply.tool('ext__wiki_list', { account: 'a' }), reply.text('ok')], { settings: { mode: 'plan' } });
    await h.say('List.');
    assert.deepEqual(called, []);
    assert.match(JSON.stringify(results(sent(h, -1))), /Plan mode is on/);
    h.rules.push({ effect: 'deny', rule: 'ext__wiki_list', source: 'user' });
    assert.deepEqual(
      h.session.tools().find((one) => one.name === 'ext__wiki_list'),
      { ...h.session.tools().find((one) => one.name === 'ext__wiki_list'), state: 'closed', why: 'denied by the user rule ext__wiki_list' },
    );
    const strange = await start([reply.text('ok')], { trusted: false });
    await strange.say('Hello.');
    assert.ok(!JSON.stringify(sent(strange, 0)).includes('ext__'));
    assert.match(strange.session.tools().find((one) => one.name === 'ext__wiki_list')?.why ?? '', /not trusted/);
  });

  it('may come and go while a session lasts: the model is told at the tail', async () => {
    let there = catalogue('by_name', 20, (n) => called.push(n));
    const late = catalogue('by_name', 40, (n) => called.push(n)).slice(20);
    const h = await start(
      [
        reply.text('ok'),
        reply.tool('find_tools', { query: 'ext__calendar_list' }),
        reply.tool('call_tool', { name: 'ext__calendar_list', input: { account: 'a' } }),
        reply.text('ok'),
        reply.text('ok'),
      ],
      { sources: [{ tools: () => there }], rules: [{ effect: 'allow', rule: 'ext__calendar_list', source: 'user' }] },
    );
    await h.say('Hello.');
    there = [...there, ...late];
    await h.say('Now?');
    assert.deepEqual(called, ['calendar_list'], 'one that came late is called through call_tool');
    there = there.slice(1);
    await h.say('And now?');
    const told = h.events('notice').filter((e) => e.of === 'tools');
    assert.match(told[0]?.text ?? '', /^More tools that find_tools can load: ext__calendar_archive,/);
    assert.equal(told[1]?.text, 'No longer there: ext__tickets_list.');
    assert.equal(told.length, 2);
    assertPrefixes(h.server.requests);
  });

  it('are told as text of what fits, what is loaded already, and what there is', async () => {
    const h = await start([
      reply.tools([{ name: 'find_tools', input: { query: 'ext__wiki_list ext__wiki_get' } }]),
      reply.tools([
        { name: 'find_tools', input: { query: 'ext__wiki_list' } },
        { name: 'find_tools', input: { query: 'xyzzy' } },
      ]),
      (request) =>
        reply.text(
          lastToolResults(request)
            .map((r) => r.text)
            .join('\n'),
        ),
    ]);
    await h.say('Find.');
    const text = JSON.stringify(h.events('assistant_message').at(-1)?.blocks);
    assert.match(text, /Loaded already: ext__wiki_list/);
    assert.match(text, /No tool fits .*xyzzy.*Try other words/);
  });

  it('are those whose definitions would take more than a tenth of the window, when they may be either', async () => {
    const some = await start([reply.text('ok')], {}, catalogue('auto', 10));
    await some.say('Hello.');
    assert.ok(toolNames(sent(some, 0)).includes('ext__tickets_list'));
    assert.ok(!toolNames(sent(some, 0)).includes('find_tools'), 'nothing has to be found');
    const many = await start([reply.text('ok')], { settings: { model: 'claude-haiku-4-5-20251001' } }, catalogue('auto', 200));
    await many.say('Hello.');
    const tool = objectsIn(sent(many, 0).tools).find((one) => one.name === 'ext__tickets_list');
    assert.ok(isObject(tool) && tool.defer_loading === true);
    assert.match(many.session.tools().find((one) => one.name === 'ext__tickets_list')?.why ?? '', /over a tenth of the window/);
  });
});

describe('a search for tools', () => {
  const tools = catalogue('by_name');
  const names = (query: string) => findHeld(tools, query, 5).map((tool) => tool.name);

  it('finds by name, by words of the name and by words of the description', () => {
    assert.deepEqual(names('ext__mail_move'), ['ext__mail_move']);
    assert.equal(names('create a ticket')[0], 'ext__tickets_create');
    assert.equal(names('merging contacts, merge')[0], 'ext__contacts_merge');
    assert.equal(names('SEARCH the wiki')[0], 'ext__wiki_search');
    assert.deepEqual(names('zzz'), []);
    assert.equal(names('company').length, 5);
    assert.deepEqual(names('ext__wiki_get, ext__mail_get').toSorted(), ['ext__mail_get', 'ext__wiki_get']);
  });

  it('gives the same for the same tools in any order', () => {
    assert.deepEqual(
      findHeld([...tools].reverse(), 'list metrics of builds', 5).map((t) => t.name),
      names('list metrics of builds'),
    );
  });
});
