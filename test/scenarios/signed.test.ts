import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../src/core/ports/store';
import { createVerifier } from '../../src/node/identity/verifier';
import { allTools } from '../../src/tools/index';
import { reply } from '../support/model-server/reply';
import type { Script } from '../support/model-server/server';
import { identityOf, makeProven, type Proven } from '../support/proven';
import { type Harness, startHarness } from '../support/session-harness';

describe('a session whose agent signs', () => {
  let place: Proven;
  let harness: Harness;
  beforeEach(async () => {
    place = await makeProven();
  });
  afterEach(async () => {
    await harness.close();
    await place.remove();
  });

  const start = async (script: Script, store: Store = place.store) => {
    harness = await startHarness(script, { tools: allTools({ kind: 'bash', programs: [] }), settings: { mode: 'edit' }, ports: { store } });
    await writeFile(join(harness.root, 'a.txt'), 'one\n');
  };
  const edit = (from: string, to: string) => ({ name: 'edit_file', input: { path: 'a.txt', edits: [{ old_text: from, new_text: to }] } });
  const write = { name: 'write_file', input: { path: '../b.txt', content: 'x' } };

  it('is proven while it is open, after it was taken up again, and gone when it is deleted', async () => {
    await start([
      reply.tools([{ name: 'read_file', input: { path: 'a.txt' } }]),
      reply.tools([edit('one', 'two')]),
      reply.tools([write]),
      reply.text('Done.'),
      reply.tools([edit('two', 'three')]),
      reply.text('Done again.'),
    ]);
    const { id } = harness.session;
    const said = harness.say('Edit it.');
    const ask = await harness.event('permission_asked');
    harness.desk.decide(ask.askId, { choice: 'deny' });
    assert.equal(await said, 'done');
    await harness.session.signed();
    const { verify, agentOf } = createVerifier(place.folder);
    const open = (await verify(id)).result;
    assert.deepEqual(open.problems, []);
    assert.deepEqual([open.covered, open.decisions, open.effects], [harness.session.events().length, 3, 1]);
    const [agent] = open.agents;
    assert.deepEqual(agent?.capabilities.roots, [harness.root]);
    assert.ok(agent?.capabilities.tools.includes('edit_file'));

    const again = await harness.reopen();
    assert.equal(
      await again.send({ text: 'And once more.', attachments: [], content: [{ type: 'text', text: 'And once more.' }] }),
      'done',
    );
    await again.close();
    const { result, text } = await verify(id);
    assert.deepEqual(result.problems, [], text);
    assert.deepEqual([result.effects, result.agents.length, result.late.length], [2, 1, 0]);
    assert.deepEqual(await agentOf(id), {
      agent: (await identityOf(7).agent(id, 'main')).did,
      operator: (await identityOf(7).operator()).did,
    });

    const log = join(place.folder, 'sessions', id, 'events.jsonl');
    await writeFile(log, (await readFile(log, 'utf8')).replace('And once more.', 'And never more.'));
    assert.equal((await verify(id)).result.verdict, 'not_proven');
    await place.store.remove(id);
    await assert.rejects(access(join(place.folder, 'sessions', id)));
  });

  it('does nothing that the credential does not cover, and asks nobody about it', async () => {
    const narrow: Store = {
      ...place.store,
      create: async (id) => {
        const log = await place.store.create(id);
        return {
          ...log,
          refusal: (use) => log.refusal?.({ ...use, tool: use.tool === 'edit_file' ? 'not_mine' : use.tool }) ?? Promise.resolve(null),
        };
      },
    };
    await start(
      [reply.tools([{ name: 'read_file', input: { path: 'a.txt' } }]), reply.tools([edit('one', 'two')]), reply.text('Then not.')],
      narrow,
    );
    assert.equal(await harness.say('Edit it.'), 'done');
    assert.equal(await readFile(join(harness.root, 'a.txt'), 'utf8'), 'one\n');
    assert.deepEqual(harness.events('permission_asked'), []);
    const { decision } = harness.events('permission_decided').at(-1) ?? assert.fail();
    assert.deepEqual([decision.verdict, decision.tool], ['deny', 'edit_file']);
    assert.match(decision.reason, /credential of this agent does not cover this call: main: it may not use not_mine/);
  });
});
