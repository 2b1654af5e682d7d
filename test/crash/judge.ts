import assert from 'node:assert/strict';
import { isObject, type JsonObject, objectsIn, stringOf } from '../../src/demo/wire/json';
import type { AgentEvent, EventOf } from '../../src/protocol/events';
import type { Came, Reference } from './lane';
import { APPENDED, type Tree } from './work';

/**
 * Holds what a disturbed run came to against the run that nobody disturbed: the same files, the same conversation,
 * nothing done twice, nothing claimed that is not known.
 */
export function judge(came: Came, reference: Reference): void {
  assert.equal(came.last.code, 0, `ended with ${came.last.code ?? came.last.signal}: ${came.last.stderr}\n${came.last.stdout.slice(-500)}`);
  assert.deepEqual(came.failures, []);
  const refused = came.requests.filter(({ status = 200 }) => status !== 200).map(({ error }) => error);
  assert.deepEqual(refused, [], 'the service refused a request');

  checkLog(came);
  const settled = settledAfter(came.events);
  checkFiles(came.tree, reference.tree, settled.unknown);
  checkRequests(came, reference, new Set([...settled.unknown, ...settled.happened]));
}

function checkLog({ events, damage }: Came): void {
  assert.deepEqual(damage, []);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
    'the log is numbered without a gap',
  );
  const end = events.at(-1);
  assert.ok(end?.type === 'run_ended' && end.reason === 'done', `the last event is ${end?.type}`);
  const finished = new Set(events.flatMap((event) => (event.type === 'tool_finished' ? [event.callId] : [])));
  const open = events.filter((event) => event.type === 'effect_intended' && !finished.has(event.callId));
  assert.deepEqual(open, [], 'every announced effect has an outcome');
  const claims = [...finished].filter((id) => events.filter((e) => e.type === 'tool_finished' && e.callId === id).length > 1);
  assert.deepEqual(claims, [], 'no call has two outcomes');
}

/** Calls whose result was told at a restart: not known, or read off the files or the note of a command. */
function settledAfter(events: readonly AgentEvent[]): { readonly unknown: readonly string[]; readonly happened: readonly string[] } {
  const told = events.filter((event): event is EventOf<'tool_finished'> => event.type === 'tool_finished');
  const unknown = told.filter(({ outcome }) => outcome === 'unknown');
  assert.deepEqual(
    unknown.filter(({ tool }) => tool !== 'shell').map(({ tool }) => tool),
    [],
    'what lies in files can always be told',
  );
  const happened = told.filter(({ summary }) => /^Took effect before Plumb was stopped$|^Exit 0, after Plumb was stopped$/.test(summary));
  return { unknown: unknown.map(({ callId }) => callId), happened: happened.map(({ callId }) => callId) };
}

/** The same files. A command whose outcome is not known may have run or not: once at the most, and then not by us again. */
function checkFiles(tree: Tree, wanted: Tree, unknown: readonly string[]): void {
  const open = unknown.map((id) => APPENDED.get(id) ?? '');
  const settle = (text: string) =>
    text
      .split('\n')
      .filter((line) => !open.includes(line))
      .join('\n');
  const without = (files: Tree) => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, settle(text)]));
  assert.deepEqual(without(tree), without(wanted));
  const lines = Object.values(tree).flatMap((text) => text.split('\n'));
  for (const line of APPENDED.values()) assert.ok(lines.filter((one) => one === line).length <= 1, `${line} was appended twice`);
}

/**
 * Each request after the last restart is the one that the undisturbed run sent at that point, to the byte; where a
 * result was told at a restart, all but that result is the same.
 */
function checkRequests({ requests, before }: Came, reference: Reference, told: ReadonlySet<string>): void {
  for (const { body, json } of requests.slice(before)) {
    const turn = objectsIn(json.messages).filter(({ role }) => role === 'assistant').length;
    const wanted = reference.requests[turn];
    assert.ok(wanted, `there is no request after ${turn} turns`);
    if (told.size === 0) {
      if (!body.equals(wanted.body)) assert.deepEqual(json, wanted.json, `the request after ${turn} turns`);
      assert.ok(body.equals(wanted.body), `the request after ${turn} turns differs in its bytes`);
    } else assert.deepEqual(without(json, told), without(wanted.json, told), `the request after ${turn} turns`);
  }
}

/** The request without those results, without the notices that may follow from them, and without what is bound to them. */
function without(request: JsonObject, told: ReadonlySet<string>): JsonObject {
  const plain = (block: JsonObject): JsonObject => {
    const { cache_control: _, signature: __, ...rest } = block;
    return told.has(stringOf(block.tool_use_id)) ? { told: block.tool_use_id } : rest;
  };
  const notice = (block: JsonObject) => block.type === 'text' && stringOf(block.text).includes('Changed on disk');
  const messages = objectsIn(request.messages).map((message) => ({
    ...message,
    content: objectsIn(message.content)
      .filter((block) => isObject(block) && !notice(block))
      .map(plain),
  }));
  return { ...request, messages };
}
