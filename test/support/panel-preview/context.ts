import type { ContextBlock, ContextReport } from '../../../src/protocol/context';
import type { HostMessage } from '../../../src/protocol/messages';
import { ROOT, SESSION } from './script';

type Turn = { readonly said: string; readonly calls: readonly (readonly [call: string, tokens: number])[]; readonly reply: string };

const TURNS: readonly Turn[] = [
  {
    said: 'The test of the till fails. Find out why and fix it.',
    calls: [
      [`Read ${ROOT}/src/till.ts`, 2_100],
      [`Read ${ROOT}/test/till.test.ts`, 3_400],
      ['Run npm test', 9_800],
    ],
    reply: 'The sum drops the first price.',
  },
  { said: '', calls: [[`Edit ${ROOT}/src/till.ts`, 240]], reply: '' },
  {
    said: 'Now look at the receipt, and at everything that prints it, in all of its variants.',
    calls: [['Search receipt', 12_400]],
    reply: 'There are three places.',
  },
  { said: 'Good. Update the docs.', calls: [[`Read ${ROOT}/README.md`, 1_300]], reply: '' },
];

/** What a session of a few turns has in its window; `turns` of them, over and over, for long ones. */
export function report(turns = TURNS.length, change: Partial<ContextReport> = {}): ContextReport {
  const passive = (source: ContextBlock['source'], label: string, tokens: number): ContextBlock => ({
    kind: 'passive',
    source,
    label,
    tokens,
    cached: true,
  });
  const blocks: ContextBlock[] = [
    ...['delete_file', 'edit_file', 'glob', 'grep', 'read_file', 'shell', 'tasks', 'write_file'].map((name, i) =>
      passive('tool', name, 90 + i * 40),
    ),
    passive('system', '', 640),
    passive('facts', '', 60),
    { kind: 'active', source: 'summary', label: 'The conversation before this point was condensed.', tokens: 1_900, cached: true },
    { kind: 'active', source: 'kept', label: `${ROOT}/package.json as it is now:`, tokens: 410, cached: true },
  ];
  for (let n = 0; n < turns; n++) {
    const { said, calls, reply } = TURNS[n % TURNS.length] ?? { said: '', calls: [], reply: '' };
    const turn = n + 1;
    const cached = n < turns - 1;
    const add = (source: ContextBlock['source'], label: string, tokens: number, more: Partial<ContextBlock> = {}) =>
      blocks.push({ kind: 'active', source, label, tokens, cached, turn, ...more });
    if (said) add('user', said, 30);
    add('thinking', '', 220);
    for (const [i, [label, tokens]] of calls.entries()) add('call', label, Math.min(60, tokens), { id: `c${turn}.${i}` });
    for (const [i, [label, tokens]] of calls.entries()) {
      const marks = { evicted: n === 1 && turns > 2, pinned: n === 0 && i === 0 };
      add('result', label, marks.evicted ? 37 : tokens, { id: `c${turn}.${i}`, ...marks });
    }
    if (reply) add('reply', reply, 40);
  }
  const wholeTurns = Array.from({ length: Math.max(0, turns - 2) }, (_, i) => i + 2).filter((turn) => turn < turns);
  return {
    blocks,
    entries: [10, 14, ...blocks.flatMap((b, i) => (b.cached && blocks[i + 1]?.turn !== b.turn && b.turn !== undefined ? [i + 1] : []))],
    wholeTurns,
    window: 200_000,
    price: { input: 5, cacheRead: 0.5, cacheWrite: 6.25 },
    dropsThinking: true,
    running: false,
    waiting: 0,
    undo: { tokens: 8_400, reread: 21_000, once: 0.12075, more: 0.0042 },
    stale: { ids: ['c1.1', 'c1.2'], tokens: 13_200 },
    warmUntil: 1,
    ...change,
  };
}

export function contextMessage(turns?: number, change?: Partial<ContextReport>): HostMessage {
  return { type: 'context', session: SESSION, report: report(turns, change) };
}
