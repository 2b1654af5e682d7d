import assert from 'node:assert/strict';
import { reply } from '../../../support/model-server/reply';
import { reader, toNever } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply } from '../../../support/summary';

describe('a compaction', () => {
  let h: Harness;
  afterEach(() => h.close());

  for (const [when, stopsAt] of [
    ['before it began', 'the step'],
    ['in the middle of its summary', 'the summary'],
  ] as const) {
    it(`that was asked for during a run is made up for when that is cut off ${when}`, async () => {
      let [calls, summaries] = [0, 0];
      let reached = () => {};
      const inside = new Promise<void>((done) => {
        reached = done;
      });
      const slow = reader('slow', async (_, signal) => {
        reached();
        return ++calls === 1 ? toNever(signal) : 'slow';
      });
      h = await startHarness(
        (request) => {
          if (asksForSummary(request)) {
            summaries += 1;
            return stopsAt === 'the summary' && summaries === 1 ? summaryReply().hold('before-headers', 'summary') : summaryReply();
          }
          const asked = JSON.stringify(request.turns.at(-1)).includes('call slowly');
          return asked ? reply.tool('slow', {}) : reply.text(`answer ${'padding '.repeat(400)}`);
        },
        { tools: [slow], settings: { model: 'claude-haiku-4-5' } },
      );
      for (let i = 0; i < 5; i++) await h.say(`say ${i}`);
      if (stopsAt === 'the step') {
        void h.say('call slowly');
        await inside;
        assert.equal(await h.session.compact('keep the colours'), 'queued');
      } else {
        void h.session.compact('keep the colours');
        await h.server.held('summary');
      }
      const again = await h.reopen();
      assert.deepEqual(again.state().compaction.wanted?.instructions, 'keep the colours');
      assert.equal(await again.resume(), 'done');
      const done = again.events().filter((event) => event.type === 'context_compacted');
      assert.deepEqual(
        done.map(({ by }) => by),
        ['user'],
      );
      assert.equal(again.state().compaction.wanted, null);
      assert.match(
        JSON.stringify(h.server.requests.filter(({ json }) => JSON.stringify(json).includes('write a summary of this')).at(-1)?.json),
        /The user adds: keep the colours/,
      );
    });
  }
});
