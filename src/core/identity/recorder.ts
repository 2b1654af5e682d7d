import type { AgentEvent } from '../../protocol/events';
import type { Clock } from '../ports';
import type { SignatureCheck, Signer } from '../ports/identity';
import type { ProofFile } from '../ports/proof';
import { type Credential, timeIn } from './credential';
import { eventHash, headerHash, type ProofRecord, type RecordBody, signedLine, zRecord } from './record';
import { createTeller } from './tell';

/** A credential that is shown before it stands in the chain, and the key that goes with it. */
export type Agent = { readonly signer: Signer; readonly credential: Credential };

/** An event of the log, and whether it was copied there from another session. */
export type Taken = { readonly event: AgentEvent; readonly copied: boolean };

export type Recorder = {
  /** The credential that the chain ends with, if it is this agent's. */
  standing(did: string): Credential | null;
  /** The lines that cover these events, which follow one another. Nothing is taken until `done`. */
  lines(taken: readonly Taken[], agent: Agent): { readonly lines: readonly string[]; done(): void };
};

/** Goes on with a chain where it ends. `past`: what the log held when it was opened. */
export function createRecorder(
  { header, last, lastAgent }: Pick<ProofFile, 'header' | 'last' | 'lastAgent'>,
  past: readonly AgentEvent[],
  { check, clock }: { readonly check: Pick<SignatureCheck, 'hash'>; readonly clock: Pick<Clock, 'now'> },
): Recorder {
  const end = last === null ? null : parseRecord(last);
  let n = end ? end.n + 1 : 0;
  let prev = last === null ? headerHash(header, check) : check.hash(last);
  let covered = end ? end.first + end.lines.length - 1 : 0;
  let introduced = credentialIn(lastAgent);
  const teller = createTeller();
  for (const event of past) teller.note(event);

  function build(taken: readonly Taken[], { signer, credential }: Agent) {
    const lines: string[] = [];
    const state = { n, prev, covered };
    const add = (body: RecordBody) => {
      const at = timeIn(credential, clock.now());
      const place = { v: 1 as const, n: state.n, prev: state.prev, session: header.session, at, by: signer.did };
      const line = signedLine({ ...body, ...place }, signer);
      lines.push(line);
      state.n += 1;
      state.prev = check.hash(line);
      if (body.lines.length > 0) state.covered = body.first + body.lines.length - 1;
    };
    const next = () => state.covered + 1;

    if (introduced !== credential) add({ kind: 'agent', credential, first: next(), lines: [] });
    const from = taken[0]?.event.seq ?? next();
    if (from > next()) add({ kind: 'found', why: 'late', first: next(), lines: hashesBetween(next(), from) });
    let waiting: Taken[] = [];
    const first = () => waiting[0]?.event.seq ?? next();
    const hashes = () => waiting.map(({ event }) => eventHash(event, check));
    for (const one of taken) {
      if (waiting[0] && waiting[0].copied !== one.copied) flush();
      waiting.push(one);
      if (one.copied) continue;
      const told = teller.tell(one.event);
      if (!told) continue;
      add({ ...told, first: first(), lines: hashes() });
      waiting = [];
    }
    flush();
    return { lines, state };

    function flush(): void {
      const [one] = waiting;
      if (!one) return;
      const body = { first: first(), lines: hashes() };
      add(one.copied ? { kind: 'found', why: 'copied', ...body } : { kind: 'lines', ...body });
      waiting = [];
    }
  }

  function hashesBetween(from: number, to: number): (string | null)[] {
    const known = new Map(past.map((event) => [event.seq, event]));
    return Array.from({ length: to - from }, (_, i) => {
      const event = known.get(from + i);
      return event ? eventHash(event, check) : null;
    });
  }

  return {
    standing: (did) => (introduced?.credentialSubject.id === did ? introduced : null),
    lines(taken, agent) {
      const { lines, state } = build(taken, agent);
      return {
        lines,
        done() {
          ({ n, prev, covered } = state);
          introduced = agent.credential;
        },
      };
    },
  };
}

/** A line of the chain; null for anything else. */
export function parseRecord(line: string): ProofRecord | null {
  try {
    return zRecord.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function credentialIn(line: string | null): Credential | null {
  const record = line === null ? null : parseRecord(line);
  return record?.kind === 'agent' ? record.credential : null;
}
