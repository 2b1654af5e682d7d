import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostics } from '../../src/core/ports/language';
import { createAssets } from '../../src/node/assets';
import { createSearch } from '../../src/node/search';
import { createShell } from '../../src/node/shell';
import { allTools } from '../../src/tools/index';
import { assertGolden, goldenText } from '../support/golden';
import { reply } from '../support/model-server/reply';
import type { Script } from '../support/model-server/server';
import { type Harness, type HarnessOptions, startHarness } from '../support/session-harness';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '..', '..', 'node_modules');
const shell = createShell({ setting: '/bin/bash' });

type Scenario = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  readonly options?: HarnessOptions;
  /** Plays the user while the run goes on. */
  readonly user?: (harness: Harness) => Promise<void>;
  readonly says?: string;
  /** What the files hold afterwards. */
  readonly after?: Readonly<Record<string, string | null>>;
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'read, edit and run in edit mode',
    files: {
      'src/sum.js': 'exports.sum = (a, b) => a - b;\n',
      'check.js': "process.exit(require('./src/sum.js').sum(1, 2) === 3 ? 0 : 1);\n",
    },
    script: [
      reply
        .thinking('Look first.')
        .text('I read both files.')
        .tools([
          { name: 'read_file', input: { path: 'src/sum.js' } },
          { name: 'read_file', input: { path: 'check.js' } },
        ]),
      reply.tool('edit_file', { path: 'src/sum.js', edits: [{ old_text: 'a - b', new_text: 'a + b' }] }),
      reply.tool('shell', { command: 'node check.js && echo passed' }),
      reply.text('Fixed.'),
    ],
    options: { settings: { mode: 'edit' } },
    user: async ({ event, desk }) => {
      const ask = await event('permission_asked');
      desk.decide(ask.askId, { choice: 'session' });
    },
    after: { 'src/sum.js': 'exports.sum = (a, b) => a + b;\n' },
  },
  {
    name: 'an edit is asked and denied with a reason',
    files: { 'a.txt': 'one\n' },
    script: [reply.tool('edit_file', { path: 'a.txt', edits: [{ old_text: 'one', new_text: 'two' }] }), reply.text('Left as it is.')],
    user: async ({ event, desk }) => {
      const ask = await event('permission_asked');
      assert.equal(ask.preview?.kind, 'diff');
      desk.decide(ask.askId, { choice: 'deny', feedback: 'write it to b.txt' });
    },
    after: { 'a.txt': 'one\n' },
  },
  {
    name: 'plan mode changes nothing',
    files: { 'a.txt': 'one\n' },
    script: [
      reply.tools([
        { name: 'write_file', input: { path: 'b.txt', content: 'x' } },
        { name: 'shell', input: { command: 'touch c.txt' } },
        { name: 'shell', input: { command: 'cat a.txt' } },
      ]),
      reply.text('A plan.'),
    ],
    options: { settings: { mode: 'plan' } },
    after: { 'b.txt': null, 'c.txt': null },
  },
  {
    name: 'an edit that matches nothing shows the nearest place',
    files: { 'a.js': 'function add(a, b) {\n    return a + b;\n}\n' },
    script: [
      reply.tool('edit_file', { path: 'a.js', edits: [{ old_text: '\treturn a + b;', new_text: '\treturn b + a;' }] }),
      reply.text('ok'),
    ],
    options: { settings: { mode: 'edit' } },
  },
  {
    name: 'new problems arrive in the result of the edit',
    files: { 'a.ts': 'let a: number = 1;\n' },
    script: [reply.tool('edit_file', { path: 'a.ts', edits: [{ old_text: '= 1', new_text: "= 'x'" }] }), reply.text('ok')],
    options: { settings: { mode: 'edit' }, diagnostics: scriptedDiagnostics() },
  },
  {
    name: 'questions are answered by the user',
    files: {},
    script: [
      reply.tool('ask_user', { questions: [{ question: 'Which one?', header: 'Pick', options: [{ label: 'A' }, { label: 'B' }] }] }),
      reply.text('Then A.'),
    ],
    user: async ({ event, desk }) => {
      const asked = await event('question_asked');
      desk.answer(asked.callId, [{ question: 'Which one?', chosen: ['A'] }]);
    },
  },
];

/** A language server that says what the file's text implies: the real ones run in the extension host. */
function scriptedDiagnostics(): Diagnostics {
  return {
    current: async () => [],
    baseline: async () => ({ problems: [] }),
    settled: async (_baseline, paths) => ({
      fresh: true,
      fixed: 1,
      added: paths.map((path) => ({
        path,
        line: 1,
        column: 5,
        severity: 'error',
        message: "Type 'string' is not assignable to type 'number'.",
        code: '2322',
        source: 'ts',
      })),
    }),
  };
}

describe('scenarios', () => {
  after(() => shell.dispose());

  for (const scenario of SCENARIOS) {
    it(scenario.name, async () => {
      const harness = await startHarness(scenario.script, {
        tools: allTools({ kind: shell.kind, programs: [] }),
        ...scenario.options,
        ports: {
          shell,
          search: createSearch({ setting: '' }),
          asset: createAssets([join(modules, 'web-tree-sitter'), join(modules, 'tree-sitter-bash')]),
        },
      });
      try {
        for (const [path, text] of Object.entries(scenario.files)) {
          await mkdir(dirname(join(harness.root, path)), { recursive: true });
          await writeFile(join(harness.root, path), text);
        }
        const run = harness.say(scenario.says ?? 'go');
        await scenario.user?.(harness);
        assert.equal(await run, 'done');
        harness.server.assertDone();
        for (const [path, text] of Object.entries(scenario.after ?? {})) {
          assert.equal(await readFile(join(harness.root, path), 'utf8').catch(() => null), text, path);
        }
        assertGolden(
          join(here, 'golden', `${scenario.name.replaceAll(' ', '-').replaceAll(',', '')}.golden`),
          goldenText(harness.session.events(), harness.root),
        );
      } finally {
        await harness.close();
      }
    });
  }
});
