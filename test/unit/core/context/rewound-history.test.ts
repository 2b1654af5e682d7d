import assert from 'node:assert/strict';
import { createHistory, type History } from '../../../../src/core/context/history';
import type { AgentEvent, NewEvent } from '../../../../src/protocol/events';

/** A conversation by its events: what the model would be sent after each of them. */
function conversation() {
  const history = createHistory();
  const events: AgentEvent[] = [];
  const add = (event: NewEvent): number => {
    const seq = events.length + 1;
    // The parts are those of one event type; the compiler cannot follow a union through a spread.
    const stamped = { ...event, id: `s.${seq}`, at: seq, session: 's', agent: 'main', seq } as AgentEvent;
    events.push(stamped);
    history.push(stamped);
    return seq;
  };
  const say = (text: string) => add({ type: 'user_message', text, attachments: [], content: [{ type: 'text', text }] });
  const answer = (text: string) =>
    add({ type: 'assistant_message', blocks: [{ type: 'text', text }], stop: 'end_turn', partial: false, model: 'm' });
  const condense = (keptFrom: number) =>
    add({
      type: 'context_compacted',
      by: 'user',
      summary: 'in short',
      keptFrom,
      restored: [],
      files: {},
      before: 9,
      after: 1,
      dropThinking: false,
    });
  const back = (to: number) => add({ type: 'rewound', to, what: 'both', files: [], left: [] });
  const forward = (rewind: number) => add({ type: 'rewind_undone', rewind, what: 'both', files: [], left: [] });
  const replayed = (): History => {
    const again = createHistory();
    for (const event of events) again.push(event);
    return again;
  };
  return { history, say, answer, condense, back, forward, replayed };
}

describe('a conversation that was gone back in', () => {
  it('is what it was before a message, though it was condensed since, and what it was after when taken back', () => {
    const { history, say, answer, condense, back, forward, replayed } = conversation();
    say('one');
    answer('first');
    const before = [...history.messages()];
    const two = say('two');
    answer('second');
    condense(two);
    say('three');
    answer('third');
    const whole = [...history.messages()];
    const rewound = back(two);
    assert.deepEqual(history.messages(), before);
    forward(rewound);
    assert.deepEqual(history.messages(), whole);
    assert.deepEqual(replayed().messages(), whole);
  });

  it('keeps what was said instead, over a second rewind and a compaction', () => {
    const { history, say, answer, condense, back, replayed } = conversation();
    say('one');
    answer('first');
    const two = say('two');
    answer('second');
    back(two);
    const other = say('other');
    answer('third');
    const three = say('three');
    answer('fourth');
    const before = [...history.messages()];
    back(three);
    condense(other);
    const text = JSON.stringify(history.messages());
    assert.match(text, /in short.*other.*third/);
    assert.doesNotMatch(text, /second|three|fourth/);
    assert.doesNotMatch(JSON.stringify(before), /second/);
    assert.deepEqual(replayed().messages(), history.messages());
  });
});
