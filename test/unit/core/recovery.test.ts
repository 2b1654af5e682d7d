import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openSession, type Session } from '../../../src/core/session';
import type { SessionOptions } from '../../../src/core/session-options';
import { defineTool, type Tool } from '../../../src/core/tool';
import type { WireRequest } from '../../../src/demo/wire/request';
import { openLogFile } from '../../../src/node/session-log';
import type { AgentEvent } from '../../../src/protocol/events';
import { reply } from '../../support/model-server/reply';
import { allowAll, reader } from '../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

/** Appends one line to a file in the workspace: an effect that shows when it happened twice. */
const append: Tool = defineTool({
  name: 'write',
  description: 'write',
  input: z.strictObject({ line: z.string() }),
  safety: { destructive: false },
  summarize: ({ line }) => ({ title: 'write', detail: line }),
  run: async ({ line }, { facts }) => {
    await appendFile(join(facts.cwd, 'out.txt'), `${line}\n`);
    return { content: `wrote ${line}`, summary: 'wrote' };
  },
});

/** Answers by what the conversation holds, as a model does, so that it goes on wherever it is taken up. */
function script(request: WireRequest) {
  const turns = request.turns.filter((turn) => turn.role === 'assistant').length;
  switch (turns) {
    case 0:
      return reply
        .thinking('think')
        .text('First.')
        .tools([
          { name: 'read', input: { n: 1 }, id: 'toolu_1' },
          { name: 'write', input: { line: 'one' }, id: 'toolu_2' },
        ]);
    case 1:
      return reply.tools([{ name: 'write', input: { line: 'two' }, id: 'toolu_3' }]);
    default:
      return reply.text('Done.');
  }
}

const tools = [reader('read'), append];
const open: Harness[] = [];
const sessions: Session[] = [];

async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(script, { tools, rules: allowAll, ...options });
  open.push(harness);
  return harness;
}

/** The log as it would stand had the process died after `count` events, in the store of a fresh harness. */
async function revive(
  events: readonly AgentEvent[],
  count: number,
  tail = '',
  given: Pick<SessionOptions, 'asksAgain'> & Pick<HarnessOptions, 'rules'> = {},
): Promise<{ harness: Harness; session: Session }> {
  const harness = await start({ rules: given.rules ?? allowAll });
  const id = '00000000-0000-4000-8000-000000000001';
  const log = await harness.options.ports.store.create(id);
  await log.close();
  const path = join(harness.options.ports.store.spillFolder(id), '..', '..', 'sessions', id, 'events.jsonl');
  const header = (await readFile(path, 'utf8')).split('\n')[0];
  const lines = events.slice(0, count).map((event) => JSON.stringify({ ...event, session: id }));
  await writeFile(path, `${[header, ...lines].join('\n')}\n${tail}`);
  const session = await openSession({ ...harness.options, asksAgain: given.asksAgain }, id);
  sessions.push(session);
  return { harness, session };
}

describe('a session that was cut off', () => {
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    for (const harness of open.splice(0)) await harness.close();
  });

  it('ends the same from every point where the process can die, and does nothing twice', async () => {
    const whole = await start();
    assert.equal(await whole.say('go'), 'done');
    const events = whole.session.events();
    const last = whole.server.requests.at(-1)?.json;
    for (let count = events.findIndex((e) => e.type === 'user_message') + 1; count < events.length; count++) {
      const { harness, session } = await revive(events, count);
      const before = events.slice(0, count);
      const intended = before.filter((e) => e.type === 'effect_intended').length;
      const finished = before.filter((e) => e.type === 'tool_finished' && e.tool === 'write').length;
      const reason = await session.resume();
      assert.equal(reason, 'done', `died after ${events[count - 1]?.type}`);
      const out = await readFile(join(harness.root, 'out.txt'), 'utf8').catch(() => '');
      // An effect that was announced and not finished is never run again; every other one runs exactly once here.
      assert.equal(out.split('\n').filter(Boolean).length, 2 - intended, `died after ${events[count - 1]?.type}`);
      const unknown = session.events().filter((e) => e.type === 'tool_finished' && e.outcome === 'unknown').length;
      assert.equal(unknown, intended - finished);
      const done = before.some((e) => e.type === 'assistant_message' && e.stop === 'end_turn');
      if (unknown === 0 && !done)
        assert.deepEqual(harness.server.requests.at(-1)?.json, { ...last, system: harness.server.requests.at(-1)?.json.system });
    }
  }).timeout(60_000);

  it('says at the next start why the run ended', async () => {
    const whole = await start();
    await whole.say('go');
    const at = whole.session.events().findIndex((e) => e.type === 'effect_intended');
    const { session } = await revive(whole.session.events(), at + 1);
    const end = session.events().at(-1);
    assert.ok(end?.type === 'run_ended');
    assert.equal(end.error, 'interrupted');
    assert.match(end.detail, /not known/);
    assert.deepEqual(session.state().workflow, { at: 'interrupted', unknown: ['toolu_2'] });
  });

  it('drops a torn last line and goes on numbering without a gap', async () => {
    const whole = await start();
    await whole.say('go');
    const { session } = await revive(whole.session.events(), 6, '{"type":"delta","te');
    assert.deepEqual(
      session.events().map((e) => e.seq),
      session.events().map((_, i) => i + 1),
    );
    assert.equal(await session.resume(), 'done');
  });

  it('answers open calls before a new message, so that the conversation stays valid', async () => {
    const whole = await start();
    await whole.say('go');
    const at = whole.session.events().findIndex((e) => e.type === 'assistant_message');
    const { harness, session } = await revive(whole.session.events(), at + 1);
    const content = [{ type: 'text' as const, text: 'something else' }];
    assert.equal(await session.send({ text: 'something else', attachments: [], content }), 'done');
    assert.match(JSON.stringify(harness.server.requests.at(-1)?.json), /did not run/);
    assert.deepEqual(harness.server.failures, []);
  });

  it('goes on from a log with a damaged line in the middle', async () => {
    const whole = await start();
    await whole.say('go');
    const events = whole.session.events();
    for (const type of ['session_started', 'assistant_message', 'tool_finished'] as const) {
      const at = events.findIndex((e) => e.type === type);
      const { session } = await revive(
        events.filter((_, i) => i !== at),
        events.length - 1,
      );
      const content = [{ type: 'text' as const, text: 'again' }];
      assert.equal(await session.send({ text: 'again', attachments: [], content }), 'done', `without ${type}`);
    }
  });

  it('stops with a next step when the disk is full, and goes on once there is room', async () => {
    let full = false;
    const harness = await startHarness(script, {
      tools,
      rules: allowAll,
      openFile: async (path, flags) => {
        const file = await openLogFile(path, flags);
        const write: typeof file.write = async (bytes, at) => {
          if (full) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
          await file.write(bytes, at);
        };
        return { ...file, write };
      },
    });
    open.push(harness);
    const stop = harness.session.subscribe((event) => {
      if (event.type !== 'assistant_message') return;
      full = true;
      stop();
    });
    assert.equal(await harness.say('go'), 'failed');
    const end = harness.session.events().at(-1);
    assert.ok(end?.type === 'run_ended' && end.error === 'store_full' && end.next);
    assert.equal(await readFile(join(harness.root, 'out.txt'), 'utf8').catch(() => null), null, 'no effect without its intent on disk');
    full = false;
    assert.equal(await harness.session.resume(), 'done');
    assert.equal(await readFile(join(harness.root, 'out.txt'), 'utf8'), 'one\ntwo\n');
    const { events, damage } = await harness.options.ports.store.read(harness.session.id);
    assert.deepEqual(damage, []);
    assert.deepEqual(
      events.map((e) => e.seq),
      harness.session.events().map((e) => e.seq),
    );
  });

  it('asks again at once when it was cut off while it waited for a person', async () => {
    const whole = await startHarness(script, { tools });
    open.push(whole);
    const run = whole.say('go');
    const asked = await whole.event('permission_asked');
    const events = [...whole.session.events()];
    whole.session.cancel();
    await run;
    const { harness, session } = await revive(events, events.length, '', { asksAgain: true, rules: [] });
    session.subscribe((event) => {
      if (event.type === 'permission_asked') setImmediate(() => harness.desk.decide(event.askId, { choice: 'once' }));
    });
    // Answers as soon as the ask is there again: it may have come before anybody could listen.
    await new Promise<void>((resolve) => {
      const answer = () => void (harness.desk.decide(asked.askId, { choice: 'once' }) ? resolve() : setImmediate(answer));
      answer();
    });
    assert.equal(session.events().filter((e) => e.type === 'run_ended').length, 0, 'the run is the same one');
    assert.equal(await session.resume(), 'done');
    assert.equal(await readFile(join(harness.root, 'out.txt'), 'utf8'), 'one\ntwo\n');
  });

  it('is left as it stands when its window closes: the ask comes back, and nothing was denied in the name of the user', async () => {
    const whole = await startHarness(script, { tools });
    open.push(whole);
    void whole.say('go');
    const asked = await whole.event('permission_asked');
    await whole.session.close();
    const session = await openSession({ ...whole.options, asksAgain: true }, whole.session.id);
    sessions.push(session);
    const words = JSON.stringify(session.events().filter((e) => e.type === 'permission_decided' || e.type === 'tool_finished'));
    assert.ok(!words.includes(asked.callId), 'nothing was decided for the call');
    assert.equal(session.state().open, true);
    session.subscribe((event) => {
      if (event.type === 'permission_asked') setImmediate(() => whole.desk.decide(event.askId, { choice: 'once' }));
    });
    await new Promise<void>((resolve) => {
      const answer = () => void (whole.desk.decide(asked.askId, { choice: 'once' }) ? resolve() : setImmediate(answer));
      answer();
    });
    assert.equal(await session.resume(), 'done');
    assert.equal(await readFile(join(whole.root, 'out.txt'), 'utf8'), 'one\ntwo\n');
  });

  it('lets no second session write the same log', async () => {
    const whole = await start();
    await whole.say('go');
    await assert.rejects(openSession(whole.options, whole.session.id), { name: 'StoreError', kind: 'held' });
  });
});
