import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Session } from '../../../../src/core/session';
import { defineTool, type Tool } from '../../../../src/core/tool';
import { createScan } from '../../../../src/node/scan';
import type { RewindPart } from '../../../../src/protocol/event-parts';
import { deleteFile } from '../../../../src/tools/delete-file';
import { editFile } from '../../../../src/tools/edit-file';
import { moveFile } from '../../../../src/tools/move-file';
import { readFile as readTool } from '../../../../src/tools/read-file';
import { writeFile as writeTool } from '../../../../src/tools/write-file';
import { reply } from '../../../support/model-server/reply';
import { type Harness, type HarnessOptions, startHarness } from '../../../support/session-harness';

/** Runs a command line, as the shell tool does: what it changes is not known beforehand. */
const command: Tool = defineTool({
  name: 'command',
  description: 'command',
  input: z.strictObject({ line: z.string() }),
  safety: { destructive: false },
  summarize: ({ line }) => ({ title: 'Run', detail: line }),
  run: async ({ line }, { facts }) => {
    await promisify(execFile)('sh', ['-c', line], { cwd: facts.cwd });
    return { content: 'ran', summary: 'ran' };
  },
});

const tools = [readTool, writeTool, editFile, deleteFile, moveFile, command];
const rules = ['command', 'write_file', 'edit_file', 'delete_file', 'move_file'].map((rule) => ({
  effect: 'allow' as const,
  rule,
  source: 'user' as const,
}));
const open: Harness[] = [];

/** After each test. */
export async function closeAll(): Promise<void> {
  for (const harness of open.splice(0)) await harness.close();
}

export async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness([], {
    tools,
    rules,
    ...options,
    ports: { scan: createScan({ setting: '', path: '' }), ...options.ports },
  });
  open.push(harness);
  return harness;
}

export type Call = { readonly name: string; readonly input: Record<string, string | boolean | readonly Record<string, string>[]> };
export const edit = (path: string, old_text: string, new_text: string): Call => ({
  name: 'edit_file',
  input: { path, edits: [{ old_text, new_text }] },
});
export const write = (path: string, content: string): Call => ({ name: 'write_file', input: { path, content } });
export const run = (line: string): Call => ({ name: 'command', input: { line } });

/** One message of the user after which the model makes these calls. Returns its sequence number. */
export async function ask(harness: Harness, text: string, calls: readonly Call[], session: Session = harness.session): Promise<number> {
  harness.server.push(...calls.map(({ name, input }) => reply.tool(name, input)), reply.text(`Answer to ${text}`));
  const ended = await session.send({ text, attachments: [], content: [{ type: 'text', text }] });
  assert.equal(ended, 'done', JSON.stringify(session.state().end));
  const failed = session.events().filter((e) => e.type === 'tool_finished' && e.outcome !== 'ok');
  assert.deepEqual(failed, []);
  return session.events().findLast((e) => e.type === 'user_message')?.seq ?? assert.fail('no message');
}

/** Every file below the workspace, with its bytes. */
export async function tree(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[relative(root, path)] = (await readFile(path)).toString('latin1');
  }
  return files;
}

export async function put(root: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), data);
  }
}

export async function rewind(session: Session, to: number, what: RewindPart = 'files') {
  const plan = await session.rewinder.preview(to);
  const done = (await session.rewinder.rewind(to, what, plan)) ?? assert.fail('it was refused');
  return { plan, done };
}

export const texts = (session: { readonly server: Harness['server'] }) => {
  const last = session.server.requests.at(-1)?.json.messages;
  return JSON.stringify(last);
};
