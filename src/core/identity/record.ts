import { z } from 'zod';
import { zOutcome } from '../../protocol/call-events';
import type { AgentEvent } from '../../protocol/events';
import type { LogHeader } from '../../protocol/log';
import { zEffectClass } from '../../protocol/permission';
import type { SignatureCheck, Signer } from '../ports/identity';
import { stableJson } from '../stable';
import { canonicalJson } from './canonical';
import { zCredential } from './credential';
import { toBase64Url } from './multibase';

/**
 * A line of `proof.jsonl` [I3]: the canonical JSON of a record, signed by the agent, holding the hash of the line before it.
 * Each record covers the lines of the session's log since the last one by their hashes, so that a changed line is told by
 * its number; where the newest of them is a decision or an effect, the record says which, and what allowed it.
 */
const zHash = z.string().regex(/^[0-9a-f]{64}$/);
const base = {
  v: z.literal(1),
  /** From 0 without a gap. */
  n: z.number().int().nonnegative(),
  /** SHA-256 of the line before this one; of the log's header for the first. */
  prev: zHash,
  session: z.string(),
  at: z.number(),
  /** The DID of the agent that signs. */
  by: z.string(),
  /** The events that it covers: `first` is the number of the first, null stands for one that was missing. */
  first: z.number().int().positive(),
  lines: z.array(zHash.nullable()),
  sig: z.string(),
};

export const zRecord = z.discriminatedUnion('kind', [
  /** Introduces the agent that signs from here on, with what it may do and on whose word. */
  z.strictObject({ ...base, kind: z.literal('agent'), credential: zCredential }),
  z.strictObject({
    ...base,
    kind: z.literal('decision'),
    callId: z.string(),
    tool: z.string(),
    inputHash: z.string(),
    verdict: z.enum(['allow', 'deny']),
    decider: z.string(),
  }),
  /** An effect that is about to happen. `allowedBy`: the event of the decision; null when there was none. */
  z.strictObject({
    ...base,
    kind: z.literal('intent'),
    callId: z.string(),
    tool: z.string(),
    class: zEffectClass,
    key: z.string(),
    allowedBy: z.number().int().nullable(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('outcome'),
    callId: z.string(),
    tool: z.string(),
    outcome: zOutcome,
    intent: z.number().int(),
  }),
  z.strictObject({ ...base, kind: z.literal('lines') }),
  /** Lines that were found in the log, not written by this agent as it went: those of a crash, or copied into a fork. */
  z.strictObject({ ...base, kind: z.literal('found'), why: z.enum(['late', 'copied']) }),
]);
export type ProofRecord = z.infer<typeof zRecord>;
type Unsigned<R> = R extends ProofRecord ? Omit<R, 'sig'> : never;
export type UnsignedRecord = Unsigned<ProofRecord>;
/** What a record says, without its place in the chain. */
type Place = 'v' | 'n' | 'prev' | 'session' | 'at' | 'by' | 'sig';
type Unplaced<R> = R extends ProofRecord ? Omit<R, Place> : never;
export type RecordBody = Unplaced<ProofRecord>;

export function signedLine(record: UnsignedRecord, signer: Signer): string {
  const text = canonicalJson(record);
  const sig = toBase64Url(signer.sign(encoder.encode(text)));
  // Where the order of keys puts it; what stands behind holds strings, and no string holds the quotes of a member.
  const before = `"session":${JSON.stringify(record.session)}`;
  const at = text.lastIndexOf(before) + before.length;
  return `${text.slice(0, at)},"sig":${JSON.stringify(sig)}${text.slice(at)}`;
}

/** What of a line is signed: its canonical form without the signature. No string can hold the quotes of a member. */
export function signedPart(line: string, sig: string): Uint8Array {
  return encoder.encode(line.replace(`,"sig":${JSON.stringify(sig)}`, ''));
}

/** What stands for an event: the SHA-256 of its canonical form. A tool's output may hold half a surrogate pair; its escape counts. */
export function eventHash(event: AgentEvent | Readonly<Record<string, unknown>>, { hash }: Pick<SignatureCheck, 'hash'>): string {
  return hash(stableJson(event));
}

/** Where a chain begins: it belongs to one session. Its version may rise with a later Plumb. */
export function headerHash({ session, createdAt }: LogHeader, { hash }: Pick<SignatureCheck, 'hash'>): string {
  return hash(canonicalJson({ plumb: 'session', session, createdAt }));
}

/** Half of a surrogate pair has no canonical form: a name that holds one is written without it. */
export function wellFormed(name: string): string {
  return name.replace(/\p{Surrogate}/gu, '\ufffd');
}

const encoder = new TextEncoder();
