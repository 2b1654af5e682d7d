import * as assert from 'node:assert/strict';
import { reply } from '../support/model-server/reply';
import { asksForSummary, summaryReply } from '../support/summary';
import { eventually } from './support/eventually';
import { findPanel } from './support/find-panel';
import { usePlumb } from './support/plumb';
import { changeSettings, userSettings } from './support/settings';

const read = (path: string) => ({ name: 'read_file', input: { path } });

describe('what Plumb shows of its work', () => {
  const plumb = usePlumb({ script: [], settings: { 'plumb.maxTurns': 3, 'plumb.deny': ['delete_file'] } });
  const panel = () => plumb().panel();
  const lastRequest = () => JSON.stringify(plumb().model.requests.at(-1)?.json);
  /** Stands in the sample's manifest and nowhere else. */
  const MANIFEST = 'test-reporter=spec';
  const press = async (name: string) => (await panel()).getByRole('button', { name, exact: true }).click();
  const part = async (name: RegExp) => (await panel()).getByRole('treeitem', { name });
  const shows = async (selector: string, text: string | RegExp) => (await panel()).locator(selector, { hasText: text }).last().waitFor();
  const settled = async () => (await panel()).getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });

  /** Sends a message and waits until its run has ended with these words. */
  async function say(text: string, answer: string): Promise<void> {
    await plumb().send(text);
    await shows('.item-text', answer);
    await settled();
  }

  it('a result is taken out of the context at a price that is said first, and the model does not get it', async () => {
    plumb().model.push(
      reply.tools([read('package.json'), read('README.md')]),
      reply.text('I have read both.'),
      reply.text('Without the manifest.'),
    );
    await say('Read the manifest and the readme.', 'I have read both.');
    assert.ok(lastRequest().includes(MANIFEST));
    await plumb().command('Plumb: Show context');
    await (await part(/^Instructions/)).waitFor();
    await (await part(/^Turn 1:/)).press('ArrowRight');
    const result = await part(/^Result: .*package\.json/);
    await result.focus();
    await result.press(' ');
    await shows('.context-price', /1 part, frees about [\d.k]+ tokens/);
    await press('Take out');
    const gone = await part(/package\.json \(taken out\)/);
    await gone.waitFor();
    await gone.press('Escape');
    await (await panel()).getByRole('tree').waitFor({ state: 'detached' });
    await say('Go on.', 'Without the manifest.');
    assert.ok(!lastRequest().includes(MANIFEST));
    assert.match(lastRequest(), /took this result out of the context/);
  });

  it('from the meter it is put back, and another is pinned', async () => {
    plumb().model.push(reply.text('With the manifest again.'));
    await (await panel()).getByRole('button', { name: 'Put back…' }).click();
    await shows(
      '.context-price',
      /Putting back what was taken out last: [\d.k]+ tokens\. The next request reads [\d.k]+ tokens anew: <?\$[\d.]+ more/,
    );
    await press('Put back');
    await (await part(/^Turn 1:/)).press('ArrowRight');
    await (await part(/^Result: .*package\.json,/)).waitFor();
    await (await part(/^Result: .*README\.md/)).focus();
    await press('Pin');
    await (await part(/README\.md.*pinned/)).waitFor();
    await press('Unpin');
    await (await panel()).locator('.figure-context').click();
    await say('And now?', 'With the manifest again.');
    assert.ok(lastRequest().includes(MANIFEST));
  });

  it('a changed effort is told while the conversation is cached, and put back', async () => {
    plumb().model.push(reply.text('A long message.'));
    await say(`Keep this in mind: ${'word '.repeat(20_000)}`, 'A long message.');
    await changeSettings(plumb(), { 'plumb.effort': 'low' }, ['Machine']);
    await plumb().command('Notifications: Show Notifications');
    const told = plumb().page.locator('.notifications-center .notification-list-item', { hasText: 'The effort of Plumb is low now' });
    assert.match((await told.textContent()) ?? '', /for about \$\d+\.\d+ instead of \$\d+\.\d+/);
    await told.getByRole('button', { name: 'Put it back' }).click();
    await eventually('the effort is as it was', async () => (await userSettings(plumb(), 'Machine'))['plumb.effort'] === undefined);
    assert.equal(await plumb().page.getByText('The effort of Plumb is default now').count(), 0, 'it is no change of what is cached');
    // What the editor itself has to say would keep the list of notifications open, over the panel.
    await plumb().command('Notifications: Clear All Notifications');
    await plumb().page.locator('.notifications-center.visible').waitFor({ state: 'detached' });
  });

  it('the conversation is condensed now with what must stay, and the summary that the user edits is what the model gets', async () => {
    plumb().model.push({ when: asksForSummary, step: summaryReply() }, reply.text('I know the summary.'));
    await plumb().command('Plumb: Show context');
    await press('Condense…');
    await (await panel()).getByRole('textbox', { name: 'What must the summary keep?' }).fill('the name of the till');
    await press('Condense now');
    await (await panel()).locator('.figure-context').click();
    await shows('.compaction', /Condensed the conversation from [\d.]+k to/);
    assert.ok(lastRequest().includes('the name of the till'));
    await press('Edit the summary');
    await (await panel()).getByRole('textbox', { name: 'Summary of the conversation' }).fill('The till is called Bertha.');
    await press('Save summary');
    await shows('.compaction', 'you edited the summary');
    await say('What do you know?', 'I know the summary.');
    assert.ok(lastRequest().includes('The till is called Bertha.'));
    assert.ok(!lastRequest().includes('word word'));
  });

  it('a run that stopped at its limit goes on with a higher one, and another ends there', async () => {
    const files = ['package.json', 'README.md', 'jsconfig.json'];
    plumb().model.push(...files.map((path) => reply.tools([read(path)])), reply.text('All three are read.'));
    await plumb().send('Read three files.');
    await shows('.callout-title', 'Stopped at the limit of turns');
    const field = (await panel()).getByRole('textbox', { name: 'New limit, in turns' });
    await field.fill('3');
    await shows('[role=alert]', 'The next request needs at least 4 turns.');
    await field.fill('5');
    await press('Raise and continue');
    await shows('.item-text', 'All three are read.');
    await shows('.callout', 'You raised the limit to 5 turns.');
    await settled();

    plumb().model.push(...files.map((path) => reply.tools([read(path)])));
    await plumb().send('Read them again.');
    await field.waitFor();
    await press('End');
    await shows('.callout', 'You ended it here.');
    plumb().model.assertDone();
  });

  it('what was spent is the sum of what the service counted', async () => {
    await plumb().command('Plumb: Show what this session cost');
    const total = (await panel()).locator('.spend-total td');
    await total.first().waitFor();
    const shown = await total.evaluateAll((cells) => cells.slice(0, 4).map((cell) => cell.getAttribute('title')));
    const sum = (name: string) => plumb().model.account.reduce((all, usage) => all + Number(usage[name] ?? 0), 0);
    const names = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];
    assert.deepEqual(
      shown,
      names.map((name) => sum(name).toLocaleString('en-US')),
    );
    await shows('.spend', `${plumb().model.account.length} requests`);
    await plumb().page.keyboard.press('Escape');
    await (await panel()).locator('.spend').waitFor({ state: 'detached' });
  });

  it('the list of tools says why one is not there', async () => {
    await plumb().command('Plumb: Show tools');
    const { page } = plumb();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await page.locator('.quick-input-widget input[type=text]').first().fill('delete_file');
    await eventually('one row', async () => (await rows.count()) === 1);
    assert.match((await rows.textContent()) ?? '', /left out[\s\S]*Denied by the user rule delete_file/);
    await rows.click();
    await page.locator('.editor-instance').getByText('denied by the user rule delete_file').waitFor();
    // It takes the focus a moment after it shows, which would close a list that was opened meanwhile.
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
  });

  it('the log is shown as a page where the editor keeps no log file, is narrowed by words, and what matches is exported', async () => {
    const { page } = plumb();
    await plumb().command('Plumb: Show log');
    const log = await findPanel(page, { holding: '.log-list' });
    await log.locator('.log-count', { hasText: /^[\d,]+ rows$/ }).waitFor();
    await log.getByRole('searchbox', { name: 'Filter by words' }).fill('user changed the summary');
    await log.locator('.log-count', { hasText: /^1 of [\d,]+ rows$/ }).waitFor();
    await log.locator('.log-row').first().click();
    await log.getByRole('region', { name: 'Details of the row' }).waitFor();
    await log.getByRole('button', { name: 'Export the rows that match' }).click();
    await page.locator('.editor-instance .view-lines', { hasText: 'The user changed the summary' }).waitFor();
  });
});
