import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { WireRequest } from '../../src/demo/wire/request';
import { type Call, reply } from '../support/model-server/reply';
import type { Script } from '../support/model-server/server';

/** The files by path, with what they hold. */
export type Tree = Readonly<Record<string, string>>;

const PROJECT: Tree = {
  'a.txt': 'alpha one\nalpha two\nalpha three\n',
  'b.txt': 'beta one\r\nbeta two\r\n',
  'gone.txt': 'soon gone\n',
  'log.txt': 'begin\n',
  'src/deep/c.ts': 'export const c = 1;\n',
};

export const PROMPT = 'Do all twenty steps.';
/** Commands append, so that one which ran twice shows. */
const appends = (line: string, file = 'log.txt'): Pick<Call, 'name' | 'input'> => ({
  name: 'shell',
  input: { command: `echo ${line} >> ${file}` },
});
const edits = (path: string, old_text: string, new_text: string) => ({
  name: 'edit_file',
  input: { path, edits: [{ old_text, new_text }] },
});
const reads = (path: string) => ({ name: 'read_file', input: { path } });

const STEPS: readonly (readonly Pick<Call, 'name' | 'input'>[])[] = [
  [reads('a.txt'), reads('b.txt'), reads('src/deep/c.ts')],
  [edits('a.txt', 'alpha one', 'alpha ONE')],
  [appends('first')],
  [{ name: 'write_file', input: { path: 'new/new.txt', content: 'new one\nnew two\n' } }],
  [reads('new/new.txt'), appends('second')],
  [edits('a.txt', 'alpha two', 'alpha TWO'), edits('a.txt', 'alpha three', 'alpha THREE')],
  [{ name: 'ask_user', input: { questions: [{ question: 'Which?', header: 'Which', options: [{ label: 'this' }, { label: 'that' }] }] } }],
  [appends('third')],
  [edits('b.txt', 'beta one', 'beta ONE\nbeta and a half'), appends('fourth')],
  [{ name: 'grep', input: { pattern: 'alpha', path: 'a.txt' } }],
  [{ name: 'move_file', input: { from: 'new/new.txt', to: 'moved.txt' } }],
  [{ name: 'write_file', input: { path: 'src/deep/deeper/d.ts', content: 'export const d = 2;\n' } }],
  [appends('fifth'), appends('sixth')],
  [{ name: 'delete_file', input: { path: 'gone.txt' } }],
  [edits('moved.txt', 'new two', 'moved two'), edits('src/deep/c.ts', 'c = 1', 'c = 3')],
  // A file that the model knows, changed behind its back: it is told so once, also when it is taken up again.
  [appends('behind', 'src/deep/c.ts')],
  [{ name: 'tasks', input: { tasks: [{ title: 'All of it', status: 'completed' }] } }],
  [appends('seventh'), reads('moved.txt')],
  [edits('a.txt', 'alpha ONE', 'alpha one again')],
];

/** Answers by what the conversation holds, as a model does, so that it goes on wherever it is taken up. */
export const script: Script = (request: WireRequest) => {
  const turn = request.turns.filter(({ role }) => role === 'assistant').length;
  const step = STEPS[turn];
  if (!step) return reply.thinking('That was all.').text('All twenty steps are done.');
  const calls = step.map((call, i) => ({ ...call, id: idOf(turn, i) }));
  return reply
    .thinking(`Step ${turn + 1}.`)
    .text(`Now step ${turn + 1}, after which ${STEPS.length - turn} are left.`)
    .tools(calls);
};

function idOf(turn: number, call: number): string {
  return `toolu_step${turn}x${call}`;
}

/** What a command appends, by the id of its call. */
export const APPENDED: ReadonlyMap<string, string> = new Map(
  STEPS.flatMap((step, turn) =>
    step.flatMap((call, i) => {
      const [, line] = /^echo (\w+) >>/.exec(String(call.input?.command ?? '')) ?? [];
      return line === undefined ? [] : [[idOf(turn, i), line] as const];
    }),
  ),
);

export async function layProject(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(PROJECT)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

export async function treeOf(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(files.sort().map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const));
  return Object.fromEntries(read);
}
