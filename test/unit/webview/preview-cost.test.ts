import assert from 'node:assert/strict';
import { options } from 'preact';
import { createScript, eventsMessage, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

/** Work is counted, not timed: which elements are made anew for one preview. */
describe('a preview of the reply', () => {
  let page: Page;
  const made: string[] = [];
  const { vnode: before } = options;
  beforeEach(() => {
    page = openPage();
    options.vnode = (vnode) => {
      if (typeof vnode.type === 'string') made.push(vnode.type);
      before?.(vnode);
    };
  });
  afterEach(async () => {
    options.vnode = before;
    await page.close();
  });

  it('renders the transcript and nothing around it', async () => {
    const script = createScript();
    await page.host(snapshot());
    const speak = (text: string) => page.host(eventsMessage([script.add('delta', { of: 'text', of_id: '1.0.0', text })]));
    await speak('First words');
    made.length = 0;
    await speak(', and a second');
    assert.match(page.text('.transcript'), /First words, and a second/);
    assert.ok(made.includes('p'));
    for (const around of ['header', 'textarea', 'footer', 'button']) assert.ok(!made.includes(around), `${around} was made anew`);
  });
});
