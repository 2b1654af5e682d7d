import type { FileDiff } from '../../../src/protocol/display';
import { createScript, ROOT, type Script } from './script';

export const DIFF: FileDiff = {
  path: `${ROOT}/src/till.ts`,
  kind: 'edit',
  added: 2,
  removed: 1,
  hunks: [
    {
      oldStart: 11,
      newStart: 11,
      lines: [
        [' ', 'export function total(prices: readonly number[]): number {'],
        ['-', '  return prices.slice(1).reduce((sum, price) => sum + price, 0);'],
        ['+', '  // Every price counts, the first one too.'],
        ['+', '  return prices.reduce((sum, price) => sum + price, 0);'],
        [' ', '}'],
      ],
    },
  ],
};

export const PENDING = [
  { path: DIFF.path, diff: DIFF },
  {
    path: `${ROOT}/test/discounts/till-with-a-rather-long-name.test.ts`,
    diff: { ...DIFF, path: `${ROOT}/test/discounts/till-with-a-rather-long-name.test.ts`, kind: 'create' as const, added: 24, removed: 0 },
  },
];

export function start(text: string): Script {
  const script = createScript();
  script.add('user_message', { text, attachments: [], content: [{ type: 'text', text }] });
  script.add('state_changed', { workflow: { at: 'thinking', turn: 1 } });
  script.add('turn_started', { turn: 1, model: 'claude-opus-5' });
  return script;
}

export function say(script: Script, turn: number, text: string): void {
  script.add('assistant_message', { turn, blocks: [{ type: 'text', text }], stop: 'end_turn', partial: false, model: 'claude-opus-5' });
}

export function call(
  script: Script,
  turn: number,
  blocks: readonly { id: string; name: string; input: Record<string, unknown> }[],
  text = '',
): void {
  script.add('assistant_message', {
    turn,
    blocks: [...(text ? [{ type: 'text' as const, text }] : []), ...blocks.map((b) => ({ type: 'tool_use' as const, ...b }))],
    stop: 'tool_use',
    partial: false,
    model: 'claude-opus-5',
  });
}
