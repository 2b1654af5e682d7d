import assert from 'node:assert/strict';
import type { EventOf } from '../../../src/protocol/events';
import { createScript, eventsMessage, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

describe('the stage of the work, in the session bar', () => {
  let page: Page;
  let script: ReturnType<typeof createScript>;
  const chip = () => page.all('.stage-chip').map((one) => one.textContent);
  const at = async (workflow: EventOf<'state_changed'>['workflow']) => {
    await page.host(eventsMessage([script.add('state_changed', { workflow })]));
    return chip();
  };
  beforeEach(async () => {
    page = openPage();
    script = createScript();
    await page.host(snapshot({ mode: 'edit' }));
  });
  afterEach(() => page.close());

  it('is none before anything was asked, then follows the work', async () => {
    assert.deepEqual(chip(), []);
    assert.deepEqual(await at({ at: 'thinking', turn: 1 }), ['Working']);
    assert.deepEqual(await at({ at: 'retrying', turn: 1, until: 0, attempt: 1, cause: 'busy' }), ['Waiting']);
    assert.deepEqual(await at({ at: 'acting', turn: 1, calls: {} }), ['Working']);
    assert.deepEqual(await at({ at: 'checking', turn: 1 }), ['Checking']);
    await page.host(eventsMessage([script.add('run_ended', { reason: 'done', detail: '', retryable: false })]));
    assert.deepEqual(chip(), ['Done']);
  });

  it('says when a person is needed: for a question, at a limit, and after a crash', async () => {
    await at({ at: 'acting', turn: 1, calls: {} });
    await page.host(eventsMessage([script.add('question_asked', { callId: 'c1', questions: [] })]));
    assert.deepEqual(chip(), ['Needs you']);
    await page.host(eventsMessage([script.add('run_ended', { reason: 'max_turns', detail: '', retryable: true })]));
    assert.deepEqual(chip(), ['Needs you']);
    await at({ at: 'interrupted', unknown: [] });
    await page.host(eventsMessage([script.add('run_ended', { reason: 'failed', error: 'interrupted', detail: '', retryable: true })]));
    assert.deepEqual(chip(), ['Needs you']);
    await at({ at: 'thinking', turn: 2 });
    await page.host(eventsMessage([script.add('run_ended', { reason: 'failed', detail: '', retryable: true })]));
    assert.deepEqual(chip(), ['Failed']);
  });
});
