import assert from 'node:assert/strict';
import { createPreviews } from '../../../../src/editor/panel/previews';
import type { AgentEvent } from '../../../../src/protocol/events';

const base = { id: 'e', at: 0, session: 's1', agent: 'main', seq: 0 };
const text = (part: string, of_id = '1.0.0'): AgentEvent => ({ ...base, type: 'delta', of: 'text', of_id, text: part });
const output = (part: string, of_id: string): AgentEvent => ({ ...base, type: 'delta', of: 'tool_output', of_id, text: part });
const message: AgentEvent = { ...base, seq: 1, type: 'assistant_message', blocks: [], stop: 'end_turn', partial: false, model: 'm' };

describe('previews', () => {
  const shown = (previews: ReturnType<typeof createPreviews>, session = 's1') => previews.of(session).map((d) => `${d.of} ${d.text}`);

  it('put together what is streamed, block by block, until its event is in the log', () => {
    const previews = createPreviews();
    for (const event of [text('One '), text('two'), text('Other', '1.0.1')]) previews.note(event);
    assert.deepEqual(shown(previews), ['text One two', 'text Other']);
    assert.deepEqual(shown(previews, 's2'), []);
    previews.note(message);
    assert.deepEqual(shown(previews), []);
  });

  it('begin anew with a retry, and end with the run', () => {
    const previews = createPreviews();
    previews.note(text('cut of'));
    previews.note({ ...base, type: 'state_changed', workflow: { at: 'retrying', until: 1, turn: 1, attempt: 1, cause: '' } });
    assert.deepEqual(shown(previews), []);
    previews.note(text('again'));
    previews.note({ ...base, seq: 2, type: 'run_ended', reason: 'cancelled', detail: '', retryable: false });
    assert.deepEqual(shown(previews), []);
  });

  it('keep the end of each running call alone', () => {
    const previews = createPreviews();
    for (const event of [output('a'.repeat(100_000), 'c1'), output('end', 'c1'), output('other', 'c2'), message]) previews.note(event);
    assert.deepEqual(
      previews.of('s1').map((d) => [d.of_id, d.text.length, d.text.slice(-4)]),
      [
        ['c1', 100_000, 'aend'],
        ['c2', 5, 'ther'],
      ],
    );
    const done = { output: [], summary: '', ms: 1 };
    previews.note({ ...base, seq: 3, type: 'tool_finished', callId: 'c1', tool: 'shell', outcome: 'ok', ...done });
    assert.deepEqual(shown(previews), ['tool_output other']);
  });
});
