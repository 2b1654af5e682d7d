import assert from 'node:assert/strict';
import type { AgentEvent } from '../../../src/protocol/events';
import type { HostMessage } from '../../../src/protocol/messages';
import { liveItems } from '../../../webview/live';
import { BLANK, fold } from '../../../webview/store';
import type { Item, ToolItem, ViewState } from '../../../webview/view-state';
import { addCall, addUsage, createScript, eventsMessage, ROOT, type Script, snapshot } from '../../support/panel-preview/script';

function foldAll(messages: readonly HostMessage[]): ViewState {
  return messages.reduce(fold, BLANK);
}

/** One message for each event, as a slow host would send them. */
function oneByOne(events: readonly AgentEvent[]): HostMessage[] {
  return events.map((event) => eventsMessage([event]));
}

function items(state: ViewState): Item[] {
  return state.transcript.sections.flatMap((section) => section.items);
}

function tools(state: ViewState): ToolItem[] {
  return items(state).filter((item) => item.kind === 'tool');
}

/** A run with everything that streams: thinking, text, a call and its output. */
function streamedRun(): Script {
  const script = createScript();
  script.add('user_message', { text: 'Run the tests', attachments: [], content: [{ type: 'text', text: 'Run the tests' }] });
  script.add('state_changed', { workflow: { at: 'thinking', turn: 1 } });
  script.add('turn_started', { turn: 1, model: 'm' });
  for (const word of 'I will run the tests now and see'.split(' '))
    script.add('delta', { of: 'thinking', of_id: '1.1.0', text: `${word} `, turn: 1 });
  for (const word of 'Let me run **all** of `npm test` first'.split(' '))
    script.add('delta', { of: 'text', of_id: '1.1.1', text: `${word} `, turn: 1 });
  for (const part of ['{"comm', 'and":"npm', ' test"}'])
    script.add('delta', { of: 'tool_input', of_id: 'c1', tool: 'shell', text: part, turn: 1 });
  script.add('assistant_message', {
    turn: 1,
    blocks: [
      { type: 'thinking', thinking: 'I will run the tests now and see', signature: 's' },
      { type: 'text', text: 'Let me run **all** of `npm test` first' },
      { type: 'tool_use', id: 'c1', name: 'shell', input: { command: 'npm test' } },
    ],
    stop: 'tool_use',
    partial: false,
    model: 'm',
  });
  addUsage(script);
  script.add('tool_started', { callId: 'c1', tool: 'shell', title: 'Run', detail: 'npm test', class: 'mutating' });
  for (let i = 0; i < 20; i++) script.add('delta', { of: 'tool_output', of_id: 'c1', text: `line ${i}\n` });
  script.add('tool_finished', {
    callId: 'c1',
    tool: 'shell',
    outcome: 'ok',
    output: [{ type: 'text', text: 'all lines' }],
    summary: 'Exit code 0',
    ms: 9,
  });
  script.add('run_ended', { reason: 'done', detail: '', retryable: false });
  script.add('state_changed', { workflow: { at: 'ended', reason: 'done' } });
  return script;
}

describe('the fold of the panel', () => {
  it('shows previews while they stream, and the logged message in their place', () => {
    const { events } = streamedRun();
    const cut = events.findIndex((e) => e.type === 'assistant_message');
    const during = foldAll([snapshot(), eventsMessage(events.slice(0, cut))]);
    assert.deepEqual(
      liveItems(during.live).map((i) => [i.kind, i.key]),
      [
        ['thinking', '1.0'],
        ['text', '1.1'],
        ['preparing', 'c1'],
      ],
    );
    const after = foldAll([snapshot(), eventsMessage(events.slice(0, cut + 1))]);
    assert.deepEqual(liveItems(after.live), []);
    // The final cards carry the keys of their previews, so that the page keeps its elements.
    assert.deepEqual(
      items(after).map((i) => [i.kind, i.key]),
      [
        ['user', events[0]?.id],
        ['thinking', '1.0'],
        ['text', '1.1'],
        ['tool', 'c1'],
      ],
    );
  });

  it('ends in the same view when previews are lost on the way', () => {
    const { events } = streamedRun();
    const whole = foldAll([snapshot(), ...oneByOne(events)]);
    for (let seed = 1; seed <= 20; seed++) {
      let n = seed;
      const lossy = events.filter((event) => {
        n = (n * 1103515245 + 12345) % 2147483648;
        return event.type !== 'delta' || n % 10 >= 3;
      });
      assert.ok(lossy.length < events.length);
      const state = foldAll([snapshot(), ...oneByOne(lossy)]);
      assert.deepEqual({ ...state, logged: [] }, { ...whole, logged: [] });
    }
  });

  it('is the same from a snapshot as from the events one by one', () => {
    const { events } = streamedRun();
    const live = foldAll([snapshot(), ...oneByOne(events)]);
    const logged = events.filter((e) => e.seq > 0);
    const reloaded = foldAll([snapshot({ events: logged })]);
    assert.deepEqual(reloaded.transcript, live.transcript);
    assert.deepEqual(reloaded.status.usage, live.status.usage);
    assert.deepEqual(reloaded.status.workflow, live.status.workflow);
  });

  it('takes no event twice', () => {
    const { events } = streamedRun();
    const logged = events.filter((e) => e.seq > 0);
    const once = foldAll([snapshot({ events: logged })]);
    const twice = fold(fold(once, eventsMessage(logged)), eventsMessage(logged.slice(2, 5)));
    assert.deepEqual(twice.transcript, once.transcript);
    assert.deepEqual(twice.status.usage, once.status.usage);
    assert.equal(twice.stale, false);
  });

  it('takes nothing after a gap until a new snapshot fills it', () => {
    const logged = streamedRun().events.filter((e) => e.seq > 0);
    const gapped = foldAll([snapshot({ events: logged.slice(0, 2) }), eventsMessage(logged.slice(3))]);
    assert.equal(gapped.stale, true);
    assert.equal(gapped.seq, 2);
    assert.equal(fold(gapped, eventsMessage(logged.slice(2))).seq, 2);
    const healed = fold(gapped, snapshot({ events: logged }));
    assert.equal(healed.stale, false);
    assert.equal(healed.seq, logged.length);
  });

  it('ignores events of a session that it does not show', () => {
    const { events } = streamedRun();
    const state = foldAll([snapshot()]);
    assert.equal(fold(state, { type: 'events', session: 'another', events }), state);
  });

  it('follows a call from its prompt to its problems', () => {
    const script = createScript();
    script.add('assistant_message', {
      turn: 1,
      blocks: [{ type: 'tool_use', id: 'c1', name: 'edit_file', input: { path: 'a.ts' } }],
      stop: 'tool_use',
      partial: false,
      model: 'm',
    });
    const states: string[] = [];
    const seen = (state: ViewState) => states.push(tools(state)[0]?.state ?? 'none');
    let state = foldAll([snapshot(), eventsMessage(script.events)]);
    seen(state);
    const step = (event: AgentEvent) => {
      state = fold(state, eventsMessage([event]));
      seen(state);
    };
    const common = { callId: 'c1', tool: 'edit_file', title: 'Edit', detail: `${ROOT}/a.ts`, class: 'mutating' as const };
    step(
      script.add('permission_asked', { ...common, askId: 'a1', risk: 'low', why: '', parts: [], touches: [], choices: [], inputHash: 'h' }),
    );
    assert.equal(state.status.asks.length, 1);
    step(
      script.add('permission_decided', {
        decision: {
          callId: 'c1',
          askId: 'a1',
          tool: 'edit_file',
          inputHash: 'h',
          class: 'mutating',
          verdict: 'allow',
          by: { kind: 'user', choice: 'once' },
          handler: 'interactive',
          reason: '',
        },
      }),
    );
    assert.equal(state.status.asks.length, 0);
    step(script.add('tool_started', common));
    step(script.add('tool_finished', { callId: 'c1', tool: 'edit_file', outcome: 'ok', output: [], summary: '+1 -0', ms: 1 }));
    step(script.add('diagnostics', { callId: 'c1', fresh: false, added: [], fixed: 0, text: '' }));
    assert.deepEqual(states, ['waiting', 'asked', 'waiting', 'running', 'ok', 'ok']);
    assert.deepEqual(tools(state)[0]?.diagnostics, { fresh: false, added: [], fixed: 0 });
  });

  it('leaves nothing to answer when the run is over', () => {
    const script = createScript();
    script.add('question_asked', { callId: 'c1', questions: [] });
    script.add('permission_asked', {
      askId: 'a1',
      callId: 'c2',
      tool: 't',
      title: '',
      detail: '',
      class: 'mutating',
      risk: 'low',
      why: '',
      parts: [],
      touches: [],
      choices: [],
      inputHash: 'h',
    });
    const open = foldAll([snapshot({ events: script.events })]);
    assert.deepEqual([open.status.asks.length, open.status.questions.length], [1, 1]);
    const ended = fold(open, eventsMessage([script.add('run_ended', { reason: 'cancelled', detail: 'Stopped.', retryable: true })]));
    assert.deepEqual([ended.status.asks.length, ended.status.questions.length], [0, 0]);
    assert.equal(ended.status.workflow.at, 'ended');
  });

  it('gives the reason of a failure on the card that ends the run, and not a second time on that of the breaker', () => {
    const script = createScript();
    const reason = 'Nothing answers at 127.0.0.1:4000.';
    script.add('breaker_tripped', { breaker: 'api_retry', detail: `It was sent 5 times: ${reason}`, next: 'Wait a little.' });
    script.add('run_ended', { reason: 'failed', error: 'network', detail: reason, next: 'Check the port.', retryable: true });
    for (const state of [foldAll([snapshot({ events: script.events })]), foldAll([snapshot(), ...oneByOne(script.events)])]) {
      const [breaker, ended] = items(state);
      assert.ok(breaker?.kind === 'breaker' && ended?.kind === 'ended');
      assert.deepEqual([breaker.detail, breaker.next], ['It was sent 5 times.', undefined]);
      assert.deepEqual([ended.detail, ended.next], [reason, 'Check the port.']);
    }
  });

  it('keeps what is queued until it is sent or taken back', () => {
    const script = createScript();
    script.add('message_queued', { queueId: 'q1', text: 'one', attachments: [], content: [] });
    script.add('message_queued', { queueId: 'q2', text: 'two', attachments: [], content: [] });
    script.add('message_queued', { queueId: 'q3', text: 'three', attachments: [], content: [] });
    script.add('message_unqueued', { queueId: 'q2' });
    script.add('user_message', { queueId: 'q1', text: 'one', attachments: [], content: [] });
    const state = foldAll([snapshot({ events: script.events })]);
    assert.deepEqual(
      state.status.queue.map((q) => q.text),
      ['three'],
    );
  });

  it('puts an older page above without counting anything twice', () => {
    const script = streamedRun();
    const logged = script.events.filter((e) => e.seq > 0);
    const at = logged.findIndex((e) => e.type === 'tool_finished');
    const newer = logged.slice(at);
    const first = newer[0]?.seq ?? 0;
    const usage = { input: 300, output: 420, cacheRead: 11_200, cacheWrite: 900, cost: 0.0134 };
    const before = { tasks: [], queue: [], denials: { inARow: 2, inAll: 2, paused: null }, usage, spend: [] };
    const page = foldAll([snapshot({ events: newer, from: first, before })]);
    assert.equal(tools(page).length, 1, 'a result whose call lies on an older page has a card');
    const whole = fold(page, { type: 'older', session: 's1', events: logged.slice(0, at), from: 1 });
    const direct = foldAll([snapshot({ events: logged })]);
    assert.deepEqual(whole.transcript, direct.transcript);
    assert.deepEqual(whole.status.usage, direct.status.usage);
    assert.equal(whole.from, 1);
    assert.equal(whole.seq, direct.seq);
  });

  it('adds up usage, and shows the newest turn as the context', () => {
    const script = createScript();
    addUsage(script, { input: 10, cacheRead: 0, cacheWrite: 90, output: 5, cost: 0.5 });
    addUsage(script, { input: 10, cacheRead: 90, cacheWrite: 20, output: 5, cost: 0.25 });
    addUsage(script, { of: 'side', input: 7, cacheRead: 0, cacheWrite: 0, output: 1, cost: null });
    const { usage, contextUsed } = foldAll([snapshot({ events: script.events })]).status;
    assert.deepEqual(usage, { input: 27, output: 11, cacheRead: 90, cacheWrite: 110, cost: 0.75 });
    assert.equal(contextUsed, 125);
  });

  it('tells a screen reader of finished messages, and not again after a reload', () => {
    const { events } = streamedRun();
    const live = foldAll([snapshot(), eventsMessage(events)]);
    assert.equal(live.status.said.n, 1);
    assert.match(live.status.said.text, /npm test/);
    const reloaded = foldAll([snapshot({ events: events.filter((e) => e.seq > 0) })]);
    assert.equal(reloaded.status.said.n, 0);
  });

  it('keeps the identity of sections that did not change', () => {
    const script = createScript();
    script.add('user_message', { text: 'one', attachments: [], content: [] });
    addCall(script, { callId: 'c1', tool: 'read_file', title: 'Read', detail: 'a', finished: {} });
    script.add('user_message', { text: 'two', attachments: [], content: [] });
    const before = foldAll([snapshot({ events: script.events })]);
    const next = script.add('notice', { of: 'continue', text: 'Go on.' });
    const after = fold(before, eventsMessage([next]));
    assert.equal(after.transcript.sections[0], before.transcript.sections[0]);
    assert.notEqual(after.transcript.sections[1], before.transcript.sections[1]);
  });

  it('follows a compaction to its end, and knows which one can be taken back', () => {
    const script = createScript();
    const common = { by: 'limit' as const, keptFrom: 1, restored: [], files: {}, before: 90, after: 9, dropThinking: false };
    const look = (state: ViewState) =>
      items(state)
        .filter((item) => item.kind === 'compaction')
        .map((item) => [item.summary, item.state, item.newest]);
    script.add('compaction_started', { by: 'limit', before: 90 });
    assert.deepEqual(look(foldAll([snapshot({ events: script.events })])), [['', 'running', false]]);
    script.add('context_compacted', { ...common, summary: 'one' });
    script.add('compaction_started', { by: 'user', before: 90 });
    const second = script.add('context_compacted', { ...common, summary: 'two', after: 12 });
    const both = foldAll([snapshot({ events: script.events })]);
    assert.equal(both.status.contextUsed, 12);
    assert.deepEqual(look(both), [
      ['one', 'done', false],
      ['two', 'done', true],
    ]);
    const undone = fold(both, eventsMessage([script.add('compaction_undone', { compaction: second.seq, dropThinking: false })]));
    assert.deepEqual(look(undone), [
      ['one', 'done', true],
      ['two', 'undone', false],
    ]);
    script.add('compaction_started', { by: 'limit', before: 90 });
    script.add('compaction_failed', { by: 'limit', detail: 'The service did not answer.' });
    assert.deepEqual(look(foldAll([snapshot({ events: script.events })])).at(-1), ['', 'failed', false]);
  });

  it('drops the preview of an attempt that is tried again', () => {
    const script = createScript();
    script.add('delta', { of: 'text', of_id: '1.1.0', text: 'half a sen', turn: 1 });
    script.add('state_changed', { workflow: { at: 'retrying', turn: 1, until: 5, attempt: 2, cause: 'Overloaded.' } });
    script.add('delta', { of: 'text', of_id: '1.2.0', text: 'A whole sentence.', turn: 1 });
    const state = foldAll([snapshot(), eventsMessage(script.events)]);
    assert.deepEqual(
      liveItems(state.live).map((i) => (i.kind === 'text' ? i.text : i.kind)),
      ['A whole sentence.'],
    );
  });

  it('follows title, mode and model, and remembers what was sent', () => {
    const script = createScript();
    script.add('session_titled', { title: 'New title', by: 'user' });
    script.add('mode_changed', { mode: 'auto' });
    script.add('model_changed', { model: 'other' });
    script.add('user_message', { text: 'again', attachments: [], content: [] });
    const state = foldAll([snapshot({ history: ['before'] }), eventsMessage(script.events)]);
    assert.deepEqual([state.title, state.mode, state.model], ['New title', 'auto', 'other']);
    assert.deepEqual(state.history, ['again', 'before']);
  });
});
