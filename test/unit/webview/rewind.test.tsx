import assert from 'node:assert/strict';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { FileStep } from '../../../src/protocol/event-parts';
import { App } from '../../../webview/app';
import { BLANK, fold } from '../../../webview/store';
import type { ViewState } from '../../../webview/view-state';
import { createScript, eventsMessage, ROOT, type Script, snapshot } from '../../support/panel-preview/script';
import { textOf } from './support/markup';

const step = (name: string): FileStep => ({ path: `${ROOT}/${name}`, before: { is: 'absent' }, after: { is: 'kept', hash: 'h' } });
const say = (script: Script, text: string) => script.add('user_message', { text, attachments: [], content: [{ type: 'text', text }] });
const shown = (script: Script) => fold(BLANK, snapshot({ events: script.events }));
const gone = (state: ViewState) => state.transcript.sections.map((section) => section.gone !== undefined);
const textOfPanel = (state: ViewState) => textOf(renderToString(h(App, { state, post: () => undefined })));

describe('a rewind in the panel', () => {
  it('shows what is no longer part of the conversation as gone, and takes that back', () => {
    const script = createScript();
    say(script, 'one');
    const two = say(script, 'two');
    say(script, 'three');
    const rewound = script.add('rewound', {
      to: two.seq,
      what: 'both',
      files: [step('a.ts')],
      left: [{ path: `${ROOT}/b.ts`, why: 'you changed the same lines since' }],
    });
    const back = shown(script);
    assert.deepEqual(gone(back), [false, true, true, false]);
    assert.match(textOfPanel(back), /1 file changed, 1 file left alone.*b\.ts.*you changed the same lines since.*Go forward again/s);
    const forward = fold(
      back,
      eventsMessage([script.add('rewind_undone', { rewind: rewound.seq, what: 'both', files: [step('a.ts')], left: [] })]),
    );
    assert.deepEqual(gone(forward), [false, false, false, false]);
    assert.doesNotMatch(textOfPanel(forward), /Go forward again/);
  });

  it('leaves the conversation as it is when only files went back, and offers no way forward once something new is said', () => {
    const script = createScript();
    const one = say(script, 'one');
    script.add('rewound', { to: one.seq, what: 'files', files: [step('a.ts')], left: [] });
    assert.deepEqual(gone(shown(script)), [false, false]);
    assert.match(textOfPanel(shown(script)), /Go forward again/);
    say(script, 'two');
    assert.doesNotMatch(textOfPanel(shown(script)), /Go forward again/);
  });

  it('names the files that a command changed', () => {
    const script = createScript();
    say(script, 'one');
    script.add('assistant_message', {
      turn: 1,
      blocks: [{ type: 'tool_use', id: 'c1', name: 'shell', input: { command: 'make' } }],
      stop: 'tool_use',
      partial: false,
      model: 'm',
    });
    script.add('files_changed', { callId: 'c1', by: 'command', files: [step('out/a.js'), step('out/b.js')] });
    script.add('tool_finished', { callId: 'c1', tool: 'shell', outcome: 'error', output: [], summary: 'Exit 1', ms: 1 });
    assert.match(textOfPanel(shown(script)), /Changed 2 files:.*out\/a\.js.*out\/b\.js/s);
  });
});
