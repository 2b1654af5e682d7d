import assert from 'node:assert/strict';
import { startSession } from '../../../../src/core/session';
import type { JsonObject } from '../../../../src/demo/wire/json';
import { allTools } from '../../../../src/tools/index';
import { unused } from '../../../support/fakes/ports';
import { fakeShell } from '../../../support/fakes/shell';
import { reply } from '../../../support/model-server/reply';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';

const TOKENS = 4_000;
const BYTES_PER_TOKEN = 3.6;
/** Common programs: the list of a well-kept machine. */
const PROGRAMS = 'git node npm python3 pip cargo go java make docker gh jq curl rg tar zip'.split(' ');
const tools = allTools({ kind: 'bash', programs: PROGRAMS });
/** A host that has everything: no tool is left out. */
const everything: HarnessOptions = {
  tools,
  ports: { shell: fakeShell(), symbols: unused('symbols') },
  diagnostics: unused('diagnostics'),
};

describe('the first request of a session', () => {
  let h: Harness | undefined;
  afterEach(async () => {
    await h?.close();
    h = undefined;
  });

  it('is under 4,000 tokens with every tool in it', async () => {
    h = await startHarness([reply.text('Hello.')], everything);
    await h.say('Say hello.');
    const json: JsonObject = h.server.requests[0]?.json ?? {};
    const sent = JSON.stringify(json.tools);
    for (const { name } of tools.filter((tool) => !tool.loader)) assert.ok(sent.includes(`"name":"${name}"`), name);
    const bytes = Buffer.byteLength(JSON.stringify([json.tools, json.system, json.messages]));
    const tokens = Math.round(bytes / BYTES_PER_TOKEN);
    assert.ok(tokens < TOKENS, `${tokens} tokens`);
  });

  it('is read from the cache to 95 % when it is not the first session in its folder', async () => {
    h = await startHarness([reply.text('Hello.'), reply.text('Hello again.')], everything);
    await h.say('Say hello.');
    const second = await startSession(h.options);
    await second.send({ text: 'And now?', attachments: [], content: [{ type: 'text', text: 'And now?' }] });
    const usage = second.events().find((e) => e.type === 'usage');
    await second.close();
    assert.ok(usage?.type === 'usage');
    const share = usage.cacheRead / (usage.input + usage.cacheRead + usage.cacheWrite);
    assert.ok(share >= 0.95, `${Math.round(share * 1000) / 10} % of ${usage.input + usage.cacheRead + usage.cacheWrite} tokens`);
  });
});
