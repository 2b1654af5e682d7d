import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProofParts, provenStore } from '../../src/core/identity/proven-log';
import { type Verification, verifySession } from '../../src/core/identity/verify';
import type { Identity } from '../../src/core/ports/identity';
import type { Store } from '../../src/core/ports/store';
import { stableJson } from '../../src/core/stable';
import { systemClock } from '../../src/node/clock';
import { sha256 } from '../../src/node/hash';
import { createIdentity } from '../../src/node/identity/keys';
import { signatureCheck } from '../../src/node/identity/signing';
import { sealed } from '../../src/node/line-sum';
import { createProofFiles } from '../../src/node/proof-file';
import { createStore } from '../../src/node/store';
import type { AgentEvent, NewEvent } from '../../src/protocol/events';
import { stamper } from '../contract/support/store';

/** An operator whose keys are made of one byte, over and over. */
export function identityOf(byte: number): Identity {
  const secret = byte.toString(16).padStart(2, '0').repeat(32);
  return createIdentity({ take: async () => secret, introduce: async () => {} });
}

const mine = identityOf(7);

/** A store in a temporary folder that signs what it writes. */
export type Proven = {
  readonly folder: string;
  readonly store: Store;
  as(identity: Identity, more?: Partial<ProofParts>): Store;
  lines(session: string, file: 'events.jsonl' | 'proof.jsonl'): Promise<string[]>;
  verify(
    events: readonly string[] | null,
    proof: readonly string[] | null,
    trusted?: readonly string[],
    heads?: readonly string[],
  ): Promise<Verification>;
  remove(): Promise<void>;
};

export async function makeProven(): Promise<Proven> {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-proof-'));
  const as: Proven['as'] = (identity, more = {}) =>
    provenStore(createStore({ folder, clock: systemClock }), {
      identity,
      files: createProofFiles(folder),
      check: signatureCheck,
      clock: systemClock,
      ...more,
    });
  const joined = (lines: readonly string[] | null) => (lines === null ? null : lines.map((line) => `${line}\n`).join(''));
  return {
    folder,
    store: as(mine),
    as,
    lines: async (session, file) => (await readFile(join(folder, 'sessions', session, file), 'utf8')).split('\n').slice(0, -1),
    verify: (events, proof, trusted = [], heads = []) =>
      verifySession({ events: joined(events), proof: joined(proof) }, { check: signatureCheck, seal: sealed, trusted, heads }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a session does: it begins, and each effect is allowed, announced and done. */
export function story(session: string, effects: number): readonly AgentEvent[] {
  const stamp = stamper(session);
  const calls = Array.from({ length: effects }, (_, i) => effect(session, `call-${i}`)).flat();
  return [STARTED, ...calls, { type: 'session_titled' as const, title: 'The end', by: 'auto' as const }].map(stamp);
}

const STARTED: NewEvent = {
  type: 'session_started',
  version: 1,
  app: 'test',
  roots: ['/work'],
  trusted: true,
  model: 'm',
  mode: 'edit',
  promptVersion: '1',
  system: { fixed: '', facts: '' },
  tools: [{ name: 'edit_file', description: '', inputSchema: {} }],
};

function effect(session: string, callId: string): readonly NewEvent[] {
  const inputHash = sha256(callId);
  const key = sha256(stableJson([session, callId, inputHash]));
  const call = { callId, tool: 'edit_file' };
  const text = { type: 'text' as const, text: `Done: ${callId} \u{1F600}` };
  return [
    {
      type: 'permission_decided',
      decision: {
        ...{ ...call, inputHash, class: 'mutating', verdict: 'allow', by: { kind: 'mode', mode: 'edit' } },
        ...{ handler: 'interactive', reason: 'Edit mode allows it.' },
      },
    },
    { type: 'effect_intended', ...call, class: 'mutating', retrySafe: false, key, preimages: { '/work/a': null } },
    { type: 'tool_finished', ...call, outcome: 'ok', output: [text], summary: 'Done', ms: 1 },
  ];
}

/** Writes events as a session does: flushed now and then, closed at the end. */
export async function write(store: Store, session: string, events: readonly AgentEvent[], together = 4): Promise<void> {
  const log = await store.create(session);
  for (const [i, event] of events.entries()) {
    log.append(event);
    if (i % together === together - 1) await log.flush();
  }
  await log.close();
}
