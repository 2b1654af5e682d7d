import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../../../src/core/errors';
import type { ModelMessage, ToolResult, UserBlock } from '../../../src/core/ports';
import type { Symbols } from '../../../src/core/ports/language';
import type { Shell } from '../../../src/core/ports/shell';
import { defineTool, type Tool } from '../../../src/core/tool';
import { DEMO_MODEL } from '../../../src/demo/model-name';
import { startDemoModel } from '../../../src/demo/start';
import { createModelClient } from '../../../src/model/client';
import { createDocuments } from '../../../src/node/documents';
import { createSearch } from '../../../src/node/search';
import { createShell } from '../../../src/node/shell';
import type { AssistantBlock, Content, ToolUseBlock } from '../../../src/protocol/blocks';
import { diagnostics } from '../../../src/tools/diagnostics';
import { editFile } from '../../../src/tools/edit-file';
import { glob } from '../../../src/tools/glob';
import { grep } from '../../../src/tools/grep';
import { readFile as readFileTool } from '../../../src/tools/read-file';
import { symbols } from '../../../src/tools/symbols';
import { tasks } from '../../../src/tools/tasks';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

/** A call as the model made it, and what came of it. */
export type Made = {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly isError: boolean;
};
export type Talk = {
  readonly calls: readonly Made[];
  /** Calls that came in one message, by name. */
  readonly batches: readonly (readonly string[])[];
  readonly thinking: readonly string[];
  /** What was said on the way. */
  readonly said: readonly string[];
  /** The last words. */
  readonly answer: string;
};
export type AgentOptions = {
  readonly without?: readonly string[];
  readonly symbols?: Symbols;
  /** A text instead of running the call: a denial, an interruption. */
  readonly instead?: (call: ToolUseBlock, count: number) => string | undefined;
  /** What the harness adds to a result. */
  readonly append?: (call: ToolUseBlock, text: string) => string | undefined;
  /** What the user or the harness says along with the results of the nth batch, from 1, of these tools. */
  readonly meanwhile?: (batch: number, tools: readonly string[]) => string | undefined;
  /** Leaves off after the nth batch, as a stop would. */
  readonly stopAfter?: number;
};
export type Workspace = {
  readonly root: string;
  read(path: string): Promise<string>;
  change(path: string, from: string, to: string): Promise<void>;
  /** Leaves one file of tests, which `npm test` then runs in one process. */
  onlyTest(name: 'cart' | 'discount' | 'invoice'): Promise<void>;
  /** From here on `npm test` runs its script without npm, whose start takes longer than the tests: for work that guesses. */
  withoutNpm(): Promise<void>;
  ask(text: string, options?: AgentOptions): Promise<Talk>;
};

const never = new AbortController().signal;
const zScripts = z.object({ scripts: z.object({ test: z.string() }) });

/** The sample project in a folder of its own, and an agent that lets the demo model loose on it with the real tools. */
export async function withSample(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'plumb-demo-'));
  const demo = await startDemoModel({ paceMs: 0 });
  const history: ModelMessage[] = [];
  let alone: string | undefined;
  try {
    await cp(new URL('../../../media/sample', import.meta.url), root, { recursive: true });
    await use({
      root,
      read: (path) => readFile(join(root, path), 'utf8'),
      async change(path, from, to) {
        const text = await readFile(join(root, path), 'utf8');
        if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
        await writeFile(join(root, path), text.replace(from, to));
      },
      async onlyTest(name) {
        for (const other of ['cart', 'discount', 'invoice']) if (other !== name) await rm(join(root, `test/${other}.test.js`));
        alone = `node --test-reporter=spec test/${name}.test.js`;
      },
      async withoutNpm() {
        const { scripts } = zScripts.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
        alone = scripts.test;
      },
      ask: (text, options = {}) => converse(demo.url, root, history, text, { ...options, testsAre: alone }),
    });
  } finally {
    await demo.close();
    await rm(root, { recursive: true, force: true });
  }
}

type Conversing = AgentOptions & { readonly testsAre: string | undefined };

async function converse(url: string, root: string, history: ModelMessage[], text: string, options: Conversing): Promise<Talk> {
  const shell = createShell({ setting: '' });
  const ports = fakePorts({
    documents: createDocuments({ roots: [root] }) as never,
    search: createSearch({ setting: '' }),
    shell,
    ...(options.symbols ? { symbols: options.symbols } : {}),
  });
  const facts = { cwd: root, roots: [root], trusted: true, mode: 'ask' as const };
  const pool = [readFileTool, editFile, glob, grep, diagnostics, symbols, tasks, shellTool(shell, root, options.testsAre)].filter(
    (tool) => tool.available(ports, facts) === true && !options.without?.includes(tool.name),
  );
  const session = toolSession(ports, facts);
  const client = createModelClient({ baseUrl: url });
  const calls: Made[] = [];
  const batches: string[][] = [];
  const blocks: AssistantBlock[] = [];
  history.push({
    role: 'user',
    content: [
      { type: 'text', text: `<plumb_notice>\nToday is a good day.\n</plumb_notice>` },
      { type: 'text', text },
    ],
  });

  try {
    for (let turn = 0; turn < 60; turn += 1) {
      const reply = await oneReply(client, root, pool, history);
      history.push({ role: 'assistant', content: reply });
      blocks.push(...reply);
      const wanted = reply.filter((block) => block.type === 'tool_use');
      if (wanted.length === 0) return talkOf(calls, batches, blocks, reply);
      batches.push(wanted.map(({ name }) => name));
      const stopped = options.stopAfter === batches.length;
      const results: ToolResult[] = [];
      for (const call of wanted) {
        const made = stopped
          ? { text: 'The user stopped this call before it ran.', isError: true }
          : await run(call, calls.length, pool, session, options);
        calls.push({ name: call.name, input: call.input, ...made });
        results.push({ type: 'tool_result', callId: call.id, content: [{ type: 'text', text: made.text }], isError: made.isError });
      }
      const words = options.meanwhile?.(batches.length, batches.at(-1) ?? []);
      const tail: UserBlock[] = words === undefined ? [] : [{ type: 'text', text: words } satisfies Content];
      history.push({ role: 'user', content: [...results, ...tail] });
      if (stopped) return talkOf(calls, batches, blocks, reply);
    }
    throw new Error('the demo model does not come to an end');
  } finally {
    await shell.dispose();
  }
}

/** Runs the command and answers as the real tool does, without judging it first: what may run is no matter of these tests. */
function shellTool(shell: Shell, cwd: string, testsAre: string | undefined): Tool {
  return defineTool({
    name: 'shell',
    description: 'Run a command in bash.',
    input: z.strictObject({ command: z.string() }),
    summarize: ({ command }) => ({ title: 'Run', detail: command }),
    async run({ command }) {
      const runs = command === 'npm test' ? (testsAre ?? command) : command;
      const { output, exitCode } = await shell.run({ command: runs, cwd, timeoutMs: 60_000 }, () => {}, never);
      const content = `${output.trimEnd() || '(no output)'}${exitCode === 0 ? '' : `\n[Exit code ${exitCode}]`}`;
      return { content, summary: '', failed: exitCode !== 0 };
    },
  });
}

async function oneReply(
  client: ReturnType<typeof createModelClient>,
  root: string,
  pool: readonly Tool[],
  messages: readonly ModelMessage[],
) {
  const request = {
    model: DEMO_MODEL,
    maxTokens: 16_000,
    tools: pool.map((tool) => tool.spec()),
    system: [
      { text: 'You are Plumb.', mark: true },
      { text: `Workspace: ${root}\nPlatform: linux, shell bash`, mark: true },
    ],
    messages,
    effort: 'default' as const,
    idleTimeoutMs: 10_000,
  };
  for await (const chunk of client.stream(request, never)) if (chunk.type === 'finished') return chunk.blocks;
  throw new Error('no reply');
}

async function run(
  call: ToolUseBlock,
  count: number,
  pool: readonly Tool[],
  session: ReturnType<typeof toolSession>,
  options: AgentOptions,
) {
  const instead = options.instead?.(call, count);
  if (instead !== undefined) return { text: instead, isError: true };
  const tool = pool.find(({ name }) => name === call.name);
  if (!tool) return { text: `There is no tool called ${call.name}.`, isError: true };
  try {
    const output = await session.run(tool, call.input);
    const text = textOf(output);
    return { text: [text, options.append?.(call, text)].filter(Boolean).join('\n'), isError: output.failed === true };
  } catch (error) {
    if (error instanceof ToolError) return { text: error.text, isError: true };
    throw error;
  }
}

function talkOf(
  calls: readonly Made[],
  batches: readonly string[][],
  blocks: readonly AssistantBlock[],
  last: readonly AssistantBlock[],
): Talk {
  const texts = (from: readonly AssistantBlock[]) => from.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return {
    calls,
    batches,
    thinking: blocks.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])),
    said: texts(blocks),
    answer: texts(last).join('\n'),
  };
}
