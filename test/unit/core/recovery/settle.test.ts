import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openSession, type Session } from '../../../../src/core/session';
import { defineTool, type Tool } from '../../../../src/core/tool';
import type { WireRequest } from '../../../../src/demo/wire/request';
import type { Settled } from '../../../../src/protocol/event-parts';
import { reply } from '../../../support/model-server/reply';
import { allowAll } from '../../../support/sample-tools';
import { type Harness, startHarness } from '../../../support/session-harness';

/** Appends a line, and then hangs the first time: the process dies before it can note what became of it. */
function hanging(began: () => void): Tool {
  let first = true;
  return defineTool({
    name: 'write',
    description: 'write',
    input: z.strictObject({}),
    safety: { destructive: false },
    summarize: () => ({ title: 'Publish', detail: 'the package' }),
    run: async (_, { facts, signal }) => {
      await appendFile(join(facts.cwd, 'out.txt'), 'published\n');
      if (!first) return { content: 'published', summary: 'published' };
      first = false;
      began();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
}

/** Publishes again only when the user said that it did not happen, as a model would. */
function script(request: WireRequest) {
  const turns = request.turns.filter((turn) => turn.role === 'assistant').length;
  if (turns === 0) return reply.tools([{ name: 'write', input: {}, id: 'toolu_1' }]);
  const anew = JSON.stringify(request.turns).includes('did not take effect. Decide anew');
  return turns === 1 && anew ? reply.tools([{ name: 'write', input: {}, id: 'toolu_2' }]) : reply.text('Done.');
}

describe('an effect of which nobody can tell whether it happened', () => {
  const harnesses: Harness[] = [];
  const sessions: Session[] = [];
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    for (const harness of harnesses.splice(0)) await harness.close();
  });

  async function cutOff(): Promise<{ readonly harness: Harness; readonly session: Session }> {
    let began = () => {};
    const running = new Promise<void>((resolve) => {
      began = resolve;
    });
    const harness = await startHarness(script, { tools: [hanging(() => began())], rules: allowAll });
    harnesses.push(harness);
    void harness.say('publish it');
    await running;
    await harness.session.close();
    const session = await openSession(harness.options, harness.session.id);
    sessions.push(session);
    return { harness, session };
  }
  const told = (harness: Harness) => JSON.stringify(harness.server.requests.at(-1)?.json);
  const published = async (harness: Harness) => (await readFile(join(harness.root, 'out.txt'), 'utf8')).split('\n').length - 1;
  const settled = (session: Session) => session.events().flatMap((e) => (e.type === 'effect_settled' ? [`${e.callId} ${e.what}`] : []));

  it('is named at the next start, with what is known of it', async () => {
    const { session } = await cutOff();
    const end = session.events().at(-1);
    assert.ok(end?.type === 'run_ended');
    assert.deepEqual(
      end.unknown?.map(({ callId, tool }) => [callId, tool]),
      [['toolu_1', 'write']],
    );
    assert.match(end.unknown?.[0]?.known ?? '', /no note of its end/);
  });

  it('that happened is told to the model, which does not do it again', async () => {
    const { harness, session } = await cutOff();
    assert.equal(session.settleEffect('toolu_1', 'happened'), true);
    assert.equal(await session.resume(), 'done');
    assert.match(told(harness), /write that was cut off \(toolu_1\) took effect\. Do not repeat it/);
    assert.equal(await published(harness), 1);
    assert.deepEqual(settled(session), ['toolu_1 happened']);
    assert.deepEqual(harness.server.failures, []);
  });

  it('that did not happen runs again only by a new call of the model', async () => {
    const { harness, session } = await cutOff();
    const before = harness.server.requests.length;
    assert.equal(session.settleEffect('toolu_1', 'did_not_happen'), true);
    assert.equal(await published(harness), 1, 'nothing runs by the word alone');
    assert.equal(await session.resume(), 'done');
    assert.equal(harness.server.requests.length, before + 2);
    const calls = session.events().flatMap((e) => (e.type === 'effect_intended' ? [e.callId] : []));
    assert.deepEqual(calls, ['toolu_1', 'toolu_2']);
    const notices = session.events().filter((e) => e.type === 'notice' && e.of === 'effects');
    assert.equal(notices.length, 1, 'it is told once');
  });

  it('of which nothing is said stays unknown, and the log says so', async () => {
    const { harness, session } = await cutOff();
    assert.equal(await session.resume(), 'done');
    assert.deepEqual(settled(session), ['toolu_1 unknown']);
    assert.match(told(harness), /Whether it took effect is not known/);
    assert.doesNotMatch(told(harness), /The user looked/);
    assert.equal(await published(harness), 1);
  });

  it('takes the newest word, also over a restart and before a new message', async () => {
    const { harness, session } = await cutOff();
    session.settleEffect('toolu_1', 'did_not_happen');
    session.settleEffect('toolu_1', 'happened');
    await session.close();
    const again = await openSession(harness.options, session.id);
    sessions.push(again);
    await again.send({ text: 'go on', attachments: [], content: [{ type: 'text', text: 'go on' }] });
    assert.match(told(harness), /took effect\. Do not repeat it/);
    assert.doesNotMatch(told(harness), /did not take effect/);
    assert.equal(await published(harness), 1);
  });

  it('is the only thing that can be spoken about, and only until the run goes on', async () => {
    const { session } = await cutOff();
    const words: readonly Settled[] = ['happened', 'did_not_happen', 'unknown'];
    for (const what of words) assert.equal(session.settleEffect('toolu_9', what), false);
    await session.resume();
    for (const what of words) assert.equal(session.settleEffect('toolu_1', what), false);
    assert.deepEqual(settled(session), ['toolu_1 unknown']);
  });
});
