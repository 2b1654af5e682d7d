import type { SignatureCheck } from '../ports/identity';
import { checkChain } from './verify-chain';
import { checkLines } from './verify-lines';
import type { Problem, Range, Signed, VerifiedAgent } from './verify-parts';

/** What a verifier has before it: copies of a session's two files, and nothing else. */
export type Evidence = {
  /** `events.jsonl`; null when only the chain is at hand. */
  readonly events: string | null;
  /** `proof.jsonl`; null when there is none. */
  readonly proof: string | null;
};

export type VerifyParts = {
  readonly check: SignatureCheck;
  /** The line of a log for the JSON of its event, with its checksum. */
  readonly seal: (json: string) => string;
  /** Operators whose word counts. Empty: that of the first agent does. */
  readonly trusted: readonly string[];
  /** Hashes that the head of the chain had when somebody noted them elsewhere: the chain must still hold each. */
  readonly heads: readonly string[];
};

export type Verification = {
  readonly verdict: 'proven' | 'not_proven';
  readonly session: string | null;
  /** Lines of the log after its header, and how many of them are as they were signed. */
  readonly events: number;
  readonly covered: number;
  readonly records: number;
  readonly decisions: number;
  readonly effects: number;
  readonly agents: readonly VerifiedAgent[];
  /** Signed only when the session was taken up again after a crash: until then nothing vouched for them. */
  readonly late: readonly Range[];
  /** Copied from the session that this one was forked from. */
  readonly copied: readonly Range[];
  /** The end of the chain: whoever noted it elsewhere can tell whether anything was cut off. */
  readonly head: { readonly record: number; readonly hash: string } | null;
  /** Of the chain first, since everything else rests on it; each in the order of its file. */
  readonly problems: readonly Problem[];
};

/** Checks a session against its signed chain [I3]. Needs no key, no network and nothing but the two files. */
export async function verifySession(evidence: Evidence, parts: VerifyParts): Promise<Verification> {
  const chain = await checkChain(evidence, parts);
  const lines = evidence.events === null ? NOTHING : checkLines(evidence.events, chain, parts);
  const problems = [...chain.problems, ...lines.problems];
  const kinds = chain.sound.map(({ record }) => record.kind);
  return {
    verdict: problems.length === 0 ? 'proven' : 'not_proven',
    session: chain.session,
    events: lines.events,
    covered: lines.covered,
    records: chain.records,
    decisions: kinds.filter((kind) => kind === 'decision').length,
    effects: kinds.filter((kind) => kind === 'intent').length,
    agents: chain.agents,
    late: rangesOf(chain.signed, 'late'),
    copied: rangesOf(chain.signed, 'copied'),
    head: chain.head,
    problems,
  };
}

const NOTHING = { events: 0, covered: 0, problems: [] };

function rangesOf(signed: Signed, how: 'late' | 'copied'): readonly Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const [seq, one] of signed) {
    if (one.how !== how) continue;
    const last = ranges.at(-1);
    if (last?.to === seq - 1) last.to = seq;
    else ranges.push({ from: seq, to: seq });
  }
  return ranges;
}
