import * as assert from 'node:assert/strict';
import { reply } from '../support/model-server/reply';
import { usePlumb } from './support/plumb';

describe('a request in the panel', () => {
  const plumb = usePlumb({ script: [reply.text('The till adds up **three** prices.')] });

  it('reaches the model, and its reply is shown as rendered Markdown', async () => {
    await plumb().send('What does this project do?');
    const panel = await plumb().panel();
    await panel.locator('strong', { hasText: 'three' }).waitFor();
    await panel.getByText('What does this project do?').first().waitFor();
    plumb().model.assertDone();
    assert.match(JSON.stringify(plumb().model.requests[0]?.json), /What does this project do\?/);
  });

  it('is still there after the window was reloaded', async () => {
    await plumb().reload();
    const panel = await plumb().panel();
    await panel.locator('strong', { hasText: 'three' }).waitFor();
    assert.equal(plumb().model.requests.length, 1);
  });
});
