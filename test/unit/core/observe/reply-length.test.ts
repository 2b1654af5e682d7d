import assert from 'node:assert/strict';
import { lengthReport, lengthTable, replyLength } from '../../../../src/core/observe/reply-length';
import { systemRecords } from '../../../../src/core/observe/system-record';
import type { EventOf } from '../../../../src/protocol/events';
import { reply } from '../../../support/model-server/reply';
import { reader } from '../../../support/sample-tools';
import { startHarness } from '../../../support/session-harness';

type Message = EventOf<'assistant_message'>;
const message = (text: string, own: Partial<Message> = {}): Message => ({
  type: 'assistant_message',
  id: 'e',
  at: 0,
  session: 's',
  agent: 'main',
  seq: 1,
  blocks: [{ type: 'text', text }],
  stop: 'end_turn',
  partial: false,
  model: 'm',
  ...own,
});

describe('the length of replies', () => {
  it('counts words of prose, and no code', () => {
    assert.equal(replyLength(message('It is `a.ts:3`: done, all of it.'))?.words, 7);
    assert.equal(replyLength(message('Before.\n```ts\nconst a = 1;\n```\nAfter it.'))?.words, 3);
    assert.equal(replyLength(message('Before.\n```ts\nconst never = closed;'))?.words, 1);
    assert.equal(replyLength(message('- one\n- two — three'))?.words, 3);
    assert.equal(replyLength(message('')), null);
    assert.equal(replyLength(message('cut sh', { partial: true })), null);
  });

  it('is told for each version of the prompt, each model and each kind of reply [K7]', async () => {
    const h = await startHarness(
      [
        reply.text('Looking now.').tool('read', {}),
        reply.text(`Long ${'word '.repeat(30)}`).tool('read', {}),
        reply.tool('read', {}),
        reply.text('It is done.'),
      ],
      { tools: [reader('read')] },
    );
    try {
      await h.say('go');
      const [between, final] = lengthReport([h.session.events()]);
      assert.deepEqual(
        { ...between, promptVersion: 'p', model: 'm' },
        { promptVersion: 'p', model: 'm', of: 'between', replies: 2, mean: 17, p90: 31, over: 0.5 },
      );
      assert.equal(final?.of, 'final');
      assert.equal(final?.mean, 3);
      const [first] = h.events('assistant_message');
      assert.equal(first && systemRecords(first)[0]?.data.words, 2);
      assert.match(lengthTable(lengthReport([h.session.events()])), /between +2 +17 +31 +50 %\n.*final +1 +3 +3 +0 %\n$/);
    } finally {
      await h.close();
    }
  });

  it('keeps versions apart and says when there is nothing', () => {
    const old = { type: 'session_started', promptVersion: '1' } as EventOf<'session_started'>;
    const rows = lengthReport([
      [old, message('a b')],
      [{ ...old, promptVersion: '10' }, message('a')],
      [{ ...old, promptVersion: '2' }, message('a')],
    ]);
    assert.deepEqual(
      rows.map((r) => r.promptVersion),
      ['1', '2', '10'],
    );
    assert.equal(lengthTable([]), 'No replies are kept yet.\n');
  });
});
