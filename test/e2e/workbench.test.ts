import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastUserText } from '../../src/demo/wire/request';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { take } from './support/menus';
import { run, titles } from './support/palette';
import { usePlumb } from './support/plumb';

/** They are about a session, a run, a call or an editor, and are tried without; what they do with one, other specs show. */
const NEEDY = new Set(
  [
    ...['focusPermission', 'showContext', 'renameSession', 'deleteSession', 'exportSession', 'stop', 'continue', 'raiseLimit', 'keepLimit'],
    ...['showSpend', 'compact', 'undoCompaction', 'rewind', 'redoRewind', 'fork', 'allowOnce', 'deny', 'addSelection', 'addFile'],
    ...['addTerminalSelection', 'addProblems', 'explainSelection', 'review.keepAll', 'review.keepFile'],
  ].map((name) => `plumb.${name}`),
);

/** Without a session they say the same as others do, by the same guard. */
const ALIKE = new Set(
  ['renameSession', 'deleteSession', 'exportSession', 'raiseLimit', 'keepLimit', 'showSpend', 'undoCompaction', 'redoRewind', 'fork'].map(
    (name) => `plumb.${name}`,
  ),
);

/** They end the run, leave it or add to it. */
const LEAVING = ['plumb.explainSelection', 'plumb.stop', 'plumb.newSession'];

describe('Plumb in the workbench', () => {
  const plumb = usePlumb({
    script: (request) =>
      lastUserText(request).includes('Take your time') ? reply.text('I take it.').hold('before-message-stop') : reply.text('As you wish.'),
  });
  const panel = () => plumb().panel();
  const lastRequest = () => JSON.stringify(plumb().model.requests.at(-1)?.json);

  /** What the extension host tells of errors in Plumb's code that nobody caught. */
  const thrown: string[] = [];
  before(() => {
    plumb().page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('extension.cjs')) thrown.push(message.text());
    });
  });

  async function runAll(wanted: (id: string) => boolean): Promise<void> {
    for (const [id, title] of await titles()) {
      if (!wanted(id)) continue;
      await run(plumb(), title);
      if (id !== 'plumb.openInEditor') continue;
      // A second page of the chat is not what is looked at here.
      await plumb().page.locator('.tab.active', { hasText: 'Plumb' }).waitFor();
      await run(plumb(), 'View: Close Editor');
    }
  }

  /** What the commands opened over the transcript is closed. */
  async function clear(): Promise<void> {
    const page = await panel();
    for (const close = page.getByRole('button', { name: 'Close', exact: true }); (await close.count()) > 0; ) await close.last().click();
    if ((await page.locator('.session-list').count()) > 0) await page.getByRole('button', { name: 'Sessions', exact: true }).click();
  }

  /** What was notified since the last look: no error, and nothing was thrown that nobody caught. */
  async function told(): Promise<string> {
    const list = plumb().page.locator('.notifications-center .notification-list-item');
    await run(plumb(), 'Notifications: Show Notifications');
    await list.first().waitFor();
    assert.deepEqual(await list.filter({ has: plumb().page.locator('.codicon-error') }).allTextContents(), []);
    const texts = await list.allTextContents();
    await run(plumb(), 'Notifications: Clear All Notifications');
    assert.deepEqual(thrown, []);
    return texts.join('\n');
  }

  it('says of commands that need a session, a run or an editor what they lack', async function () {
    this.timeout(240_000);
    await runAll((id) => NEEDY.has(id) && !ALIKE.has(id));
    const texts = await told();
    const lacks = ['Open a file first', 'There is no session yet', 'Nothing waits for your word', 'No call waits', 'No terminal is open'];
    for (const text of lacks) assert.ok(texts.includes(text), `${text} in:\n${texts}`);
    assert.equal(plumb().model.requests.length, 0);
  });

  it('takes the selection of a terminal by its menu, and leaves the clipboard as it was', async () => {
    const { page } = plumb();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    await clear();
    const chips = (await panel()).locator('.composer .chip-remove');
    while ((await chips.count()) > 0) await chips.first().click();

    await run(plumb(), 'Terminal: Create New Terminal');
    const terminal = page.locator('.terminal-wrapper .xterm-screen').first();
    await terminal.click();
    await page.keyboard.type('echo from-the-terminal | tee seen.txt\n');
    await eventually('the command has run', () => existsSync(join(plumb().folder, 'seen.txt')));
    await run(plumb(), 'Terminal: Select All');
    await terminal.click({ button: 'right' });
    await take(page.getByRole('menuitem', { name: 'Add terminal selection to chat' }));
    await chips.first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'mine');
    await plumb().send('What does it say?');
    await (await panel()).locator('.item-text', { hasText: 'As you wish.' }).waitFor();
    assert.match(lastRequest(), /<attached terminal [^>]*>[\s\S]*echo from-the-terminal/);
  });

  it('refuses a message of the panel that does not fit, says so, and works on with nothing lost', async () => {
    await clear();
    const page = await panel();
    await page.locator('textarea').first().fill('half a thought');
    const items = await page.locator('.transcript .item').count();
    // The function by which the editor lets a page reach its extension.
    for (const message of [{ type: 'send', text: 7 }, { type: 'no_such_thing' }, 'nonsense', null])
      await page.parentFrame()?.evaluate((sent) => {
        Reflect.get(globalThis, '__vscode_post_message__')('onmessage', { message: sent });
      }, message);
    await page.getByText('something that Plumb does not understand').first().waitFor();
    assert.equal(await page.locator('textarea').first().inputValue(), 'half a thought');
    assert.ok((await page.locator('.transcript .item').count()) >= items);
    assert.equal(await page.locator('.banner[role=alert]').count(), 1);
    await page.locator('textarea').first().press('Enter');
    await eventually('it is sent', () => plumb().model.requests.length > 0 && lastRequest().includes('half a thought'));
  });

  it('has every other command in the palette, and runs it during a run, which goes on until it is stopped', async function () {
    this.timeout(240_000);
    await plumb().send('Take your time');
    await plumb().model.held();
    const asked = plumb().model.requests.length;
    await runAll((id) => !NEEDY.has(id) && !LEAVING.includes(id));
    await run(plumb(), 'Plumb: Continue the run');
    assert.match(await told(), /The run is under way/);
    assert.equal(plumb().model.requests.length, asked, 'the run still waits for its reply');
    const abandoned = plumb().model.abandoned(asked);
    await run(plumb(), 'Plumb: Stop the run');
    await abandoned;
    await clear();
    await run(plumb(), 'Plumb: Start new session');
    await (await panel()).locator('.empty').waitFor();
  });

  it('opens its walkthrough, and the links of each step do what they say', async () => {
    const { page } = plumb();
    await run(plumb(), 'Plumb: Open walkthrough');
    const steps = page.locator('.gettingStartedContainer .getting-started-step');
    /** Presses a link of a step, which is unfolded first. */
    const press = async (step: string, link: string) => {
      const row = steps.filter({ has: page.getByRole('heading', { name: step }) }).first();
      const button = row.getByRole('button', { name: link, exact: true });
      await row.waitFor();
      if (!(await button.isVisible())) await row.click();
      await button.click();
    };
    const asks = (title: string) => page.locator('.quick-input-widget', { hasText: title });
    await press('Open the chat', 'Open the chat');
    await (await panel()).locator('textarea:focus').waitFor();
    for (const [step, link] of [
      ['Connect a model', 'Set API key'],
      ['Decide what it may do', 'Set permission mode'],
    ] as const) {
      await press(step, link);
      await asks(`Plumb: ${link}`).waitFor();
      await page.keyboard.press('Escape');
      await asks(`Plumb: ${link}`).waitFor({ state: 'hidden' });
    }
    await press('Review its changes', 'Review all changes');
    // Said before perhaps, so that it does not pop up a second time.
    await run(plumb(), 'Notifications: Show Notifications');
    await page.locator('.notifications-center .notification-list-item', { hasText: 'no changes to review' }).first().waitFor();
    await run(plumb(), 'Notifications: Hide Notifications');
    await press('See what it does and what it costs', 'Show context');
    await (await panel()).locator('.context-view').waitFor();
    await press('See what it does and what it costs', 'Open log view');
    await page.locator('.tab.active', { hasText: 'Plumb log' }).waitFor();
  });
});
