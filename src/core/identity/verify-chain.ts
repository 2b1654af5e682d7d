import { type LogHeader, zLogHeader } from '../../protocol/log';
import type { SignatureCheck } from '../ports/identity';
import { stableJson } from '../stable';
import { canonicalJson } from './canonical';
import { chainFault } from './delegation';
import { publicKeyOf } from './did-key';
import { fromMultibase } from './multibase';
import { headerHash, type ProofRecord, signedPart } from './record';
import { parseRecord } from './recorder';
import type { Evidence, VerifyParts } from './verify';
import { linesOf, objectIn, type Problem, type ProblemKind, type Signed, type VerifiedAgent } from './verify-parts';

type Entry = { readonly line: number; readonly text: string; readonly hash: string; readonly record: ProofRecord | null };
type SoundRecord = { readonly line: number; readonly record: ProofRecord };

export type CheckedChain = {
  readonly session: string | null;
  readonly records: number;
  readonly agents: readonly VerifiedAgent[];
  readonly sound: readonly SoundRecord[];
  readonly signed: Signed;
  readonly head: { readonly record: number; readonly hash: string } | null;
  readonly problems: readonly Problem[];
};

/** Signatures that are checked side by side. */
const AT_ONCE = 256;

/** The chain by itself: each line signed by an agent that it introduces, each following from the one before. */
export async function checkChain({ events, proof }: Evidence, parts: VerifyParts): Promise<CheckedChain> {
  const { check } = parts;
  const problems: Problem[] = [];
  const tell = (kind: ProblemKind, line: number, what: string) => problems.push({ kind, file: 'proof.jsonl', line, what });
  const header = events === null ? null : headerIn(events);
  if (proof === null || proof === '') {
    tell('missing', 1, 'There is no chain: nothing of this session is signed.');
    return { session: header?.session ?? null, records: 0, agents: [], sound: [], signed: new Map(), head: null, problems };
  }
  const { lines, torn } = linesOf(proof);
  if (torn !== '') tell('edited', lines.length + 1, 'The last line has no end: Plumb was stopped while it wrote it, or it was cut.');
  const entries = lines.map((text, i): Entry => ({ line: i + 1, text, hash: check.hash(text), record: parseRecord(text) }));
  const signatures = await signaturesOf(entries, check);
  const session = header?.session ?? entries.find(({ record }) => record !== null)?.record?.session ?? null;
  const byNumber = new Map<number, Entry>();
  for (const entry of entries) if (entry.record && !byNumber.has(entry.record.n)) byNumber.set(entry.record.n, entry);
  const bad = new Set<Entry>();
  const agents = new Map<string, VerifiedAgent[]>();
  const sound: SoundRecord[] = [];
  let expected = 0;
  for (const [i, entry] of entries.entries()) {
    const fault = await faultIn(entry, signatures[i] ?? false);
    if (entry.record && entry.record.n >= expected) expected = entry.record.n + 1;
    if (!entry.record) expected += 1;
    if (!fault) {
      if (entry.record) sound.push({ line: entry.line, record: entry.record });
      continue;
    }
    bad.add(entry);
    tell(fault.kind, entry.line, fault.what);
  }
  const signed = signedBy(sound);
  // What a broken chain has lost may be what allowed an effect.
  if (problems.length === 0) for (const { line, what } of unlinked(sound, signed, check)) tell('unauthorised', line, what);
  const hashes = new Set(entries.map(({ hash }) => hash));
  for (const noted of parts.heads)
    if (!hashes.has(noted))
      tell(
        'dropped',
        entries.length + 1,
        `The chain has no record with the noted hash ${noted}: it was cut off before it, or written anew.`,
      );
  const last = entries.at(-1);
  const head = last?.record ? { record: last.record.n, hash: last.hash } : null;
  return { session, records: entries.length, agents: [...agents.values()].flat(), sound, signed, head, problems };

  async function faultIn(entry: Entry, signed: boolean): Promise<{ kind: ProblemKind; what: string } | null> {
    const { record, line } = entry;
    if (!record) return { kind: 'edited', what: 'This is no record of a chain.' };
    if (!signed)
      return { kind: 'edited', what: `Record ${record.n} was changed after it was signed, or was never signed by ${record.by}.` };
    if (record.session !== session)
      return { kind: 'foreign', what: `Record ${record.n} is of another session, ${record.session}, not of ${session}.` };
    if (byNumber.get(record.n) !== entry) return { kind: 'forged', what: `There is a record ${record.n} before it already.` };
    const misplaced = placeOf(record.n);
    if (misplaced) return misplaced;
    const before = byNumber.get(record.n - 1);
    const follows = record.n === 0 ? header === null || record.prev === headerHash(header, check) : before?.hash === record.prev;
    if (!follows && record.n === 0)
      return { kind: 'foreign', what: 'The chain does not begin at this log: its header was changed, or it is another.' };
    if (!follows && before && !bad.has(before))
      return { kind: 'forged', what: `Record ${record.n} does not follow from record ${record.n - 1}: one of them was replaced.` };
    return record.kind === 'agent' ? introduce(record, line) : standing(record);
  }

  function placeOf(n: number): { kind: ProblemKind; what: string } | null {
    if (n === expected) return null;
    if (n < expected) return { kind: 'reordered', what: `Record ${n} stands behind record ${expected - 1}.` };
    const gone = Array.from({ length: Math.min(n - expected, entries.length + 1) }, (_, i) => expected + i).filter(
      (one) => !byNumber.has(one),
    );
    if (gone.length === 0) return { kind: 'reordered', what: `Record ${n} stands before record ${expected}.` };
    const what = gone.length === 1 ? `Record ${gone[0]} is gone` : `Records ${gone[0]} to ${n - 1} are gone`;
    return { kind: 'dropped', what: `${what} from before this line.` };
  }

  async function introduce(record: Extract<ProofRecord, { kind: 'agent' }>, line: number) {
    const { credential, by, at, n } = record;
    const { id, agent, session: of, capabilities } = credential.credentialSubject;
    const operator = credential.issuer.id;
    const fault = id === by && of === session ? await chainFault([credential], at, check) : 'its credential is of another agent';
    if (fault) return { kind: 'forged' as const, what: `Record ${n} introduces an agent whose credential does not hold: ${fault}.` };
    const [first] = [...agents.values()].flat();
    const counts = parts.trusted.length > 0 ? parts.trusted : [first?.operator ?? operator];
    if (!counts.includes(operator)) {
      const what = `From record ${n} on it is signed for ${operator}, an operator whose word does not count here.`;
      return { kind: 'forged' as const, what };
    }
    const { validFrom, validUntil } = credential;
    agents.set(by, [...(agents.get(by) ?? []), { did: by, name: agent, operator, validFrom, validUntil, capabilities, line }]);
    return null;
  }

  function standing({ by, at, n }: ProofRecord) {
    const newest = agents.get(by)?.at(-1);
    if (!newest) return { kind: 'forged' as const, what: `Record ${n} is signed by ${by}, an agent that nothing introduces.` };
    const held = Date.parse(newest.validFrom) <= at && at <= Date.parse(newest.validUntil);
    return held
      ? null
      : { kind: 'forged' as const, what: `Record ${n} was signed outside the time for which its agent's credential holds.` };
  }
}

export function headerIn(events: string): LogHeader | null {
  return zLogHeader.safeParse(objectIn(events.slice(0, Math.max(0, events.indexOf('\n'))))).data ?? null;
}

/**
 * Whether each line is signed by the agent it names. A signature covers every line before it through the hashes, so where
 * all of them fit, the last one of each agent vouches for its others; they are looked at one by one to name what does not.
 */
async function signaturesOf(entries: readonly Entry[], check: SignatureCheck): Promise<readonly boolean[]> {
  const keys = new Map<string, Uint8Array | null>();
  const keyOf: typeof publicKeyOf = (did) => {
    if (!keys.has(did)) keys.set(did, publicKeyOf(did));
    return keys.get(did) ?? null;
  };
  const ofAll = async (some: readonly Entry[]): Promise<readonly boolean[]> => {
    const out: boolean[] = [];
    for (let at = 0; at < some.length; at += AT_ONCE)
      out.push(...(await Promise.all(some.slice(at, at + AT_ONCE).map((entry) => isSigned(entry, keyOf, check)))));
    return out;
  };
  const linked = entries.every(({ record }, i) => record?.n === i && (i === 0 || record.prev === entries[i - 1]?.hash));
  const ends = entries.filter(({ record }, i) => record?.by !== entries[i + 1]?.record?.by);
  if (linked && (await ofAll(ends)).every((signed) => signed)) return entries.map(() => true);
  return ofAll(entries);
}

async function isSigned({ record, text }: Entry, keyOf: typeof publicKeyOf, check: SignatureCheck): Promise<boolean> {
  if (!record || canonicalJson(record) !== text) return false;
  const key = keyOf(record.by);
  const signature = fromMultibase(record.sig);
  return key !== null && signature !== null && check.verify('ed25519', key, signedPart(text, record.sig), signature);
}

/** Effects that no decision allowed, and outcomes of effects that were never announced. What was found in the log is no record of its own. */
function unlinked(
  sound: readonly SoundRecord[],
  signed: Signed,
  check: SignatureCheck,
): readonly { readonly line: number; readonly what: string }[] {
  const byEvent = new Map<number, ProofRecord>();
  const found: { line: number; what: string }[] = [];
  for (const { line, record } of sound) {
    byEvent.set(record.first + record.lines.length - 1, record);
    const isFound = (event: number) => ['late', 'copied'].includes(signed.get(event)?.how ?? '');
    if (record.kind === 'intent' && !(record.allowedBy !== null && isFound(record.allowedBy))) {
      const decision = record.allowedBy === null ? undefined : byEvent.get(record.allowedBy);
      const allowed = decision?.kind === 'decision' && decision.verdict === 'allow' && decision.callId === record.callId;
      const key = allowed ? check.hash(stableJson([record.session, record.callId, decision.inputHash])) : '';
      if (key !== record.key)
        found.push({ line, what: `The effect of ${record.tool} (${record.callId}) follows from no decision that allowed it.` });
    }
    if (record.kind === 'outcome' && !isFound(record.intent)) {
      const intent = byEvent.get(record.intent);
      if (intent?.kind !== 'intent' || intent.callId !== record.callId)
        found.push({ line, what: `The outcome of ${record.tool} (${record.callId}) follows from no effect that was announced.` });
    }
  }
  return found;
}

function signedBy(sound: readonly SoundRecord[]): Signed {
  const signed = new Map<number, { hash: string | null; line: number; how: 'written' | 'late' | 'copied' }>();
  for (const { line, record } of sound) {
    const how = record.kind === 'found' ? record.why : 'written';
    for (const [i, hash] of record.lines.entries()) if (!signed.has(record.first + i)) signed.set(record.first + i, { hash, line, how });
  }
  return signed;
}
