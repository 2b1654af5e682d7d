import assert from 'node:assert/strict';
import { act } from 'preact/test-utils';
import type { EventOf } from '../../../src/protocol/events';
import { addUsage, createScript, eventsMessage, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

const STOPPED = {
  reason: 'max_budget',
  detail: 'Stopped before the next request: $0.4812 spent.',
  retryable: true,
  limit: { name: 'maxCost', limit: 0.5, used: 0.4812, next: 0.0312 },
} as const;

describe('a stop at a limit in the panel', () => {
  let page: Page;
  let script: ReturnType<typeof createScript>;
  const stop = async (limit: NonNullable<EventOf<'run_ended'>['limit']> = STOPPED.limit) => {
    script.add('user_message', { text: 'go', attachments: [], content: [] });
    await page.host(eventsMessage([...script.events, script.add('run_ended', { ...STOPPED, limit })]));
  };
  const field = () => page.find('.limit-field .text-field');
  const fill = (text: string) =>
    act(() => {
      Reflect.set(field(), 'value', text);
      field().dispatchEvent(new Event('input', { bubbles: true }));
    });
  const buttons = () => [...document.querySelectorAll<HTMLElement>('.callout vscode-button')];
  beforeEach(async () => {
    page = openPage();
    script = createScript();
    await page.host(snapshot());
  });
  afterEach(() => page.close());

  it('offers twice as much, by an amount that can be changed, and Enter goes on', async () => {
    await stop();
    assert.match(page.find('.callout').textContent ?? '', /Stopped at the cost limit.*\$0\.4812 spent/);
    assert.equal(Reflect.get(field(), 'value') ?? field().getAttribute('value'), '1');
    await fill('0.75');
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('raise_limit'), [{ type: 'raise_limit', to: 0.75 }]);
  });

  it('says what the next request needs, and sends nothing that is too little', async () => {
    await stop();
    for (const typed of ['0.5', '0.51', '-3', 'lots', '', '1e300']) {
      await fill(typed);
      await page.key(field(), 'Enter');
      assert.ok(page.find('[role=alert]').textContent, typed);
    }
    await fill('0.51');
    assert.match(page.find('.callout [role=alert]').textContent ?? '', /at least \$0\.52/);
    await fill('0.52');
    assert.equal(document.querySelector('.callout [role=alert]'), null, 'what is said to be enough is enough');
    assert.deepEqual(page.of('raise_limit'), []);
  });

  it('ends there, and says afterwards what was decided', async () => {
    await stop();
    const [, end] = buttons();
    assert.ok(end);
    await page.click(end);
    assert.deepEqual(page.of('keep_limit'), [{ type: 'keep_limit' }]);
    await page.host(eventsMessage([script.add('limit_decided', { limit: 'maxCost', decision: 'kept', from: 0.5, to: 0.5 })]));
    assert.match(page.find('.callout').textContent ?? '', /You ended it here/);
    assert.equal(buttons().length, 0);
  });

  it('goes on without a limit that nobody can hold', async () => {
    await stop({ ...STOPPED.limit, next: null });
    const [go] = buttons();
    assert.ok(go);
    await page.click(go);
    assert.deepEqual(page.of('raise_limit'), [{ type: 'raise_limit', to: null }]);
  });

  it('shows what the session cost and on what, from the meter, and Esc closes it', async () => {
    addUsage(script);
    script.add('usage', { of: 'side', model: 'claude-haiku-4-5', input: 900, output: 1200, cacheRead: 0, cacheWrite: 0, cost: 0.00001 });
    await page.host(eventsMessage(script.events));
    await page.click(page.find('.figure-button'));
    const text = page.find('.spend').textContent ?? '';
    for (const part of ['claude-haiku-4-5 beside the conversation · 1 request', '<$0.0001', 'Total 2 requests'])
      assert.ok(text.includes(part), text);
    await page.key(page.find('.spend'), 'Escape');
    assert.equal(document.querySelector('.spend'), null);
    assert.equal(document.activeElement, page.find('.figure-button'));
    await page.host({ type: 'focus', target: 'spend' });
    assert.ok(document.querySelector('.spend'), 'and from the palette');
    await page.host({ type: 'focus', target: 'sessions' });
    assert.ok(document.querySelector('.session-list'));
    assert.equal(document.querySelector('.spend'), null, 'what opens over the transcript takes the place of what was open there');
  });
});
