// The floor that the bench measures against: the least that can be called an agent. A loop over the SDK's stream with
// three tools and one cache mark: no permissions, no log, no recovery, no review. Shares nothing with the product.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';

type Edit = { readonly old_text: string; readonly new_text: string };
type Input = { readonly path: string; readonly pattern: string; readonly edits: readonly Edit[] };

const text = { type: 'string' };
const tools: Anthropic.Tool[] = [
  { name: 'read_file', description: 'Read a file.', input_schema: { type: 'object', properties: { path: text }, required: ['path'] } },
  {
    name: 'edit_file',
    description: 'Replace text in a file. Each old_text must occur exactly once.',
    input_schema: {
      type: 'object',
      properties: {
        path: text,
        edits: {
          type: 'array',
          items: { type: 'object', properties: { old_text: text, new_text: text }, required: ['old_text', 'new_text'] },
        },
      },
      required: ['path', 'edits'],
    },
  },
  { name: 'grep', description: 'Search.', input_schema: { type: 'object', properties: { pattern: text }, required: ['pattern'] } },
];

async function run(name: string, { path, pattern, edits }: Input): Promise<string> {
  if (name === 'read_file') return readFile(path, 'utf8');
  if (name === 'grep') return (await promisify(execFile)('grep', ['-rn', pattern, '.'])).stdout;
  let now = await readFile(path, 'utf8');
  for (const { old_text, new_text } of edits) {
    if (now.split(old_text).length !== 2) throw new Error(`${old_text} does not occur exactly once in ${path}`);
    now = now.replace(old_text, () => new_text);
  }
  await writeFile(path, now);
  return `Edited ${path}.`;
}

const [prompt = '', model = '', saved = ''] = process.argv.slice(2);
const client = new Anthropic({ maxRetries: 0 });
const system = `You are a coding agent. You work in ${process.cwd()}.`;
const messages: Anthropic.MessageParam[] = existsSync(saved) ? JSON.parse(await readFile(saved, 'utf8')) : [];
messages.push({ role: 'user', content: prompt });

for (;;) {
  const stream = client.messages.stream({ model, max_tokens: 32_000, system, tools, messages, cache_control: { type: 'ephemeral' } });
  stream.on('text', (delta) => process.stdout.write(delta));
  const { content } = await stream.finalMessage();
  messages.push({ role: 'assistant', content });
  const calls = content.filter((block) => block.type === 'tool_use');
  if (calls.length === 0) break;
  const results = calls.map(async (call): Promise<Anthropic.ToolResultBlockParam> => {
    const id = { type: 'tool_result', tool_use_id: call.id } as const;
    return run(call.name, call.input as Input).then(
      (content) => ({ ...id, content }),
      (error: unknown) => ({ ...id, content: String(error), is_error: true }),
    );
  });
  messages.push({ role: 'user', content: await Promise.all(results) });
}
if (saved) await writeFile(saved, JSON.stringify(messages));
