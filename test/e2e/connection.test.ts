import * as assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../support/model-server/reply';
import { type ModelServer, startModelServer } from '../support/model-server/server';
import { eventually } from './support/eventually';
import { findPanel } from './support/find-panel';
import { notified } from './support/notifications';
import { usePlumb } from './support/plumb';
import { changeSettings } from './support/settings';

const WRONG = 'sk-wrong-key-4711';
const RIGHT = 'sk-right-key-0815';

describe('connecting a model', () => {
  const plumb = usePlumb();
  let model: ModelServer;
  /** Where nothing listens. */
  let nowhere = '';
  before(async () => {
    model = await startModelServer();
    const gone = await startModelServer();
    nowhere = new URL(gone.url).host;
    await gone.close();
  });
  after(() => model.close());

  const panel = () => plumb().panel();

  /** Types into the box that asks for the key, which is open. */
  async function giveKey(key: string): Promise<void> {
    // Nobody reads it over the shoulder: the box for it is one for passwords.
    const input = plumb().page.locator('.quick-input-widget input[type=password]').first();
    await input.waitFor();
    await input.fill(key);
    await input.press('Enter');
    await eventually('the service is asked with the new key', () => model.all.at(-1)?.headers.authorization === `Bearer ${key}`);
  }

  const lastKey = () => model.requests.at(-1)?.headers.authorization;

  it('goes from the offline demo to a server of one’s own, without a reload', async () => {
    await (await panel()).getByRole('button', { name: 'Offline demo' }).waitFor();
    const demo = (await panel()).getByRole('button', { name: 'Offline demo' });
    await eventually('the demo has gone', async () => {
      // Right after its start the editor may not watch its settings yet.
      await changeSettings(plumb(), { 'plumb.baseUrl': model.url });
      return demo.waitFor({ state: 'detached', timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
    model.push(reply.text('From the server.'));
    await plumb().send('Who is there?');
    await (await panel()).locator('.item-text', { hasText: 'From the server.' }).waitFor();
  });

  it('says what to do about a wrong key, and its buttons do it', async () => {
    await plumb().command('Plumb: Set API key');
    await giveKey(WRONG);
    model.push(reply.http(401, { message: 'invalid x-api-key' }));
    await plumb().send('And now?');
    const card = (await panel()).locator('.callout', { hasText: 'did not accept the API key' });
    await card.waitFor();
    assert.equal(lastKey(), `Bearer ${WRONG}`);
    await card.getByRole('button', { name: 'Set API key…' }).click();
    await giveKey(RIGHT);
    model.push(reply.text('With the right key.'));
    await card.getByRole('button', { name: 'Continue' }).click();
    await (await panel()).locator('.item-text', { hasText: 'With the right key.' }).waitFor();
    assert.equal(lastKey(), `Bearer ${RIGHT}`);
  });

  it('offers the models that there are when one is named that is not', async () => {
    await changeSettings(plumb(), { 'plumb.model': 'claude-nonsense-1' });
    await plumb().command('Plumb: Start new session');
    await (await panel()).locator('.empty').waitFor();
    await eventually('the setting is read', async () => {
      const text = await (await panel()).locator('.meter').textContent();
      return text?.includes('claude-nonsense-1') === true;
    });
    await plumb().send('Are you there?');
    const card = (await panel()).locator('.callout', { hasText: 'has no model "claude-nonsense-1"' });
    await card.waitFor();
    await card.getByRole('button', { name: 'Choose another model…' }).click();
    await plumb().page.locator('.quick-input-list .monaco-list-row').first().click();
    model.push(reply.text('With another model.'));
    await card.getByRole('button', { name: 'Continue' }).click();
    await (await panel()).locator('.item-text', { hasText: 'With another model.' }).waitFor();
  });

  it('says that an address cannot be reached, shows the setting for it, and goes on once it is right', async () => {
    await changeSettings(plumb(), { 'plumb.model': '', 'plumb.baseUrl': `http://${nowhere}` });
    await (await panel()).getByRole('button', { name: new RegExp(`at ${nowhere}$`) }).waitFor();
    await plumb().send('Anybody?');
    await (await panel()).locator('.callout', { hasText: `Nothing answers at ${nowhere}` }).waitFor();
    const card = (await panel()).locator('.callout', { hasText: 'The run failed' }).last();
    await card.getByRole('button', { name: 'Use another server…' }).click();
    await plumb().page.locator('.settings-editor', { hasText: 'Base Url' }).waitFor();
    await plumb().screenshot('connection-unreachable');

    await changeSettings(plumb(), { 'plumb.baseUrl': model.url });
    await (await panel()).getByRole('button', { name: new RegExp(`at ${new URL(model.url).host}$`) }).waitFor();
    model.push(reply.text('Reached.'));
    await card.getByRole('button', { name: 'Continue' }).click();
    await (await panel()).locator('.item-text', { hasText: 'Reached.' }).waitFor();
  });

  it('keeps the key in the secret storage alone, over a reload too: no file, no log and no page holds it', async () => {
    const asked = model.all.length;
    await plumb().reload();
    await eventually('the service is asked again', () => model.all.length > asked);
    model.push(reply.text('With the kept key.'));
    await plumb().send('Do you know me still?');
    await (await panel()).locator('.item-text', { hasText: 'With the kept key.' }).waitFor();
    assert.equal(lastKey(), `Bearer ${RIGHT}`);
    await plumb().command('Plumb: Show log');
    // This editor keeps no log files, so the view of the log opens beside the empty channel.
    const log = await findPanel(plumb().page, { holding: '.log-list' });
    await log.locator('.log-row').first().waitFor();
    const shown = await Promise.all([plumb().page, await panel(), log].map((page) => page.content()));
    for (const key of [WRONG, RIGHT]) {
      assert.ok(!shown.some((page) => page.includes(key)), 'shown');
      for (const folder of [plumb().dataFolder, plumb().storage, plumb().folder]) assert.deepEqual(await filesWith(folder, key), []);
    }
    assert.match(JSON.stringify(model.requests.map((r) => r.headers.authorization)), new RegExp(RIGHT), 'and yet it was used');
    assert.ok(!JSON.stringify(model.requests.map((r) => r.json)).includes(RIGHT), 'the model does not see it');
  });

  it('sends no key any more once it is removed, and is the offline demo again without an address of one’s own', async () => {
    await plumb().command('Plumb: Remove API key');
    await notified(plumb(), 'was removed');
    model.push(reply.text('Without a key.'));
    await plumb().send('Still here?');
    await (await panel()).locator('.item-text', { hasText: 'Without a key.' }).waitFor();
    assert.ok(!JSON.stringify(model.requests.at(-1)?.headers).includes(RIGHT));
    const asked = model.requests.length;
    await changeSettings(plumb(), { 'plumb.baseUrl': '' });
    await (await panel()).getByRole('button', { name: 'Offline demo' }).waitFor();
    await plumb().send('What can you do?');
    await (await panel()).locator('.item-text', { hasText: 'demo' }).last().waitFor();
    assert.equal(model.requests.length, asked);
  });
});

async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}
