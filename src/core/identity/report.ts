import type { Verification } from './verify';
import type { Problem, Range } from './verify-parts';

/** What a verification shows, and what no verification of this kind can show. Said with every result. */
export const PROVES =
  'integrity (no line was changed, dropped, moved or put in since it was signed) and attribution (which agent did what, on whose word)';
export const PROVES_NOT =
  'that nothing was cut off at the end, unless the head of the chain was noted elsewhere; that the operator is who they say, unless you know their DID; what lies in other files than the log (outputs kept aside, copies of files)';

/** Enough to see what happened. */
const MOST = 20;

/** The result in plain words, one line each. `hosts`: what is known of an operator, by DID. */
export function verificationText(result: Verification, hosts: ReadonlyMap<string, string>): string {
  const { problems, agents, late, copied, head } = result;
  const session = result.session ?? 'unknown';
  const lines = [
    result.verdict === 'proven'
      ? `Session ${session}: everything is as it was signed.`
      : `Session ${session}: NOT proven, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`,
    ...problems.slice(0, MOST).map((problem) => `  ${problemText(problem)}`),
    ...(problems.length > MOST ? [`  and ${problems.length - MOST} more like these`] : []),
    `Covered: ${result.covered} of ${result.events} events, by ${result.records} signed records; ${result.decisions} decisions, ${result.effects} effects.`,
    ...[...new Map(agents.map((agent) => [agent.did, agent])).values()].flatMap(({ did, name, operator }) => [
      `Agent (${name}): ${did}`,
      `  on the word of ${operator}${hosts.has(operator) ? ` (${hosts.get(operator)} of this storage)` : ''}`,
    ]),
    ...late.map((range) => `${rangeText(range)} signed late, when the session was taken up after it had been cut off.`),
    ...copied.map((range) => `${rangeText(range)} copied from the session that this one was forked from.`),
    ...(problems.some(({ what }) => what.includes('does not count here'))
      ? ['Whose word counts: the operators named with --operator, else those of this storage. Name one that you know to be right.']
      : []),
    ...(head ? [`Head: record ${head.record}, ${head.hash}`] : []),
    `This proves ${PROVES}.`,
    `It does not prove ${PROVES_NOT}.`,
  ];
  return lines.join('\n');
}

function problemText({ file, line, kind, what }: Problem): string {
  return `${file} line ${line}: ${kind}: ${what}`;
}

function rangeText({ from, to }: Range): string {
  return from === to ? `Event ${from} was` : `Events ${from} to ${to} were`;
}
