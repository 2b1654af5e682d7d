import assert from 'node:assert/strict';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { openSession } from '../../../../src/core/session';
import { createScan } from '../../../../src/node/scan';
import { reply } from '../../../support/model-server/reply';
import { ask, type Call, closeAll, edit, put, rewind, run, start, texts, tree, write } from './files';

describe('rewind', () => {
  afterEach(closeAll);

  it('puts three edited files back byte for byte, message by message', async () => {
    const harness = await start();
    const { root, session } = harness;
    const mixed = 'one\r\ntwo\nthree';
    await put(root, { 'a.txt': 'alpha\nbeta\n', 'b.txt': mixed, 'lib/c.txt': '\ufeffgamma\n' });
    const before = await tree(root);
    const calls = ['a.txt', 'b.txt', 'lib/c.txt'].map((path): Call => ({ name: 'read_file', input: { path } }));
    const first = await ask(harness, 'first', [
      ...calls,
      edit('a.txt', 'alpha', 'ALPHA'),
      edit('b.txt', 'two', 'TWO'),
      edit('lib/c.txt', 'gamma', 'delta'),
    ]);
    const between = await tree(root);
    const second = await ask(harness, 'second', [edit('a.txt', 'beta', 'BETA'), edit('a.txt', 'BETA', 'BETA!')]);
    const after = await tree(root);
    assert.notDeepEqual(after, between);

    const { plan, done } = await rewind(session, second);
    assert.deepEqual(
      plan.files.map((f) => relative(root, f.path)),
      ['a.txt'],
    );
    assert.deepEqual(done.left, []);
    assert.deepEqual(await tree(root), between);
    await rewind(session, first);
    assert.deepEqual(await tree(root), before);
    assert.deepEqual((await session.rewinder.redo())?.left, []);
    assert.deepEqual(await tree(root), between, 'the newest rewind is taken back');
    assert.equal(await session.rewinder.redo(), null, 'and only that one');
  });

  it('goes back over more than a hundred messages', async () => {
    const harness = await start();
    const { root, session } = harness;
    const first = await ask(harness, 'say 0', [write('a.txt', 'state 0\n')]);
    const second = await ask(harness, 'say 1', [edit('a.txt', 'state 0', 'state 1')]);
    for (let i = 2; i <= 100; i++) await ask(harness, `say ${i}`, []);
    await ask(harness, 'say 101', [edit('a.txt', 'state 1', 'state 101')]);
    assert.equal(session.rewinder.checkpoints().length, 102);
    assert.deepEqual((await rewind(session, second)).done.left, []);
    assert.deepEqual(await tree(root), { 'a.txt': 'state 0\n' });
    assert.deepEqual((await rewind(session, first)).done.left, []);
    assert.deepEqual(await tree(root), {});
  }).timeout(120_000);

  it('shows what it would do and does nothing until told', async () => {
    const harness = await start();
    await put(harness.root, { 'a.txt': 'a\n' });
    const to = await ask(harness, 'go', [run('printf b > a.txt')]);
    const before = await tree(harness.root);
    const count = harness.session.events().length;
    await harness.session.rewinder.preview(to);
    assert.deepEqual(await tree(harness.root), before);
    assert.equal(harness.session.events().length, count);
  });

  it('brings back deleted, moved and binary files and removes new ones, and all of it can be redone', async () => {
    const harness = await start();
    const { root, session } = harness;
    const binary = Buffer.from([0, 1, 2, 255, 254, 0, 10, 13]);
    await put(root, { 'gone.txt': 'was here\n', 'old.txt': 'moves\n', 'pixels.bin': binary });
    const before = await tree(root);
    const to = await ask(harness, 'go', [
      write('made/new.txt', 'new\n'),
      { name: 'read_file', input: { path: 'gone.txt' } },
      { name: 'delete_file', input: { path: 'gone.txt' } },
      { name: 'move_file', input: { from: 'old.txt', to: 'new-name.txt' } },
      { name: 'delete_file', input: { path: 'pixels.bin' } },
    ]);
    const after = await tree(root);
    await rewind(session, to);
    assert.deepEqual(await tree(root), before);
    await session.rewinder.redo();
    assert.deepEqual(await tree(root), after);
  });

  it('keeps what the user changed elsewhere in the file since, also over a redo', async () => {
    const harness = await start();
    const { root, session } = harness;
    const lines = (...changed: readonly [number, string][]) => {
      const all = Array.from({ length: 12 }, (_, i) => `line ${i}`);
      for (const [at, text] of changed) all[at] = text;
      return `${all.join('\n')}\n`;
    };
    await put(root, { 'a.txt': lines() });
    const to = await ask(harness, 'go', [{ name: 'read_file', input: { path: 'a.txt' } }, edit('a.txt', 'line 2\n', 'agent\n')]);
    await put(root, { 'a.txt': lines([2, 'agent'], [9, 'user']) });
    const { plan } = await rewind(session, to);
    assert.deepEqual(
      plan.files.map((f) => f.merged),
      [true],
    );
    assert.equal(await readFile(join(root, 'a.txt'), 'utf8'), lines([9, 'user']));
    await put(root, { 'a.txt': lines([9, 'user'], [11, 'user again']) });
    await session.rewinder.redo();
    assert.equal(await readFile(join(root, 'a.txt'), 'utf8'), lines([2, 'agent'], [9, 'user'], [11, 'user again']));
  });

  it('leaves a file alone where the user changed the same lines, made it their own or deleted it, and says so', async () => {
    const harness = await start();
    const { root, session } = harness;
    await put(root, { 'same.txt': 'one\n', 'deleted.txt': 'two\n', 'fine.txt': 'three\n' });
    const to = await ask(harness, 'go', [
      run('echo agent > same.txt; echo agent > deleted.txt; echo agent > fine.txt; echo agent > new.txt'),
    ]);
    await put(root, { 'same.txt': 'user\n', 'new.txt': 'agent\nuser\n' });
    await rm(join(root, 'deleted.txt'));
    const { plan } = await rewind(session, to);
    assert.deepEqual(plan.left.map((f) => relative(root, f.path)).sort(), ['deleted.txt', 'new.txt', 'same.txt']);
    assert.deepEqual(await tree(root), { 'same.txt': 'user\n', 'new.txt': 'agent\nuser\n', 'fine.txt': 'three\n' });
    assert.deepEqual(session.events().findLast((e) => e.type === 'rewound')?.left.length, 3);
  });

  it('does not overwrite what moved between the preview and the word of the user', async () => {
    const harness = await start();
    const { root, session } = harness;
    await put(root, { 'a.txt': 'one\n' });
    const to = await ask(harness, 'go', [run('echo two > a.txt')]);
    const plan = await session.rewinder.preview(to);
    await put(root, { 'a.txt': 'user\n' });
    const done = await session.rewinder.rewind(to, 'files', plan);
    assert.deepEqual(
      done?.left.map((f) => relative(root, f.path)),
      ['a.txt'],
    );
    assert.equal(await readFile(join(root, 'a.txt'), 'utf8'), 'user\n');
  });

  it('names what a command changed, and what of it can not be brought back', async () => {
    const harness = await start();
    const { root, session } = harness;
    await put(root, { 'a.txt': 'a\n', 'b.txt': 'b\n', 'big.bin': 'x', 'kept.txt': 'k\n' });
    await truncate(join(root, 'big.bin'), 11 * 1024 * 1024);
    const to = await ask(harness, 'go', [run('echo changed > a.txt; rm b.txt; echo new > c.txt; echo y >> big.bin; touch kept.txt')]);
    const { plan } = await rewind(session, to);
    assert.deepEqual(plan.files.map((f) => [relative(root, f.path), f.byCommand]).sort(), [
      ['a.txt', true],
      ['b.txt', true],
      ['c.txt', true],
    ]);
    assert.deepEqual(
      plan.left.map((f) => relative(root, f.path)),
      ['big.bin'],
    );
    assert.deepEqual(plan.missed, []);
    const now = await tree(root);
    assert.deepEqual([now['a.txt'], now['b.txt'], now['c.txt'], now['kept.txt']], ['a\n', 'b\n', undefined, 'k\n']);
  });

  it('never takes a file that was merely ignored for a new one', async () => {
    const harness = await start();
    const { root, session } = harness;
    await put(root, { '.gitignore': 'secret.txt\n', 'secret.txt': 'mine\n' });
    const to = await ask(harness, 'go', [run('rm .gitignore')]);
    const { plan } = await rewind(session, to);
    assert.match(plan.missed.join(), /ignored/);
    assert.deepEqual(await tree(root), { '.gitignore': 'secret.txt\n', 'secret.txt': 'mine\n' });
  });

  it('says when the folder is too large to be looked through, and touches nothing it is not sure of', async () => {
    const scan = createScan({ setting: '', path: '' });
    const small: typeof scan = { ...scan, snapshot: (folder, bounds, signal) => scan.snapshot(folder, { ...bounds, files: 1 }, signal) };
    const harness = await start({ ports: { scan: small } });
    const { root, session } = harness;
    await put(root, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const to = await ask(harness, 'go', [run('echo new > c.txt')]);
    const { plan } = await rewind(session, to);
    assert.equal(plan.missed.length, 1);
    assert.deepEqual(Object.keys(await tree(root)).sort(), ['a.txt', 'b.txt', 'c.txt']);
  });

  it('goes on from before the message, with everything after it forgotten, and forward again', async () => {
    const harness = await start();
    const { root, session, server } = harness;
    await put(root, { 'a.txt': 'a\n' });
    await ask(harness, 'first', [{ name: 'read_file', input: { path: 'a.txt' } }]);
    const asFirst = session.state();
    const second = await ask(harness, 'second', [write('b.txt', 'b\n'), { name: 'read_file', input: { path: 'b.txt' } }]);
    const whole = server.requests.at(-1)?.json.messages;
    await rewind(session, second, 'conversation');
    assert.deepEqual([...session.state().seen.newest()], [...asFirst.seen.newest()], 'the model has not seen the later file');
    assert.ok((await stat(join(root, 'b.txt'))).isFile(), 'files stay');
    assert.deepEqual(
      session.rewinder.checkpoints().map((c) => c.text),
      ['first'],
    );

    await session.rewinder.redo();
    await ask(harness, 'third', []);
    const forward = server.requests.at(-1)?.json.messages;
    assert.ok(Array.isArray(whole) && Array.isArray(forward));
    assert.deepEqual(withoutMarks(forward.slice(0, whole.length)), withoutMarks(whole), 'the same conversation as before');

    const third = session.rewinder.checkpoints()[0]?.seq ?? assert.fail();
    await rewind(session, third, 'both');
    await rewind(session, second, 'both');
    assert.deepEqual(Object.keys(await tree(root)), ['a.txt']);
    await ask(harness, 'instead', []);
    const sent = texts(harness);
    assert.match(sent, /first.*Answer to first.*instead/);
    assert.doesNotMatch(sent, /second|third|b\.txt/);
    assert.equal(server.failures.length, 0);

    const again = await harness.reopen();
    await ask(harness, 'after a restart', [], again);
    assert.match(texts(harness), /first.*instead.*after a restart/);
    assert.doesNotMatch(texts(harness), /second|third/);
  });

  it('can go back to the very first message', async () => {
    const harness = await start();
    const to = await ask(harness, 'first', []);
    await rewind(harness.session, to, 'both');
    await ask(harness, 'other', []);
    assert.doesNotMatch(texts(harness), /first/);
    assert.match(texts(harness), /other/);
  });

  it('is refused while a run is under way, and for a message that is gone', async () => {
    const harness = await start();
    const { session, server } = harness;
    const to = await ask(harness, 'first', []);
    const plan = await session.rewinder.preview(to);
    server.push(reply.text('slow').hold());
    const running = session.send({ text: 'second', attachments: [], content: [{ type: 'text', text: 'second' }] });
    await server.held();
    assert.equal(await session.rewinder.rewind(to, 'both', plan), null);
    server.release();
    await running;
    assert.ok(await session.rewinder.rewind(to, 'both', plan));
    assert.equal(await session.rewinder.rewind(to, 'both', plan), null);
  });

  it('holds a message back until the files are as they were', async () => {
    const harness = await start();
    const { root, session, server } = harness;
    await put(root, { 'a.txt': 'a\n' });
    const to = await ask(harness, 'first', [run('echo b > a.txt')]);
    const plan = await session.rewinder.preview(to);
    server.push(reply.tool('read_file', { path: 'a.txt' }), reply.text('ok'));
    const rewound = session.rewinder.rewind(to, 'both', plan);
    const sent = session.send({ text: 'next', attachments: [], content: [{ type: 'text', text: 'next' }] });
    await Promise.all([rewound, sent]);
    const order = session
      .events()
      .flatMap((e) => (e.type === 'rewound' || (e.type === 'user_message' && e.text === 'next') ? [e.type] : []));
    assert.deepEqual(order, ['rewound', 'user_message']);
    const read = session.events().findLast((e) => e.type === 'tool_finished');
    assert.match(JSON.stringify(read?.output), /1\\ta/);
  });

  it('goes on where it stood when the process died between its word and its deed', async () => {
    const harness = await start();
    const { root, session } = harness;
    await put(root, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const to = await ask(harness, 'first', [run('echo A > a.txt; echo B > b.txt')]);
    const { documents } = harness.options.ports;
    const { restore } = documents;
    let writes = 0;
    // The first file is written; then nothing more is, as after a kill.
    documents.restore = async (...args) => (writes++ === 0 ? restore(...args) : false);
    await rewind(session, to);
    documents.restore = restore;
    const again = await harness.reopen();
    await rewind(again, to);
    assert.deepEqual(await tree(root), { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  });

  it('takes back an edit that was cut off by a crash after it had happened', async () => {
    const harness = await start();
    const { root, session, options } = harness;
    await put(root, { 'a.txt': 'one\n' });
    const to = await ask(harness, 'go', [{ name: 'read_file', input: { path: 'a.txt' } }, edit('a.txt', 'one', 'two')]);
    const cut = session.events().findIndex((e) => e.type === 'effect_intended') + 1;
    const log = await options.ports.store.create('cut');
    for (const event of session.events().slice(0, cut)) log.append({ ...event, session: 'cut' });
    await log.close();
    const again = await openSession(options, 'cut');
    try {
      const { done } = await rewind(again, to);
      assert.deepEqual(done.left, []);
      assert.deepEqual(await tree(root), { 'a.txt': 'one\n' });
    } finally {
      await again.close();
    }
  });

  it('leaves no trace of a deleted session, nor of its files, in the whole store', async () => {
    const harness = await start();
    const { root, session, options } = harness;
    const canary = 'canary-5f2c';
    await put(root, { 'a.txt': `${canary} a\n`, 'b.txt': `${canary} b\n` });
    const to = await ask(harness, 'go', [run('echo 1 > a.txt; rm b.txt'), write('c.txt', `${canary} c\n`)]);
    await rewind(session, to);
    const store = join(dirname(root), 'store');
    const holding = async () => Object.entries(await tree(store)).filter(([name, text]) => `${name}${text}`.includes(canary));
    assert.notDeepEqual(await holding(), []);
    await session.close();
    await options.ports.store.remove(session.id);
    assert.deepEqual(await holding(), []);
    assert.deepEqual(Object.keys(await tree(store)), [`workflows/${session.id}.json`], 'nothing but the tombstone is left');
  });
});

function withoutMarks(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'cache_control' ? undefined : item)));
}
