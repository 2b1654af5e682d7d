import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { AgentEvent } from '../../src/protocol/events';

/**
 * Events as lines of text that are the same in every run: no ids, no times, no folder names. What a user would see
 * change shows as a changed line.
 */
export function goldenText(events: readonly AgentEvent[], root: string): string {
  const names = new Map<string, string>();
  const name = (id: string) => {
    const known = names.get(id) ?? `call${names.size + 1}`;
    names.set(id, known);
    return known;
  };
  return `${inCallOrder(events.filter((e) => e.type !== 'session_started' && e.type !== 'usage'))
    .map((e) => line(e, name))
    .join('\n')
    .replaceAll(root, '<root>')
    .replaceAll(/\d{4}-\d{2}-\d{2}/g, '<date>')}\n`;
}

/** Calls of one turn run side by side and end in any order: what is told of each stands together, in the order of the calls. */
function inCallOrder(events: readonly AgentEvent[]): readonly AgentEvent[] {
  const ordered: AgentEvent[] = [];
  let batch: { readonly call: string | undefined; readonly event: AgentEvent }[] = [];
  const flush = () => {
    const calls = [...new Set(batch.flatMap(({ call }) => call ?? []))];
    // How many of several run at a time is nobody's promise.
    const told = calls.length > 1 ? calls.flatMap((of) => batch.filter(({ call }) => call === of)) : batch;
    ordered.push(...told.map(({ event }) => event));
    batch = [];
  };
  for (const event of events) {
    const call = callOf(event);
    const acting = event.type === 'state_changed' && event.workflow.at === 'acting';
    if (call !== undefined || acting) {
      batch.push({ call, event });
      continue;
    }
    flush();
    ordered.push(event);
  }
  flush();
  return ordered;
}

function callOf(event: AgentEvent): string | undefined {
  if (event.type === 'permission_decided') return event.decision.callId;
  return 'callId' in event && typeof event.callId === 'string' ? event.callId : undefined;
}

function line(event: AgentEvent, name: (id: string) => string): string {
  const parts = Object.entries(event)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== undefined)
    .map(([key, value]) => `${key}=${shown(key, value, name)}`);
  return [event.type, ...parts].join(' ');
}

const HIDDEN = new Set([
  'id',
  'at',
  'session',
  'agent',
  'seq',
  'type',
  'turn',
  'ms',
  'inputHash',
  'key',
  'preimages',
  'kept',
  'files',
  'model',
  'choices',
  'layers',
]);
const OPAQUE = new Set(['inputHash', 'signature', 'preimages', 'model', 'choices']);

function shown(key: string, value: unknown, name: (id: string) => string): string {
  if (key === 'callId' || key === 'askId' || key === 'of_id') return name(String(value));
  return JSON.stringify(value, (inner, v: unknown) => {
    if (OPAQUE.has(inner)) return undefined;
    if (inner === 'callId' || inner === 'askId') return name(String(v));
    if (inner === 'calls' && typeof v === 'object' && v !== null)
      return Object.fromEntries(Object.entries(v).map(([id, state]) => [name(id), state]));
    if (inner === 'id' && typeof v === 'string' && v.startsWith('toolu_')) return name(v);
    return v;
  });
}

/** Compares with the file, or writes it when `UPDATE_GOLDEN` is set. */
export function assertGolden(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing: run with UPDATE_GOLDEN=1 and look at what it writes`);
  assert.equal(text, readFileSync(file, 'utf8'));
}
