import assert from 'node:assert/strict';
import { writeFile as put } from 'node:fs/promises';
import { join } from 'node:path';
import { BYTES_PER_TOKEN } from '../../../../src/core/context/tokens';
import { readFile } from '../../../../src/tools/read-file';
import { tasks } from '../../../../src/tools/tasks';
import { writeFile } from '../../../../src/tools/write-file';
import { reply } from '../../../support/model-server/reply';
import { type Harness, startHarness } from '../../../support/session-harness';
import { asksForSummary, summaryReply } from '../../../support/summary';

/** 200,000 tokens: an eighth of it is room for five files of the largest size. */
const MODEL = 'claude-haiku-4-5';
const LARGEST = 5_000 * BYTES_PER_TOKEN;

describe('what a compaction puts back', () => {
  let h: Harness | undefined;
  afterEach(async () => {
    await h?.close();
    h = undefined;
  });

  /** Reads these files, is condensed, and gives what was put back. */
  async function condensed(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
    let n = 0;
    // Which of several that are read at once is the newest is not said, so the last five come after the others.
    const names = Object.keys(files);
    const batches = [names.slice(0, -5), names.slice(-5)].filter((batch) => batch.length > 0);
    const harness = await startHarness(
      (request) => {
        if (asksForSummary(request)) return summaryReply();
        n++;
        const batch = batches[n - 1];
        if (batch) return reply.tools(batch.map((path) => ({ name: 'read_file', input: { path } })));
        return n === batches.length + 2 ? reply.text('full').outputTokens(170_000) : reply.text('ok');
      },
      { tools: [readFile], settings: { model: MODEL } },
    );
    h = harness;
    for (const [name, text] of Object.entries(files)) await put(join(harness.root, name), text);
    // The last messages stay as they are: enough of them that no reading is among them.
    for (const text of ['read', 'and more', 'go on']) await harness.say(text);
    return harness.events('context_compacted')[0]?.restored ?? [];
  }

  it('is a file whole up to 5,000 tokens, and its beginning above that [C8]', async () => {
    const lines = (bytes: number) => `${'nine byte\n'.repeat(bytes / 10)}`;
    const restored = await condensed({ 'fits.txt': lines(LARGEST), 'over.txt': `${lines(LARGEST)}x` });
    const fits = restored.find((text) => text.includes('fits.txt as it is now:'));
    const over = restored.find((text) => text.includes('over.txt as it is now (its beginning'));
    assert.ok(fits && over, restored.map((text) => text.slice(0, 80)).join('\n'));
    assert.equal(fits.slice(fits.indexOf('\n') + 1).length, LARGEST);
    assert.equal(over.slice(over.indexOf('\n') + 1).length, LARGEST, 'the line that does not fit is left out');
  });

  it('is five files at the most, the newest, however small they are [C8]', async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`f${i}.txt`, `text of ${i} ${'and '.repeat(2_000)}`]));
    const restored = (await condensed(files)).filter((text) => text.includes(' as it is now'));
    assert.deepEqual(restored.map((text) => /f\d/.exec(text)?.[0]).sort(), ['f2', 'f3', 'f4', 'f5', 'f6']);
  });

  it('is what waits for the review, and not what was reviewed; the tasks and the mode [C8]', async () => {
    let n = 0;
    const write = (name: string) => ({ name: 'write_file', input: { path: name, content: `${name} `.repeat(3_000) } });
    const harness = await startHarness(
      (request) => {
        if (asksForSummary(request)) return summaryReply();
        n++;
        if (n === 1) return reply.tools([write('kept.txt'), write('open.txt')]);
        if (n === 2) return reply.tool('tasks', { tasks: [{ id: '1', title: 'mend the pump', status: 'in_progress', blocked_by: [] }] });
        return n === 3 ? reply.text('full').outputTokens(170_000) : reply.text('ok');
      },
      { tools: [writeFile, tasks], settings: { model: MODEL, mode: 'edit' } },
    );
    h = harness;
    await harness.say('write both');
    harness.session.reviewed({ path: join(harness.root, 'kept.txt'), decision: 'kept', hunks: 1, left: 0 });
    harness.session.setMode('plan');
    await harness.say('go on');
    const standing = harness.events('context_compacted')[0]?.restored.at(-1) ?? '';
    assert.match(standing, /Waiting for the user's review: .*open\.txt/);
    assert.doesNotMatch(standing, /kept\.txt/);
    assert.match(standing, /mend the pump/);
    assert.match(standing, /Mode: plan/);
  });
});
