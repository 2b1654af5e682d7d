import assert from 'node:assert/strict';
import { pageBefore } from '../../../src/editor/panel/pages';
import type { AgentEvent } from '../../../src/protocol/events';
import type { HostMessage } from '../../../src/protocol/messages';
import { BLANK, fold } from '../../../webview/store';
import type { ViewState } from '../../../webview/view-state';
import { addUsage, createScript, eventsMessage, SESSION, snapshot } from '../../support/panel-preview/script';

const TURNS = 2_000;

/** One run of that many turns, five events each, that says nothing of its beginning again until it ends. */
function longRun(turns: number): readonly AgentEvent[] {
  const script = createScript();
  script.add('user_message', { text: 'Go on and on', attachments: [], content: [{ type: 'text', text: 'Go on and on' }] });
  for (let turn = 1; turn <= turns; turn++) {
    const callId = `c${turn}`;
    script.add('turn_started', { turn, model: 'm' });
    const blocks = [{ type: 'tool_use' as const, id: callId, name: 'read_file', input: { path: `${turn}.ts` } }];
    script.add('assistant_message', { turn, blocks, stop: 'tool_use', partial: false, model: 'm' });
    addUsage(script, { cost: 0.01 });
    script.add('tool_started', { callId, tool: 'read_file', title: 'Read', detail: `${turn}.ts`, class: 'read_only' });
    script.add('tool_finished', { callId, tool: 'read_file', outcome: 'ok', output: [], summary: '', ms: 1 });
  }
  return script.events;
}

/** The events as they are, and how often a fold has asked one of them what it is. */
function counted(events: readonly AgentEvent[]): { readonly events: readonly AgentEvent[]; readonly looks: () => number } {
  let looks = 0;
  const watched = events.map((event) => {
    const { type } = event;
    return Object.defineProperty({ ...event }, 'type', {
      enumerable: true,
      get: () => {
        looks++;
        return type;
      },
    });
  });
  return { events: watched, looks: () => looks };
}

const play = (state: ViewState, messages: readonly HostMessage[]) => messages.reduce(fold, state);
const cards = (state: ViewState) => state.transcript.sections.reduce((sum, { items }) => sum + items.length, 0);

describe('a panel in a run that goes on for days', () => {
  it('keeps no more at its end than after a while, and does as much for each event', () => {
    const { events, looks } = counted(longRun(TURNS));
    let state = fold(BLANK, snapshot());
    const atMost = { logged: 0, cards: 0 };
    const looksAt: number[] = [];
    for (let at = 0; at < events.length; at += 5) {
      state = fold(state, eventsMessage(events.slice(at, at + 5)));
      atMost.logged = Math.max(atMost.logged, state.logged.length);
      atMost.cards = Math.max(atMost.cards, cards(state));
      looksAt.push(looks());
    }
    assert.equal(state.seq, events.length);
    assert(atMost.logged < 2_600 && atMost.cards < 1_000, JSON.stringify(atMost));
    const early = (looksAt[999] ?? 0) - (looksAt[499] ?? 0);
    const late = (looksAt[1_999] ?? 0) - (looksAt[1_499] ?? 0);
    assert(early > 0 && late < early * 1.3, `${early} looks early, ${late} late`);
  });

  it('still tells at the end how long all of it took and what it cost', () => {
    const script = longRun(TURNS);
    const last = script.at(-1);
    assert(last);
    const end: AgentEvent = {
      ...{ id: 'end', at: last.at + 1000, session: SESSION, agent: 'main', seq: last.seq + 1 },
      ...{ type: 'run_ended', reason: 'done', detail: '', retryable: false },
    };
    const state = play(BLANK, [snapshot(), ...[...script, end].map((event) => eventsMessage([event]))]);
    const item = state.transcript.sections.at(-1)?.items.at(-1);
    assert(item?.kind === 'ended');
    assert.equal(item.ms, end.at - (script[0]?.at ?? 0));
    assert.equal(Math.round((item.cost ?? 0) * 100), TURNS);
    assert.equal(state.status.spend.length > 0, true);
  }).timeout(30_000);

  it('gets back what it dropped, card for card, when the user scrolls up, and keeps it from then on', () => {
    const events = longRun(TURNS);
    let state = play(BLANK, [snapshot(), eventsMessage(events)]);
    assert(state.from > 1);
    while (state.from > 1) state = fold(state, { type: 'older', session: SESSION, ...pageBefore(events, state.from) });
    const whole = events.reduce((all, event) => fold(all, eventsMessage([event])), {
      ...fold(BLANK, snapshot()),
      room: Number.POSITIVE_INFINITY,
    });
    assert.deepEqual(state.transcript, whole.transcript);
    const more = createScript(events.length + 1);
    for (let i = 0; i < 100; i++) more.add('notice', { of: 'continue', text: `${i}` });
    assert.equal(fold(state, eventsMessage(more.events)).from, 1);
  }).timeout(30_000);

  it('folds a few times as many events as there are when it is scrolled up to the beginning', () => {
    const loads = (turns: number) => {
      const { events, looks } = counted(longRun(turns));
      const page = pageBefore(events, Number.POSITIVE_INFINITY);
      let state = fold(BLANK, snapshot(page));
      const begun = looks();
      let pages = 0;
      while (state.from > 1) {
        state = fold(state, { type: 'older', session: SESSION, ...pageBefore(events, state.from) });
        pages++;
      }
      assert.equal(state.logged.length, events.length);
      return { perEvent: (looks() - begun) / events.length, pages };
    };
    const [short, long] = [loads(400), loads(TURNS)];
    assert(long.perEvent < short.perEvent * 2, `${short.perEvent} and ${long.perEvent} looks for each event`);
    assert(long.pages <= 6, `${long.pages} pages`);
  });
});
