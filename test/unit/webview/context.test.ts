import assert from 'node:assert/strict';
import { act } from 'preact/test-utils';
import { priceOfEviction } from '../../../src/protocol/context';
import { contextMessage, report } from '../../support/panel-preview/context';
import { createScript, eventsMessage, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

describe('the view of the context', () => {
  let page: Page;
  beforeEach(async () => {
    page = openPage();
    const script = createScript();
    script.add('usage', { of: 'turn', model: 'm', input: 10, output: 10, cacheRead: 900, cacheWrite: 80, cost: 0.01 });
    await page.host(snapshot({ events: script.events }));
  });
  afterEach(() => page.close());

  const row = (label: RegExp) => {
    const found = page.all('[role=treeitem]').find((r) => label.test(r.getAttribute('aria-label') ?? ''));
    assert.ok(
      found,
      `${label} in ${page
        .all('[role=treeitem]')
        .map((r) => r.getAttribute('aria-label'))
        .join(' | ')}`,
    );
    return found;
  };
  const open = async (turns?: number) => {
    await page.click(page.find('.figure-context'));
    await page.host(contextMessage(turns));
  };

  it('opens from the meter and by command, hears of changes while it is open, and closes with Escape', async () => {
    await open();
    assert.deepEqual(page.of('watch_context'), [{ type: 'watch_context', on: true }]);
    assert.match(page.text('.context-totals'), /About [\d.]+k of 200k tokens/);
    await page.key(page.find('.context-view'), 'Escape');
    assert.equal(page.all('.context-view').length, 0);
    assert.equal(document.activeElement, page.find('.figure-context'));
    assert.deepEqual(page.of('watch_context').at(-1), { type: 'watch_context', on: false });
    await page.host({ type: 'focus', target: 'context' });
    assert.equal(page.all('.context-view').length, 1);
  });

  it('offers nothing to sort or condense while there is no session', async () => {
    await page.host(snapshot({ session: null }));
    await page.host({ type: 'focus', target: 'context' });
    assert.match(page.text('.context-view'), /there is no session/);
    assert.deepEqual(
      page.all('.context-head button').map((button) => button.getAttribute('aria-label')),
      ['Close'],
    );
  });

  it('lists every block once its groups are open, with tokens and what is cached', async () => {
    await open();
    for (const head of page.all('[role=treeitem][aria-expanded=false]')) await page.click(head);
    const blocks = page.all('[role=treeitem]').filter((r) => !r.hasAttribute('aria-expanded'));
    assert.equal(blocks.length, report().blocks.length);
    assert.match(row(/Tool: grep/).getAttribute('aria-label') ?? '', /210 tokens, 1%, cached/);
    assert.match(row(/Result: Read .*README/).getAttribute('aria-label') ?? '', /1.3k tokens, \d+%, not cached/);
    assert.ok(row(/Result: Edit .*taken out/));
  });

  it('is worked by keyboard: one tab stop, arrows, Space, Shift, and says the price before anything goes', async () => {
    await open();
    const tree = page.find('[role=tree]');
    assert.equal(page.all('[role=treeitem][tabindex="0"]').length, 1);
    const at = () => document.activeElement?.getAttribute('aria-label') ?? '';
    await page.key(tree, 'Home');
    assert.match(at(), /8 tools/);
    while (!/Turn 1:/.test(at())) await page.key(tree, 'ArrowDown');
    await page.key(tree, 'ArrowRight');
    assert.equal(row(/Turn 1:/).getAttribute('aria-expanded'), 'true');
    while (!/Result: Read .*till\.test/.test(at())) await page.key(tree, 'ArrowDown');
    await page.key(tree, ' ');
    await page.key(tree, 'ArrowDown', { shiftKey: true });
    assert.equal(row(/Result: Run npm test/).getAttribute('aria-checked'), 'true');
    assert.equal(row(/Turn 1:/).getAttribute('aria-checked'), 'mixed');
    const picks = { ids: ['c1.1', 'c1.2'], turns: [] };
    const { once } = priceOfEviction(report(), picks);
    assert.match(page.text('.context-price'), /2 parts, frees about 13.8k tokens/);
    assert.ok(once && page.text('.context-price').includes(`$${once.toFixed(once < 0.1 ? 4 : 2)} more, once`), page.text('.context-price'));
    assert.equal(page.of('evict').length, 0);
    await page.click(page.button('Take out'));
    assert.deepEqual(page.of('evict'), [{ type: 'evict', ...picks }]);
    await page.key(tree, 'ArrowLeft');
    assert.match(at(), /Turn 1:/);
  });

  it('goes on from the row that has the focus, however it got it', async () => {
    await open();
    const turn = row(/Turn 3:/);
    await act(() => turn.focus());
    await page.key(turn, 'ArrowRight');
    assert.equal(row(/Turn 3:/).getAttribute('aria-expanded'), 'true');
    assert.equal(row(/8 tools/).getAttribute('aria-expanded'), 'false');
  });

  it('chooses a turn and all that is older, lets parts of it go again, and pins', async () => {
    await open();
    await page.click(row(/Turn 3:/));
    await page.click(page.button('This turn and older'));
    for (const turn of [1, 2, 3]) assert.equal(row(new RegExp(`Turn ${turn}:`)).getAttribute('aria-checked'), 'true');
    await page.click(row(/Result: Search receipt/));
    await page.click(page.button('Take out'));
    assert.deepEqual(page.of('evict'), [{ type: 'evict', ids: [], turns: [1, 2] }]);
    await page.click(row(/Turn 1:/));
    await page.click(row(/Result: Read .*till\.ts.*pinned/));
    await page.click(page.button('Unpin'));
    await page.click(row(/Result: Run npm test/));
    await page.click(page.button('Pin'));
    assert.deepEqual(page.of('pin'), [
      { type: 'pin', callId: 'c1.0', on: false },
      { type: 'pin', callId: 'c1.2', on: true },
    ]);
    await page.click(page.button('Put back'));
    assert.equal(page.of('undo_eviction').length, 1);
  });

  it('offers what is out of date, and says so only when it is much', async () => {
    await open();
    await page.click(page.button('Choose them'));
    await page.click(page.button('Take out'));
    assert.deepEqual(page.of('evict'), [{ type: 'evict', ids: ['c1.1', 'c1.2'], turns: [] }]);
    await page.host(contextMessage(4, { stale: { ids: ['c1.1'], tokens: 900 } }));
    assert.equal(page.all('.context-hint').length, 0);
  });

  it('waits for the end of the step while a run is under way, and can be called off', async () => {
    await open();
    await page.host(contextMessage(4, { running: true, waiting: 1 }));
    assert.match(page.text('.context-price'), /after the step that is under way/);
    assert.ok(page.button('Take out after this step'));
    await page.click(page.button('Call off'));
    assert.equal(page.of('undo_eviction').length, 1);
    await page.host(contextMessage(4, { running: false, waiting: 1 }));
    assert.match(page.text('.context-price'), /taken out before the next request/, 'the run was cut off before its step had ended');
  });

  it('draws a long conversation by pages, newest turns first, or the largest parts first', async () => {
    await open(500);
    const all = report(500).blocks.length;
    assert.ok(all > 2_000, `${all} blocks`);
    assert.ok(page.all('[role=treeitem]').length < 230);
    assert.ok(row(/Turn 500:/));
    await page.click(page.find('[role=treeitem] .link'));
    assert.ok(page.all('[role=treeitem]').length > 390);
    await page.click(page.button('Largest first'));
    const sizes = page
      .all('.context-figure')
      .slice(0, 50)
      .map((f) => f.textContent);
    assert.deepEqual([...new Set(sizes)], ['12.4k']);
  });

  it('condenses on demand, with what the summary must keep', async () => {
    await open();
    await page.click(page.button('Condense…'));
    await page.click(page.button('Condense now'));
    assert.deepEqual(page.of('compact'), [{ type: 'compact', focus: '' }]);
  });

  it('changes nothing in a session that another window writes', async () => {
    await open();
    await page.host(snapshot({ heldBy: 'Another window.' }), contextMessage());
    assert.equal(page.all('.context-foot').length, 0);
    await page.key(page.find('[role=tree]'), ' ');
    assert.equal(page.all('[aria-checked=true]').length, 0);
  });
});

describe('what became of the context, in the transcript', () => {
  let page: Page;
  beforeEach(() => {
    page = openPage();
  });
  afterEach(() => page.close());

  it('offers to put the newest eviction back, and counts turns', async () => {
    const script = createScript();
    script.add('context_evicted', { by: 'user', callIds: ['a'], tokens: 100 });
    const second = script.add('context_evicted', { by: 'user', callIds: ['b'], spans: [{ from: 1, to: 9, turns: 2 }], tokens: 900 });
    await page.host(snapshot({ events: script.events }));
    assert.match(page.text('#root, body'), /2 turns and 1 result taken out of the context: 900 tokens freed/);
    assert.equal(page.all('.line-card .link').length, 1);
    await page.click(page.find('.line-card .link'));
    assert.equal(page.of('undo_eviction').length, 0, 'its price is shown first');
    await page.host(contextMessage());
    assert.match(page.text('.context-price'), /taken out last: 8.4k tokens.*reads 21k tokens anew: \$0.12 more, once.*\$0.0042 more/);
    await page.click(page.button('Put back'));
    assert.equal(page.of('undo_eviction').length, 1);
    await page.host(contextMessage(4, { undo: { tokens: 100, reread: 0, once: 0, more: null } }));
    assert.match(page.text('.context-price'), /taken out last: 100 tokens. It breaks no cache/);
    await page.host(contextMessage(4, { undo: null }));
    assert.doesNotMatch(page.text('.context-price'), /taken out last/);
    await page.host(eventsMessage([script.add('eviction_undone', { eviction: second.seq })]));
    assert.match(page.text('#root, body'), /2 turns and 1 result taken out of the context, and put back/);
    assert.equal(page.all('.line-card .link').length, 1, 'the one before it is the newest now');
  });

  it('lets the summary of the newest compaction be edited, and shows that it was', async () => {
    const script = createScript();
    const done = { by: 'user' as const, keptFrom: 1, restored: [], files: {}, before: 9_000, after: 1_200, dropThinking: true };
    const first = script.add('context_compacted', { ...done, summary: 'All of it.' });
    await page.host(snapshot({ events: script.events }));
    await page.click(page.button('Edit the summary'));
    const field = page.find<HTMLTextAreaElement>('.summary-edit textarea');
    assert.equal(field.value, 'All of it.');
    assert.match(page.text('.summary-edit'), /up to 1.2k tokens anew/);
    await page.click(page.button('Save summary'));
    assert.equal(page.of('edit_summary').length, 0, 'nothing is changed yet');
    await page.fill(field, 'Less of it.');
    await page.click(page.button('Save summary'));
    assert.deepEqual(page.of('edit_summary'), [{ type: 'edit_summary', compaction: first.seq, summary: 'Less of it.' }]);
    await page.host(eventsMessage([script.add('summary_edited', { compaction: first.seq, summary: 'Less of it.', dropThinking: true })]));
    await page.click(page.find('.compaction .fold-head'));
    assert.match(page.text('.compaction'), /you edited the summary.*Less of it\./s);
  });
});
