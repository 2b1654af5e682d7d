import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROMPT_VERSION, type PromptFacts, systemPrompt } from '../../../../src/core/context/prompt';
import { dangerousUncachedSection, type Section, section } from '../../../../src/core/context/sections';
import { summaryRequest } from '../../../../src/core/context/summary';
import { systemRecords } from '../../../../src/core/observe/system-record';
import { objectsIn } from '../../../../src/demo/wire/json';
import { allTools } from '../../../../src/tools/index';
import { assertGolden } from '../../../support/golden';
import { reply } from '../../../support/model-server/reply';
import { type Harness, startHarness } from '../../../support/session-harness';

const here = dirname(fileURLToPath(import.meta.url));
const facts: PromptFacts = { roots: ['/home/ada/pump'], platform: 'linux', shell: 'bash', trusted: true };
const other: PromptFacts = { roots: ['C:\\Users\\Bob\\web'], platform: 'win32', shell: null, trusted: false };
/** Everything that a model is told to do, tools aside. */
const prompts = () => [systemPrompt(facts).fixed, summaryRequest('')];
const toolTexts = () =>
  allTools({ kind: 'bash', programs: ['git'] }).map((tool) => {
    const { name, description, inputSchema } = tool.spec();
    return `${name}: ${description}\n${JSON.stringify(inputSchema, null, 1)}`;
  });

describe('the prompt', () => {
  it('changes only with its version [K6]', () => {
    // Not equal? A changed text is a new version: raise PROMPT_VERSION, add its line to the changelog, and write its file.
    assertGolden(join(here, 'golden', `prompt-${PROMPT_VERSION}.txt`), `${[...prompts(), ...toolTexts()].join('\n\n=====\n\n')}\n`);
  });

  it('has a line in the changelog for every version up to this one [K6]', () => {
    const source = readFileSync(join(here, '../../../../src/core/context/prompt.ts'), 'utf8');
    for (let version = 1; version <= Number(PROMPT_VERSION); version++) assert.match(source, new RegExp(`^ \\* ${version}: \\S`, 'm'));
  });

  it('has the same first part for every user and folder, with nothing of them in it [K1]', () => {
    const { fixed } = systemPrompt(facts);
    assert.equal(systemPrompt(other).fixed, fixed);
    assert.doesNotMatch(fixed, /\d{4}-\d{2}-\d{2}|[0-9a-f]{8}-[0-9a-f]{4}|\/home\/|\/Users\/|[A-Z]:\\/);
    assert.notEqual(systemPrompt(other).facts, systemPrompt(facts).facts);
  });

  it('says in numbers how long a reply may be, and never just to be brief [K7]', () => {
    const said = [...prompts(), ...allTools({ kind: 'bash', programs: [] }).map((tool) => JSON.stringify(tool.spec()))].join('\n');
    assert.doesNotMatch(said, /\b(be|stay|keep it|answer|reply) (very |as )?(concise|brief|short|terse|succinct)/i);
    const { fixed } = systemPrompt(facts);
    assert.match(fixed, /at most 25 words between tool calls/i);
    assert.match(fixed, /at most 100 words in the final reply/i);
  });
});

describe('the sections of the system prompt', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });
  const start = async (sections: readonly Section[]) => {
    const h = await startHarness(() => reply.text('ok'), { sections });
    open.push(h);
    return h;
  };

  it('are all cached, and reported with what they cost [K3]', async () => {
    const h = await start([section('memory', 'The user likes tabs.')]);
    await h.say('one');
    await h.say('two');
    const [started] = h.events('session_started');
    const report = started?.system.sections ?? [];
    assert.deepEqual(
      report.map((one) => one.name),
      ['identity', 'work', 'trust', 'length', 'workspace', 'platform', 'memory'],
    );
    for (const one of report) assert.ok(one.cached && one.tokens > 0 && one.reason === undefined, one.name);
    assert.match(JSON.stringify(h.server.requests[0]?.json.system), /The user likes tabs\./);
    assert.match(String(started && systemRecords(started)[0]?.data.sections), /^identity \d+, work \d+/);
  });

  it('that are not cached need a reason that is said, stand last, and are named when they cost the cache [K3, K4]', async () => {
    let word = 0;
    const said = 'its text is needed at the very top';
    const h = await start([dangerousUncachedSection('clock', said, () => `Word ${++word}`), section('memory', 'Tabs.')]);
    await h.say(`one ${'word '.repeat(6_000)}`);
    await h.say('two');
    const systems = h.server.requests.map((r) => objectsIn(r.json.system));
    assert.deepEqual(
      systems.map((system) => system.at(-1)?.text),
      ['Word 2', 'Word 3'],
    );
    assert.ok(systems.every((system) => system.length === 3 && system.at(-1)?.cache_control === undefined));
    assert.equal(h.events('cache_missed')[0]?.cause, 'system');
    const [started] = h.events('session_started');
    assert.equal(started && systemRecords(started)[0]?.data.uncached, `clock: ${said}`);
  });

  it('that are not cached are refused without a reason', () => {
    // @ts-expect-error an empty reason does not compile
    assert.throws(() => dangerousUncachedSection('clock', '', () => ''), /gives no reason/);
    assert.throws(() => dangerousUncachedSection('clock', '  ', () => ''), /gives no reason/);
  });
});

describe('tools in the prompt', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  it('stand in one order, however they were registered [K2]', async () => {
    const all = allTools({ kind: 'bash', programs: ['git'] });
    const sent: string[] = [];
    for (const tools of [all, [...all].reverse(), [...all.slice(5), ...all.slice(0, 5)]]) {
      const h = await startHarness([reply.text('ok')], { tools });
      open.push(h);
      await h.say('go');
      sent.push(JSON.stringify(h.server.requests[0]?.json.tools));
    }
    assert.equal(new Set(sent).size, 1);
  });
});
