import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { JsonObject } from '../../src/demo/wire/json';
import { reply } from '../support/model-server/reply';
import { useCommonPlumb } from './support/plumb';
import { userSettings } from './support/settings';

describe('permissions in the panel', () => {
  const plumb = useCommonPlumb();
  const there = (name: string) => existsSync(join(plumb().folder, name));
  const lastRequest = () => JSON.stringify(plumb().model.requests.at(-1)?.json);

  /** Sends a message that the model answers with one call, then with `words`. */
  async function call(tool: string, input: JsonObject, words: string): Promise<{ ask: Locator; said: Promise<void> }> {
    plumb().model.push(reply.tool(tool, input), reply.text(words));
    await plumb().send(`Please: ${words}`);
    const panel = await plumb().panel();
    return { ask: panel.locator('.ask'), said: panel.locator('.item-text', { hasText: words }).waitFor() };
  }

  async function setMode(mode: 'Plan' | 'Ask' | 'Edit' | 'Auto'): Promise<void> {
    const panel = await plumb().panel();
    await panel.getByRole('button', { name: /^Mode: / }).click();
    await panel.getByRole('option', { name: new RegExp(`^${mode}`) }).click();
    await panel.getByRole('button', { name: `Mode: ${mode}` }).waitFor();
  }

  it('asks with the command, why, and the rule each choice saves; keys act only where the focus is', async () => {
    const { ask, said } = await call('shell', { command: 'touch by-key.txt' }, 'Made by key.');
    await ask.waitFor();
    const text = (await ask.textContent()) ?? '';
    assert.match(text, /touch by-key\.txt/);
    assert.match(text, /Allow this session\s*shell\(touch by-key\.txt\)/);

    const { keyboard } = plumb().page;
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    assert.ok(await ask.isVisible(), 'keys in the composer decide nothing');
    await plumb().command('Plumb: Focus permission prompt');
    await (await plumb().panel()).locator('[data-dock]:focus').waitFor();
    await keyboard.press('Enter');
    await said;
    assert.ok(there('by-key.txt'));
  });

  it('is denied with Esc, and the model is told', async () => {
    const { ask, said } = await call('shell', { command: 'touch not-made.txt' }, 'Not made.');
    await ask.waitFor();
    await plumb().command('Plumb: Focus permission prompt');
    await (await plumb().panel()).locator('[data-dock]:focus').waitFor();
    await plumb().page.keyboard.press('Escape');
    await said;
    assert.ok(!there('not-made.txt'));
    assert.match(lastRequest(), /The user denied this call/);
  });

  it('takes a reason along with the denial', async () => {
    const { ask, said } = await call('shell', { command: 'touch other.txt' }, 'Understood.');
    await ask.getByRole('button', { name: 'Deny and say why…' }).click();
    await plumb().page.keyboard.type('use the tools folder');
    await plumb().page.keyboard.press('Enter');
    await said;
    assert.match(lastRequest(), /denied this call and said: use the tools folder/);
  });

  it('saves an edited rule to the user settings, and asks no more', async () => {
    const { ask, said } = await call('shell', { command: 'touch one.txt' }, 'One is made.');
    await ask.getByRole('button', { name: /^Allow rule/ }).click();
    await ask.getByRole('textbox').fill('shell(touch *)');
    await ask.getByRole('button', { name: 'Save and allow' }).click();
    await said;
    assert.deepEqual((await userSettings(plumb()))['plumb.allow'], ['shell(touch *)']);
    await (await call('shell', { command: 'touch two.txt' }, 'Two is made.')).said;
    assert.ok(there('one.txt') && there('two.txt'));
  });

  it('allows for this session without a word in the settings', async () => {
    const { ask, said } = await call('shell', { command: 'mkdir a' }, 'Folder a is made.');
    await ask.getByRole('button', { name: /^Allow this session/ }).click();
    await said;
    await (await call('shell', { command: 'mkdir a' }, 'And again.')).said;
    assert.deepEqual((await userSettings(plumb()))['plumb.allow'], ['shell(touch *)']);
  });

  it('asks before it deletes a folder or writes to a protected path, in every mode that could', async () => {
    for (const mode of ['Ask', 'Edit', 'Auto'] as const) {
      await setMode(mode);
      for (const [tool, input] of [
        ['shell', { command: 'rm -rf build' }],
        ['write_file', { path: '.git/hooks/pre-commit', content: 'x' }],
      ] as const) {
        const { ask, said } = await call(tool, input, `Not done in ${mode} by ${tool}.`);
        await ask.waitFor();
        assert.match((await ask.textContent()) ?? '', tool === 'shell' ? /rm -rf build/ : /protected path/, mode);
        await ask.getByRole('button', { name: 'Deny', exact: true }).click();
        await said;
      }
    }
    await setMode('Plan');
    await (await call('shell', { command: 'rm -rf build' }, 'Only planned.')).said;
    assert.match(lastRequest(), /Plan mode is on/);
    assert.ok(there('build') && !there('.git/hooks/pre-commit'));
    plumb().model.assertDone();
  });
});
