import assert from 'node:assert/strict';
import { createLandings, type Landing } from '../../../../src/editor/documents/landings';

const landing = (path: string): Landing => ({ change: { path, kind: 'edit', before: 'a', after: 'b', hash: '' } });

describe('landings', () => {
  it('tells what landed while the file is still busy', async () => {
    const landings = createLandings();
    const seen: boolean[] = [];
    landings.onLanded(() => seen.push(landings.busy('/a')));
    assert.equal(landings.busy('/a'), false);
    await landings.during(['/a'], async () => landing('/a'));
    assert.deepEqual([seen, landings.busy('/a')], [[true], false]);
  });

  it('does one piece of work on a file after the other, and others meanwhile', async () => {
    const landings = createLandings();
    const order: string[] = [];
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = landings.during(['/a', '/b'], async () => {
      await gate;
      order.push('first');
      return landing('/a');
    });
    const second = landings.during(['/b'], async () => {
      order.push('second');
      return landing('/b');
    });
    await landings.during(['/c'], async () => {
      order.push('other');
      return landing('/c');
    });
    go();
    await Promise.all([first, second]);
    assert.deepEqual(order, ['other', 'first', 'second']);
  });

  it('says so when work failed, and goes on', async () => {
    const landings = createLandings();
    const failed: string[] = [];
    landings.onFailed((paths) => failed.push(...paths));
    await assert.rejects(
      landings.during(['/a'], async () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.deepEqual([failed, landings.busy('/a')], [['/a'], false]);
    assert.equal((await landings.during(['/a'], async () => landing('/a'))).path, '/a');
  });
});
