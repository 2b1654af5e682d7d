import * as assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { reply } from '../support/model-server/reply';
import { eventually } from './support/eventually';
import { findPanel } from './support/find-panel';
import { notified } from './support/notifications';
import { usePlumb } from './support/plumb';

describe('sessions', () => {
  const plumb = usePlumb({
    script: [reply.text('Prices are in cents.'), reply.text('The till rounds up.')],
    settings: { 'plumb.mode': 'auto' },
  });
  const panel = () => plumb().panel();
  const press = async (name: string) => (await panel()).getByRole('button', { name, exact: true }).click();
  const rows = async () => (await panel()).locator('.session-row');
  const row = async (title: string) => (await rows()).filter({ hasText: title });
  const titled = async (title: string) => (await panel()).locator('.session-title', { hasText: title }).waitFor();
  const said = async (text: string, frame?: Frame) => (frame ?? (await panel())).locator('.item-text', { hasText: text }).waitFor();

  async function ask(text: string, answer: string): Promise<void> {
    await plumb().send(text);
    await said(answer);
    await (await panel()).locator('.run-done').last().waitFor();
  }

  /** The newest session's log. */
  async function logged(): Promise<readonly { readonly type: string; readonly seq: number; readonly callId?: string }[]> {
    const folder = join(plumb().storage, 'sessions');
    const texts = await Promise.all((await readdir(folder)).map((id) => readFile(join(folder, id, 'events.jsonl'), 'utf8')));
    const newest = texts
      .map((text) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      )
      .sort((a, b) => b[0].createdAt - a[0].createdAt);
    return newest[0]?.slice(1) ?? [];
  }

  async function assertWhole(calls: number): Promise<void> {
    const events = await logged();
    assert.deepEqual(
      events.map((e) => e.seq),
      events.map((_, i) => i + 1),
      'numbered without gap or double',
    );
    assert.equal(events.filter((e) => e.type === 'tool_finished').length, calls);
    assert.equal(events.filter((e) => e.type === 'user_message').length, 1);
    assert.equal(events.at(-1)?.type, 'run_ended');
  }

  it('are listed and searched, and one can be left for another', async () => {
    await ask('What are prices', 'Prices are in cents.');
    await press('New session');
    await ask('How does it round', 'The till rounds up.');
    await press('Sessions');
    await eventually('both are listed', async () => (await (await rows()).count()) === 2);
    assert.match((await (await row('What are prices')).textContent()) ?? '', /1 turn · \$/);
    await plumb().page.keyboard.type('PRICES');
    await eventually('one is left', async () => (await (await rows()).count()) === 1);
    await (await row('What are prices')).locator('.session-main').click();
    await titled('What are prices');
    await said('Prices are in cents.');
    assert.equal(await (await panel()).locator('.item-text', { hasText: 'The till rounds up.' }).count(), 0);
  });

  it('are renamed where they are listed', async () => {
    await press('Sessions');
    await (await row('What are prices')).getByRole('button', { name: 'Rename' }).click();
    // The field takes the focus a frame after it appears.
    await (await panel()).locator('vscode-text-field[aria-label="New title"]:focus-within').waitFor();
    // Ctrl+A goes to the workbench and comes back when letters may have been typed already.
    await plumb().page.keyboard.press('Home');
    await plumb().page.keyboard.press('Shift+End');
    await plumb().page.keyboard.type('All about cents');
    await plumb().page.keyboard.press('Enter');
    await titled('All about cents');
    await (await row('All about cents')).waitFor();
    await plumb().page.keyboard.press('Escape');
  });

  it('are exported to Markdown', async () => {
    await press('Sessions');
    await (await row('How does it round')).getByRole('button', { name: 'Export to Markdown' }).click();
    const editor = plumb().page.locator('.editor-instance .view-lines');
    await editor.getByText('The till rounds up.').waitFor();
    assert.match(
      ((await editor.textContent()) ?? '').replaceAll('\u00a0', ' '),
      /# How does it round.*Signed by did:key:z6Mk.*on the word of did:key:z6Mk.*## User.*How does it round.*## Plumb/s,
    );
    await plumb().command('View: Revert and Close Editor');
  });

  it('are verified against their signatures', async () => {
    await plumb().command('Plumb: Verify session');
    await notified(plumb(), 'The session is proven: every line is as it was signed.');
  });

  it('refuse a second window, and say who has them', async () => {
    const second = await plumb().page.context().newPage();
    await second.goto(plumb().page.url());
    const other = await findPanel(second);
    await said('Prices are in cents.', other);
    assert.match((await other.locator('.banner').textContent()) ?? '', /another window.*can be read, but not continued/is);
    assert.ok(await other.locator('.composer-text').isDisabled());
    await other.locator('.banner').getByRole('button', { name: 'New session' }).click();
    await other.locator('.composer-text:enabled').waitFor();
    await second.close();
  });

  // What happens to a host that is killed, the installed extension shows.
  it('go on after the window was reloaded in mid-run', async () => {
    const title = 'Task one';
    plumb().model.push(
      reply.tool('shell', { command: 'echo once' }),
      reply.text(`The reply to ${title}.`).pieces(4).hold({ afterDeltas: 2 }, 'cut'),
      reply.text(`All of ${title} is done.`),
    );
    await press('New session');
    await plumb().send(title);
    await plumb().model.held('cut');
    await said('The');
    await plumb().reload();
    await (await panel()).getByText('This run was interrupted').first().waitFor();
    assert.equal(await (await panel()).locator('.item-user').count(), 1);
    await (await panel()).getByRole('button', { name: 'Continue' }).last().click();
    await said(`All of ${title} is done.`);
    await (await panel()).locator('.run-done').waitFor();
    assert.equal(await (await panel()).locator('.item-tool').count(), 1);
    await eventually('the end is in the log', async () => (await logged()).at(-1)?.type === 'run_ended');
    await assertWhole(1);
  });

  it('are deleted after a word, and leave nothing on disk', async () => {
    await press('Sessions');
    const before = await readdir(join(plumb().storage, 'sessions'));
    await (await row('How does it round')).getByRole('button', { name: 'Delete…' }).click();
    const dialog = plumb().page.locator('.monaco-dialog-box');
    await dialog.getByText('Delete this session?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await (await row('How does it round')).count(), 1);
    await (await row('How does it round')).getByRole('button', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await (await row('How does it round')).waitFor({ state: 'detached' });
    const after = await readdir(join(plumb().storage, 'sessions'));
    const [gone] = before.filter((id) => !after.includes(id));
    assert.ok(gone && after.length === before.length - 1);
    await assertGone(/How does it round|The till rounds up/);
    // What became of the work outlives the conversation, without a word of it.
    const named = await filesHolding(plumb().storage, new RegExp(gone));
    assert.deepEqual(named, [join(plumb().storage, 'workflows', `${gone}.json`)]);
  });

  it('leave no trace of what they wrote, kept for review or drafted either; the files stay as they are', async () => {
    const canary = 'canary-41f7';
    await press('New session');
    plumb().model.push(
      reply.tool('write_file', { path: `${canary}.txt`, content: `${canary}\n` }),
      reply.tool('shell', { command: `echo ${canary}; seq 1 20000` }),
      reply.text(`Wrote ${canary}.`),
    );
    await ask(`Plant ${canary}`, `Wrote ${canary}.`);
    await (await panel()).locator('textarea').first().fill(`And then ${canary}`);
    const holding = (folder: string) => filesHolding(folder, new RegExp(canary));
    for (const folder of ['sessions', 'spill', 'state'])
      await eventually(`${folder} holds it`, async () => (await holding(join(plumb().storage, folder))).length > 0);
    await press('Sessions');
    await (await row(`Plant ${canary}`)).getByRole('button', { name: 'Delete…' }).click();
    const dialog = plumb().page.locator('.monaco-dialog-box');
    await dialog.getByText('Its changes in one file still wait for review').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await (await row(`Plant ${canary}`)).waitFor({ state: 'detached' });
    await assertGone(new RegExp(canary));
    assert.deepEqual(await holding(join(plumb().dataFolder, 'user', 'logs')), [], 'the output channel never had it');
    assert.equal(await readFile(join(plumb().folder, `${canary}.txt`), 'utf8'), `${canary}\n`);
    plumb().model.assertDone();
  });

  async function assertGone(what: RegExp): Promise<void> {
    let left: readonly string[] = [];
    const gone = async () => {
      left = await filesHolding(plumb().storage, what);
      return left.length === 0;
    };
    await eventually('nothing is left of it', gone).catch(() => assert.deepEqual(left, []));
  }
});

/** Files whose name or text matches. */
async function filesHolding(folder: string, what: RegExp): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = entry.isFile() ? await readFile(path, 'utf8') : '';
      return what.test(path) || what.test(text) ? [path] : [];
    }),
  );
  return found.flat();
}
