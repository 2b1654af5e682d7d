import type { Capabilities } from './capabilities';

export type ProblemKind = 'edited' | 'dropped' | 'reordered' | 'forged' | 'foreign' | 'unauthorised' | 'uncovered' | 'missing';

/** What is not as it was signed. */
export type Problem = {
  readonly kind: ProblemKind;
  readonly file: 'events.jsonl' | 'proof.jsonl';
  /** Counted from 1; of what is gone, the line before which it stood. */
  readonly line: number;
  /** The number of the event, where it is about one. */
  readonly event?: number;
  /** A sentence without the place. */
  readonly what: string;
};

export type Range = { readonly from: number; readonly to: number };

export type VerifiedAgent = {
  readonly did: string;
  readonly name: string;
  readonly operator: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly capabilities: Capabilities;
  /** The line of the chain that introduces it. */
  readonly line: number;
};

/** By number of the event: what stands for it (null: it was missing), in which line of the chain, and how it came there. */
export type Signed = ReadonlyMap<
  number,
  { readonly hash: string | null; readonly line: number; readonly how: 'written' | 'late' | 'copied' }
>;

/** The lines of a file; `torn` is what follows the last line end. */
export function linesOf(text: string): { readonly lines: readonly string[]; readonly torn: string } {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  return { lines, torn };
}

export function objectIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}
