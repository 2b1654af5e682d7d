import assert from 'node:assert/strict';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openSession, type Session } from '../../../../src/core/session';
import type { WireRequest } from '../../../../src/demo/wire/request';
import type { AgentEvent, EventOf } from '../../../../src/protocol/events';
import type { Rule } from '../../../../src/protocol/permission';
import { deleteFile } from '../../../../src/tools/delete-file';
import { editFile } from '../../../../src/tools/edit-file';
import { moveFile } from '../../../../src/tools/move-file';
import { readFile as readTool } from '../../../../src/tools/read-file';
import { writeFile as writeTool } from '../../../../src/tools/write-file';
import { reply } from '../../../support/model-server/reply';
import { type Harness, startHarness } from '../../../support/session-harness';

const tools = [readTool, editFile, writeTool, deleteFile, moveFile];
const rules = tools.map(({ name }): Rule => ({ effect: 'allow', rule: name, source: 'user' }));
type Files = Readonly<Record<string, string | null>>;
type Case = { readonly name: string; readonly input: Record<string, unknown>; readonly before: Files; readonly after: Files };

const CASES: readonly Case[] = [
  {
    name: 'edit_file',
    input: { path: 'a.txt', edits: [{ old_text: 'one', new_text: 'ONE' }] },
    before: { 'a.txt': 'one\ntwo\n' },
    after: { 'a.txt': 'ONE\ntwo\n' },
  },
  {
    name: 'edit_file',
    input: { path: 'crlf.txt', edits: [{ old_text: 'one\ntwo', new_text: 'one\nand\ntwo' }] },
    before: { 'crlf.txt': 'one\r\ntwo\r\n' },
    after: { 'crlf.txt': 'one\r\nand\r\ntwo\r\n' },
  },
  {
    name: 'write_file',
    input: { path: 'a.txt', content: 'new\n' },
    before: { 'a.txt': 'one\ntwo\n' },
    after: { 'a.txt': 'new\n' },
  },
  { name: 'write_file', input: { path: 'deep/b.txt', content: 'new\n' }, before: { 'deep/b.txt': null }, after: { 'deep/b.txt': 'new\n' } },
  { name: 'delete_file', input: { path: 'a.txt' }, before: { 'a.txt': 'one\n' }, after: { 'a.txt': null } },
  {
    name: 'move_file',
    input: { from: 'a.txt', to: 'c.txt' },
    before: { 'a.txt': 'one\n', 'c.txt': null },
    after: { 'a.txt': null, 'c.txt': 'one\n' },
  },
];

const open: Harness[] = [];
const sessions: Session[] = [];

async function lay(root: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    if (text === null) await rm(join(root, name), { force: true });
    else await writeFile(join(root, name), text);
  }
}

async function look(root: string, files: Files): Promise<Files> {
  const texts = Object.keys(files).map(async (name) => [name, await readFile(join(root, name), 'utf8').catch(() => null)] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Reads the file, so that it is known, then makes the call, then ends. */
function scriptOf({ name, input, before }: Case) {
  const known = Object.entries(before).filter(([, text]) => text !== null);
  return (request: WireRequest) => {
    const turn = request.turns.filter((turn) => turn.role === 'assistant').length + (known.length === 0 ? 1 : 0);
    switch (turn) {
      case 0:
        return reply.text('Reading.').tools(known.map(([path], i) => ({ name: 'read_file', input: { path }, id: `toolu_read${i}` })));
      case 1:
        return reply.text('Doing.').tools([{ name, input, id: 'toolu_do' }]);
      default:
        return reply.text('Done.');
    }
  };
}

/** A session that died right after it had announced the call, taken up again with the files as `found`. */
async function revive(
  one: Case,
  found: Files,
  also: (root: string) => Promise<void> = async () => undefined,
): Promise<{ harness: Harness; session: Session; finished(): EventOf<'tool_finished'> | undefined }> {
  const harness = await startHarness(scriptOf(one), { tools, rules });
  open.push(harness);
  await lay(harness.root, one.before);
  assert.equal(await harness.say('go'), 'done');
  assert.deepEqual(await look(harness.root, one.after), one.after);
  const events = harness.session.events();
  const cut = events.findIndex((event) => event.type === 'effect_intended') + 1;
  await harness.session.close();
  const path = join(harness.options.ports.store.spillFolder(harness.session.id), '../../sessions', harness.session.id, 'events.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, `${lines.slice(0, cut + 1).join('\n')}\n`);
  await lay(harness.root, found);
  await also(harness.root);
  const session = await openSession(harness.options, harness.session.id);
  sessions.push(session);
  const isCall = (event: AgentEvent): event is EventOf<'tool_finished'> => event.type === 'tool_finished' && event.callId === 'toolu_do';
  return { harness, session, finished: () => session.events().find(isCall) };
}

describe('an effect on files that was cut off', () => {
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    for (const harness of open.splice(0)) await harness.close();
  });

  for (const one of CASES) {
    const named = `${one.name} of ${Object.keys(one.before).join(' and ')}`;

    it(`${named}: had not happened when the files are as they were, and simply runs`, async () => {
      const { harness, session, finished } = await revive(one, one.before);
      assert.equal(finished(), undefined);
      assert.deepEqual(session.state().workflow, { at: 'interrupted', unknown: [] });
      assert.equal(await session.resume(), 'done');
      assert.equal(finished()?.outcome, 'ok');
      assert.deepEqual(await look(harness.root, one.after), one.after);
      // The model hears what it would have heard, had nothing come between.
      const [was, is] = harness.server.requests.slice(-2);
      assert.deepEqual(is?.json, was?.json);
    });

    it(`${named}: had happened when the files are as it was to leave them, and does not run again`, async () => {
      const { harness, session, finished } = await revive(one, one.after);
      assert.equal(finished()?.outcome, 'ok');
      assert.match(JSON.stringify(finished()?.output), /took effect/);
      assert.deepEqual(session.state().workflow, { at: 'interrupted', unknown: [] });
      assert.equal(await session.resume(), 'done');
      assert.deepEqual(await look(harness.root, one.after), one.after);
      assert.deepEqual(harness.server.failures, []);
    });

    it(`${named}: stays unknown when the files are neither`, async () => {
      const other = Object.fromEntries(Object.keys(one.before).map((name) => [name, 'something else\n']));
      const { harness, session, finished } = await revive(one, other);
      assert.equal(finished()?.outcome, 'unknown');
      assert.deepEqual(session.state().workflow, { at: 'interrupted', unknown: ['toolu_do'] });
      assert.equal(await session.resume(), 'done');
      assert.deepEqual(await look(harness.root, other), other);
    });
  }

  it('moved halfway, one file under both names, had not happened and is moved whole', async () => {
    const move = CASES.find((one) => one.name === 'move_file');
    assert.ok(move);
    const { harness, session, finished } = await revive(move, move.before, (root) => link(join(root, 'a.txt'), join(root, 'c.txt')));
    assert.equal(finished(), undefined);
    assert.equal(await session.resume(), 'done');
    assert.equal(finished()?.outcome, 'ok');
    assert.deepEqual(await look(harness.root, move.after), move.after);
  });

  it('moved halfway, with a copy in both places, is unknown', async () => {
    const move = CASES.find((one) => one.name === 'move_file');
    assert.ok(move);
    const { finished } = await revive(move, { 'a.txt': 'one\n', 'c.txt': 'one\n' });
    assert.equal(finished()?.outcome, 'unknown');
  });

  it('knows the file as it stands once the edit is found done, so that the next edit is not refused', async () => {
    const [edit] = CASES;
    assert.ok(edit);
    const { harness, session } = await revive(edit, edit.after);
    const hash = harness.options.ports.hash('ONE\ntwo\n');
    assert.equal(session.state().seen.get(join(harness.root, 'a.txt')), hash);
  });

  it('leaves no half-written file of the edit beside it', async () => {
    const [edit] = CASES;
    assert.ok(edit);
    const { harness, session } = await revive(edit, { ...edit.before, '.a.txt.0123456789ab.tmp': 'ONE\n', 'note.tmp': 'mine' });
    assert.equal(await session.resume(), 'done');
    assert.deepEqual((await readdir(harness.root)).sort(), ['a.txt', 'note.tmp']);
  });
});
