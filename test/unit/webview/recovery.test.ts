import assert from 'node:assert/strict';
import { interrupted } from '../../support/panel-preview/runs';
import { createScript, eventsMessage, SESSION, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

describe('effects of which nobody can tell, in the panel', () => {
  let page: Page;
  let script: ReturnType<typeof interrupted>;
  beforeEach(async () => {
    page = openPage();
    script = interrupted();
    await page.host(snapshot({ events: script.events }));
  });
  afterEach(() => page.close());
  const rows = () => page.all('.unknown-effects > li');
  const answer = async (row: number, text: string) => {
    const label = [...(rows()[row]?.querySelectorAll('label') ?? [])].find((one) => one.textContent === text);
    const radio = label?.querySelector('input');
    assert.ok(radio, `${text} can be chosen`);
    await page.click(radio);
  };
  const settle = (callId: string, what: 'happened' | 'did_not_happen' | 'unknown') =>
    page.host(eventsMessage([script.add('effect_settled', { callId, tool: 'shell', what })]));
  const checked = () => page.all('.unknown-effects input').map((input) => Reflect.get(input, 'checked'));

  it('are shown each with its call and what is known of it', () => {
    const [command, edit] = rows().map((row) => row.textContent ?? '');
    assert.match(command ?? '', /Run npm run migrate.*Began at .*no note of its end/);
    assert.match(edit ?? '', /Edit src\/till\.ts.*neither as it was before/);
    assert.deepEqual(checked(), [false, false, false, false, false, false], 'nothing is said for the user');
  });

  it('are answered one by one, and nothing goes on by an answer', async () => {
    await answer(0, 'It happened');
    await answer(1, 'It did not happen');
    assert.deepEqual(page.of('settle_effect'), [
      { type: 'settle_effect', callId: 'c1', what: 'happened' },
      { type: 'settle_effect', callId: 'c2', what: 'did_not_happen' },
    ]);
    assert.deepEqual(page.of('continue'), []);
  });

  it('show the newest answer, and the button says when one is still open', async () => {
    await settle('c1', 'did_not_happen');
    await settle('c1', 'happened');
    assert.deepEqual(checked(), [true, false, false, false, false, false]);
    assert.ok(page.button('Continue without knowing'));
    await settle('c2', 'unknown');
    await page.click(page.button('Continue'));
    assert.equal(page.of('continue').length, 1);
  });

  it('can not be answered once the run went on, and keep what was said', async () => {
    await settle('c1', 'happened');
    await settle('c2', 'unknown');
    await page.host(eventsMessage([script.add('user_message', { text: 'go', attachments: [], content: [] })]));
    assert.equal(page.all('.unknown-effects input').length, 0);
    assert.match(rows()[0]?.textContent ?? '', /You said that it happened/);
    assert.match(rows()[1]?.textContent ?? '', /without knowing/);
  });
});

describe('a damaged log, in the panel', () => {
  it('is told with each of its faults, and can be put away', async () => {
    const page = openPage();
    try {
      await page.host(snapshot({ damage: ['line 7: it was changed since Plumb wrote it', 'event 9 is missing; it goes on without'] }));
      assert.match(page.text('.banner'), /damaged or was changed.*New session.*line 7.*event 9 is missing/s);
      await page.click(page.find('.banner [aria-label=Dismiss]'));
      assert.deepEqual(page.all('.banner'), []);
    } finally {
      await page.close();
    }
  });
});

describe('a store that failed in mid-run, in the panel', () => {
  it('offers what helps: another folder and another try, or the export of what can not be saved any more', async () => {
    const page = openPage();
    try {
      const script = createScript();
      const failed = (error: string, retryable: boolean) =>
        page.host(eventsMessage([script.add('run_ended', { reason: 'failed', error, detail: 'No.', next: 'Do this.', retryable })]));
      await page.host(snapshot());
      await failed('store_read_only', true);
      await page.click(page.button('Settings'));
      await page.click(page.button('Continue'));
      await failed('store_gone', false);
      assert.equal(
        page.all('.callout vscode-button').some((one) => one.textContent === 'Continue'),
        false,
      );
      await page.click(page.button('Export to Markdown'));
      await page.click(page.find('.callout vscode-button:nth-of-type(2)'));
      assert.deepEqual(page.of('command'), [{ type: 'command', name: 'settings' }]);
      assert.deepEqual(page.of('export_session'), [{ type: 'export_session', session: SESSION }]);
      assert.equal(page.of('new_session').length, 1);
    } finally {
      await page.close();
    }
  });
});
