import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reply } from '../support/model-server/reply';
import { usePlumb } from './support/plumb';

describe('a workspace of two folders', () => {
  const plumb = usePlumb({
    script: [],
    settings: { 'plumb.mode': 'edit' },
    workspace(folder) {
      const second = join(folder, '..', 'second');
      mkdirSync(join(second, '.vscode'), { recursive: true });
      writeFileSync(join(second, 'notes.txt'), 'second notes\n');
      writeFileSync(join(second, '.vscode/settings.json'), JSON.stringify({ 'plumb.deny': ['shell(touch *)'] }));
      return { folders: [{ path: folder }, { path: second }] };
    },
  });

  it('reads and edits in both, names them to the model, and heeds the deny rules of each', async () => {
    const second = join(plumb().folder, '..', 'second');
    plumb().model.push(
      reply.tool('read_file', { path: 'second/notes.txt' }).tool('read_file', { path: 'package.json' }),
      reply.tool('edit_file', { path: join(second, 'notes.txt'), edits: [{ old_text: 'second', new_text: 'other' }] }),
      reply.tool('shell', { command: 'touch x.txt' }),
      reply.text('In both.'),
    );
    await plumb().send('Work in both');
    const panel = await plumb().panel();
    await panel.locator('.item-text', { hasText: 'In both.' }).waitFor();
    const [first] = plumb().model.requests;
    assert.match(JSON.stringify(first?.json.system), /Workspace: [^"]*sample, [^"]*second/);
    assert.match(JSON.stringify(plumb().model.requests.at(-1)?.json.messages), /The rule shell\(touch \*\) denies this/);
    assert.equal(await readFile(join(second, 'notes.txt'), 'utf8'), 'other notes\n');
    const composer = panel.locator('textarea').first();
    await composer.fill('@notes');
    await panel.locator('[role=option]', { hasText: 'notes.txt' }).first().waitFor();
  });
});
