import assert from 'node:assert/strict';
import type { SessionRow } from '../../../src/protocol/messages';
import { receive } from '../../../webview/bridge';
import { SCENES } from '../../support/panel-preview/scenes';
import { addCall, createScript, eventsMessage, ROOT, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page, until } from './support/page';

const ROW: SessionRow = { id: 's2', title: 'Another', updatedAt: 0, turns: 3, cost: null, state: 'ended', here: true };

describe('the panel page', () => {
  let page: Page;
  beforeEach(() => {
    page = openPage();
  });
  afterEach(() => page.close());

  it('opens files, links and places where they are shown', async () => {
    await page.host(...(SCENES.markdown?.() ?? []));
    await page.click(page.button('the source'));
    await page.click(page.button('the manual'));
    await page.click(page.button('src/receipt.ts'));
    await page.host(...(SCENES.finished?.() ?? []));
    for (const head of page.all('button.fold-head[aria-expanded=false]')) await page.click(head);
    await page.click(page.find('.place:last-of-type'));
    await page.click(page.find('.problem'));
    assert.deepEqual(
      page.posted.filter((m) => m.type === 'open' || m.type === 'open_link'),
      [
        { type: 'open', path: `${ROOT}/src/till.ts`, line: 11 },
        { type: 'open_link', url: 'https://example.com/manual' },
        { type: 'open', path: `${ROOT}/src/receipt.ts`, line: undefined },
        { type: 'open', path: `${ROOT}/src/till.ts`, line: 11, column: undefined },
        { type: 'open', path: `${ROOT}/src/till.ts`, line: 13, column: 10 },
      ],
    );
  });

  it('keeps and undoes changed files one by one and all together', async () => {
    await page.host(...(SCENES.finished?.() ?? []));
    for (const name of ['Keep till.ts', 'Undo till.ts', 'Keep all', 'Undo all', 'Review all changes']) await page.click(page.button(name));
    const path = `${ROOT}/src/till.ts`;
    assert.deepEqual(page.of('review'), [
      { type: 'review', action: 'keep', path },
      { type: 'review', action: 'undo', path },
      { type: 'review', action: 'keep' },
      { type: 'review', action: 'undo' },
      { type: 'review', action: 'open' },
    ]);
    await page.host({ type: 'pending', files: [] });
    assert.equal(page.all('.changed').length, 0);
  });

  it('lists sessions, and opens, exports and deletes them', async () => {
    await page.host(snapshot());
    await page.click(page.button('Sessions'));
    assert.deepEqual(page.of('list_sessions'), [{ type: 'list_sessions', query: '' }]);
    await page.host({ type: 'sessions', query: '', rows: [ROW] });
    await page.click(page.button('Export to Markdown'));
    await page.click(page.button('Delete…'));
    await page.click(page.find('.session-row .session-main'));
    assert.deepEqual(
      page.posted.filter((m) => 'session' in m),
      [
        { type: 'export_session', session: 's2' },
        { type: 'delete_session', session: 's2' },
        { type: 'open_session', session: 's2' },
      ],
    );
    assert.equal(page.all('.session-list').length, 0);
  });

  it('draws of a thousand sessions what can be seen, and more when scrolled to', async () => {
    await page.host(snapshot());
    await page.click(page.button('Sessions'));
    await page.host({ type: 'sessions', query: '', rows: Array.from({ length: 1000 }, (_, i) => ({ ...ROW, id: `s${i}` })) });
    assert.equal(page.all('.session-row').length, 50);
    await page.scroll(page.find('.session-rows'));
    assert.equal(page.all('.session-row').length, 100);
  });

  it('shows live output of a command, and what it was when it has ended', async () => {
    const script = createScript();
    script.add('assistant_message', {
      turn: 1,
      blocks: [{ type: 'tool_use', id: 'c1', name: 'shell', input: { command: 'npm test' } }],
      stop: 'tool_use',
      partial: false,
      model: 'm',
    });
    script.add('tool_started', { callId: 'c1', tool: 'shell', title: 'Run', detail: 'npm test', class: 'mutating' });
    script.add('delta', { of: 'tool_output', of_id: 'c1', text: '\u001b[32mone\u001b[0m\ntwo' });
    await page.host(snapshot(), eventsMessage(script.events));
    await page.click(page.find('.item-tool .fold-head'));
    assert.equal(page.text('.output'), 'one\ntwo');
    await page.host(
      eventsMessage([
        script.add('tool_finished', {
          callId: 'c1',
          tool: 'shell',
          outcome: 'ok',
          output: [{ type: 'text', text: 'all of it' }],
          display: { kind: 'shell', command: 'npm test', exitCode: 0 },
          summary: '',
          ms: 1,
        }),
      ]),
    );
    assert.equal(page.text('.output'), 'all of it');
    assert.match(page.text('.shell'), /Exit code 0/);
  });

  it('goes on after a failure or an interruption only when asked', async () => {
    await page.host(...(SCENES.failures?.() ?? []));
    await page.click(page.button('Set API key…'));
    await page.click(page.button('Continue'));
    await page.host(...(SCENES.interrupted?.() ?? []));
    await page.click(page.button('Continue without knowing'));
    assert.deepEqual(page.of('command'), [{ type: 'command', name: 'set_key' }]);
    assert.equal(page.of('continue').length, 2);
  });

  it('offers buttons only on the newest end of a run', async () => {
    const script = createScript();
    script.add('run_ended', { reason: 'failed', detail: 'Old.', retryable: true });
    script.add('user_message', { text: 'Again', attachments: [], content: [] });
    script.add('run_ended', { reason: 'failed', detail: 'New.', retryable: true });
    await page.host(snapshot({ events: script.events }));
    const callouts = page.all('.callout');
    assert.deepEqual(
      callouts.map((c) => [/Old|New/.exec(c.textContent ?? '')?.[0], c.querySelectorAll('vscode-button').length > 0]),
      [
        ['Old', false],
        ['New', true],
      ],
    );
  });

  it('sends what the empty page suggests, but not without a model', async () => {
    await page.host(...(SCENES.empty?.() ?? []));
    await page.click(page.find('.idea'));
    assert.equal(page.of('send').length, 1);
    await page.host(...(SCENES['not-connected']?.() ?? []));
    for (const idea of page.all('.idea')) assert.ok(idea.hasAttribute('disabled'));
    assert.match(page.text('#root, body'), /not trusted/);
  });

  it('speaks of finished messages and of prompts, never of what streams', async () => {
    const script = createScript();
    await page.host(snapshot());
    await page.host(eventsMessage([script.add('delta', { of: 'text', of_id: '1.1.0', text: 'streaming words' })]));
    assert.doesNotMatch(page.text('[role=status][aria-live=polite]'), /streaming/);
    assert.equal(page.find('[role=log]').getAttribute('aria-live'), 'off');
    await page.host(
      eventsMessage([
        script.add('assistant_message', {
          turn: 1,
          blocks: [{ type: 'text', text: 'All done.' }],
          stop: 'end_turn',
          partial: false,
          model: 'm',
        }),
      ]),
    );
    assert.match(page.text('[role=status][aria-live=polite]'), /All done\./);
  });

  it('keeps what the user unfolded while the run goes on', async () => {
    const script = createScript();
    addCall(script, {
      callId: 'c1',
      tool: 'read_file',
      title: 'Read',
      detail: 'a',
      finished: { output: [{ type: 'text', text: 'text of a' }], display: { kind: 'text' } },
    });
    await page.host(snapshot({ events: script.events }));
    await page.click(page.find('.item-tool .fold-head'));
    addCall(script, { callId: 'c2', tool: 'read_file', title: 'Read', detail: 'b', finished: {} });
    await page.host(eventsMessage(script.events));
    assert.match(page.text('.item-tool'), /text of a/);
  });
});

describe('the bridge', () => {
  it('hands messages over once a frame, in order, and nothing that is no message', async () => {
    const page = openPage();
    try {
      const batches: string[][] = [];
      const stop = receive(window, (messages) => batches.push(messages.map((m) => m.type)));
      const send = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data }));
      send({ type: 'pending', files: [] });
      send('noise');
      send({ type: 'focus', target: 'dock' });
      assert.deepEqual(batches, []);
      await until(() => batches.length > 0, 'the batch arrives');
      assert.deepEqual(batches, [['pending', 'focus']]);
      stop();
      send({ type: 'pending', files: [] });
      await new Promise((done) => requestAnimationFrame(done));
      assert.equal(batches.length, 1);
    } finally {
      await page.close();
    }
  });
});
