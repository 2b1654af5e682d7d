import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeptFiles } from '../../../src/node/kept-files';

describe('kept files', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-kept-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const load = async (from: string) => {
    const troubles: unknown[] = [];
    return { values: await createKeptFiles(from).load((error) => troubles.push(error)), troubles };
  };

  it('bring back what was written under any key, and nothing that was removed', async () => {
    const inside = join(folder, 'not/there/yet');
    const files = createKeptFiles(inside);
    assert.deepEqual((await load(inside)).values, new Map());
    await files.write('plumb.draft.../a', 'x');
    await files.write('plumb.history', ['a', 'ü']);
    await files.write('gone', 1);
    await files.write('gone', undefined);
    await files.write('never there', undefined);
    assert.deepEqual(Object.fromEntries((await load(inside)).values), { 'plumb.draft.../a': 'x', 'plumb.history': ['a', 'ü'] });
    assert.deepEqual(
      (await readdir(inside)).filter((name) => !name.endsWith('.json')),
      [],
    );
  });

  it('tell of a file that is damaged, and bring back the others', async () => {
    await createKeptFiles(folder).write('good', 1);
    await writeFile(join(folder, 'bad.json'), '{');
    const { values, troubles } = await load(folder);
    assert.deepEqual(values, new Map([['good', 1]]));
    assert.equal(troubles.length, 1);
  });
});
