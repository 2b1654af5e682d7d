import { LOG_VERSION } from '../../protocol/log';
import type { SignatureCheck } from '../ports/identity';
import { stableJson } from '../stable';
import { type CheckedChain, headerIn } from './verify-chain';
import { linesOf, objectIn, type Problem, type ProblemKind } from './verify-parts';

type Parts = { readonly check: SignatureCheck; readonly seal: (json: string) => string };
type Line = {
  readonly line: number;
  readonly seq: number | null;
  readonly type: string;
  readonly hash: string;
  readonly asWritten: boolean;
};

/** The lines of the log against what the chain says of them. */
export function checkLines(
  events: string,
  chain: CheckedChain,
  { check, seal }: Parts,
): { readonly events: number; readonly covered: number; readonly problems: readonly Problem[] } {
  const { signed } = chain;
  const problems: Problem[] = [];
  const tell = (kind: ProblemKind, line: number, what: string, event?: number) =>
    problems.push({ kind, file: 'events.jsonl', line, ...(event === undefined ? {} : { event }), what });
  const { lines: texts, torn } = linesOf(events);
  const header = headerIn(events);
  if (!header || header.version !== LOG_VERSION || JSON.stringify(header) !== texts[0])
    tell('edited', 1, 'The header of the log is not as Plumb wrote it.');
  const lines = [...texts.slice(1), ...(torn === '' ? [] : [torn])].map((text, i) => read(text, i + 2));
  const holds = (line: Line) => line.seq !== null && signed.get(line.seq)?.hash === line.hash;
  const whole = new Set(lines.filter(holds).map(({ seq }) => seq));
  const seen = new Set<number>();
  /** Numbers whose line is there, if not as it was: they are not gone. */
  const touched = new Set<number>();
  let covered = 0;
  let last = 0;
  for (const line of lines) judge(line);
  goneFrom();
  return {
    events: lines.length,
    covered,
    problems: merged(
      problems.sort((a, b) => a.line - b.line),
      chain.problems.length > 0,
    ),
  };

  function read(text: string, line: number): Line {
    const value = objectIn(text);
    if (!value) return { line, seq: null, type: '', hash: '', asWritten: false };
    const { sum: _, ...event } = value;
    const seq = typeof event.seq === 'number' ? event.seq : null;
    const json = textsOf(event);
    return {
      line,
      seq,
      type: String(event.type),
      hash: json ? check.hash(json.stable) : '',
      asWritten: json !== null && seal(json.plain) === text,
    };
  }

  function judge(line: Line): void {
    const { seq } = line;
    if (seq === null) {
      const stood = last + 1;
      if (signed.has(stood) && !whole.has(stood)) touched.add(stood);
      tell('edited', line.line, 'It is no event any more, or never was one.', stood);
      last = stood;
      return;
    }
    const name = `Event ${seq} (${line.type})`;
    const known = signed.get(seq);
    if (holds(line) && !seen.has(seq)) {
      seen.add(seq);
      covered += 1;
      if (!line.asWritten) tell('edited', line.line, `${name} says what was signed, but its line is not as Plumb wrote it.`, seq);
      if (seq < last) tell('reordered', line.line, `${name} stands behind event ${last}.`, seq);
      last = Math.max(last, seq);
      return;
    }
    if (seen.has(seq) || whole.has(seq)) tell('forged', line.line, `${name} was put in: the line that was signed is there as well.`, seq);
    else if (!known) tell('uncovered', line.line, `${name} is covered by no signature.`, seq);
    else if (known.hash === null) tell('forged', line.line, `${name} was put in: it was missing when the log was signed.`, seq);
    else {
      touched.add(seq);
      tell('edited', line.line, `${name} was changed after it was signed.`, seq);
    }
    last = Math.max(last, seq);
  }

  /** What stood side by side is told as one. */
  function goneFrom(): void {
    let row: { from: number; to: number; line: number } | null = null;
    const close = () => {
      if (!row) return;
      const { from, to, line } = row;
      const what = from === to ? `Event ${from}, which was signed, is` : `Events ${from} to ${to}, which were signed, are`;
      tell('dropped', line, `${what} gone from before this line.`, from);
      row = null;
    };
    for (const [seq, { hash }] of [...signed].sort(([a], [b]) => a - b)) {
      if (hash === null || seen.has(seq) || touched.has(seq)) continue;
      if (row?.to === seq - 1) row.to = seq;
      else {
        close();
        row = { from: seq, to: seq, line: lines.find((line) => line.seq !== null && line.seq > seq)?.line ?? lines.length + 2 };
      }
    }
    close();
  }
}

/** Null for what is nested so deep that nobody can have written it as an event. */
function textsOf(event: object): { readonly stable: string; readonly plain: string } | null {
  try {
    return { stable: stableJson(event), plain: JSON.stringify(event) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A row of lines that nothing covers is one thing to tell. With a broken chain it follows from that. */
function merged(problems: readonly Problem[], broken: boolean): readonly Problem[] {
  const out: Problem[] = [];
  let row: { first: Problem; last: Problem } | null = null;
  const close = () => {
    if (row) out.push(told(row.first, row.last, broken));
    row = null;
  };
  for (const problem of problems) {
    if (problem.kind !== 'uncovered') {
      close();
      out.push(problem);
    } else if (row && problem.line === row.last.line + 1) row = { first: row.first, last: problem };
    else {
      close();
      row = { first: problem, last: problem };
    }
  }
  close();
  return out;
}

function told(first: Problem, last: Problem, broken: boolean): Problem {
  const lines = first.line === last.line ? 'This line is' : `Lines ${first.line} to ${last.line} are`;
  const why = broken
    ? 'the part of the chain that covers them does not hold'
    : 'Plumb was stopped before it signed them or is at work now, or somebody else wrote them';
  return { ...first, what: `${lines} covered by no signature: ${why}.` };
}
