import assert from 'node:assert/strict';
import { contextBlocks } from '../../../src/core/context/blocks';
import { startSession } from '../../../src/core/session';
import { reply } from '../../support/model-server/reply';
import { reader, writer } from '../../support/sample-tools';
import { type Harness, startHarness } from '../../support/session-harness';

describe('a folder without trust', () => {
  let harness: Harness | undefined;
  afterEach(async () => {
    await harness?.close();
    harness = undefined;
  });

  it('has reading tools only, and the others from the message after trust was granted', async () => {
    harness = await startHarness(
      [reply.tool('write'), reply.text('I may not.'), reply.tool('write'), reply.text('Written.'), reply.text('Still here.')],
      { tools: [reader('read'), writer('write')], rules: [{ effect: 'allow', rule: 'write', source: 'user' }] },
    );
    const { server, options } = harness;
    let trusted = false;
    const facts = { ...options.facts, roots: options.facts.roots };
    Object.defineProperty(facts, 'trusted', { get: () => trusted });
    const session = await startSession({ ...options, facts });
    const say = (text: string) => session.send({ text, attachments: [], content: [{ type: 'text', text }] });
    const tools = (n: number) => JSON.stringify(server.requests[n]?.json.tools).match(/"name":"\w+"/g);
    try {
      await say('write');
      assert.deepEqual(tools(0), ['"name":"read"']);
      assert.match(JSON.stringify(server.requests[1]?.json.messages), /not trusted/);
      trusted = true;
      await say('write now');
      assert.deepEqual(tools(2), ['"name":"read"', '"name":"write"']);
      assert.match(JSON.stringify(server.requests[2]?.json.messages), /trusts this folder now/);
      assert.doesNotMatch(JSON.stringify(server.requests[2]?.json.system), /not trusted/);
      assert.deepEqual(
        session.events().flatMap((e) => (e.type === 'tool_finished' ? [e.outcome] : [])),
        ['error', 'ok'],
      );
      await say('again');
      assert.deepEqual(server.requests[4]?.json.tools, server.requests[2]?.json.tools);
      assert.equal(session.events().filter((e) => e.type === 'notice' && e.of === 'trust').length, 1, 'told once');
      assert.deepEqual(
        contextBlocks(session.events()).blocks.flatMap((b) => (b.source === 'tool' ? [b.label] : [])),
        ['read', 'write'],
      );
      server.assertDone();
    } finally {
      await session.close();
    }
  });
});
