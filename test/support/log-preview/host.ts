import { createLogRows } from '../../../src/editor/log-view/rows';
import type { LogHostMessage, LogViewMessage } from '../../../src/protocol/log-view';
import type { SystemRecord } from '../../../src/protocol/system-log';

/** Stands in for the editor around the log view: rows as many as the address asks for, and one more for each `window.more()`. */
declare global {
  interface Window {
    acquireVsCodeApi(): { postMessage(message: LogViewMessage): void; getState(): unknown; setState(state: unknown): void };
    posted: LogViewMessage[];
    more(): void;
  }
}

const KINDS = ['request', 'usage', 'call', 'permission', 'result', 'retry', 'context', 'end', 'cache'] as const;
const TEXTS: Readonly<Record<(typeof KINDS)[number], string>> = {
  request: 'Request to claude-opus-4-8',
  usage: '18233 tokens in, 412 out, $0.0132',
  call: 'edit_file (mutating)',
  permission: 'edit_file: allow by the user rule allow edit_file(src/**)',
  result: 'edit_file: ok after 38 ms, 61 tokens',
  retry: 'The service is overloaded. (attempt 1 of 8)',
  context: 'Loaded src/core/loop.ts, 1632 tokens',
  end: 'Run ended: failed (network), in phase model, last tool edit_file',
  cache: 'Read 0 of 17900 tokens from the cache: The service kept it for 5 minutes, and 12 had passed.',
};

function record(n: number): SystemRecord {
  const kind = KINDS[n % KINDS.length] ?? 'end';
  const level = kind === 'end' ? 'error' : kind === 'retry' || kind === 'cache' ? 'warn' : 'info';
  const call = ['call', 'permission', 'result'].includes(kind) ? `toolu_${Math.floor(n / KINDS.length)}` : undefined;
  return {
    v: 1,
    at: 1_760_000_000_000 + n * 137,
    level,
    kind,
    session: n % 18 < 9 ? '4f3c21aa-0000-4000-8000-000000000001' : 'b81e77d0-0000-4000-8000-000000000002',
    turn: Math.floor(n / 9) % 40,
    call,
    text: TEXTS[kind],
    data: { tool: 'edit_file', ms: 38, note: 'a longer value that has to break somewhere in a narrow window, whatever its width is' },
  };
}

const rows = createLogRows();
let count = Number(new URLSearchParams(location.search).get('rows') ?? 0);
rows.take({ anew: true, records: Array.from({ length: count }, (_, n) => record(n)) });

const post = (message: LogHostMessage) => window.postMessage(message, '*');
const state = () => post({ type: 'state', state: rows.state() });
window.posted = [];
window.more = () => {
  rows.take({ anew: false, records: [record(count++)] });
  state();
};
window.acquireVsCodeApi = () => ({
  getState: () => undefined,
  setState: () => undefined,
  postMessage(message) {
    window.posted.push(message);
    if (message.type === 'ready' || message.type === 'filter') {
      rows.filter(message.filter);
      state();
    } else if (message.type === 'rows' && message.version === rows.state().version)
      post({ type: 'rows', version: message.version, from: message.from, rows: rows.rows(message.from, message.count) });
  },
});
