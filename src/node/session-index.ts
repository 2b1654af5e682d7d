import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LOG_VERSION } from '../protocol/log';
import { unless } from './errno';
import { parseHeader } from './session-file';

/**
 * What the session list shows, folded from the log. The fold is kept in `summary.json` beside the log, with the size
 * and time of the log it stands for; a log that has only grown is folded on from there. Deleting it loses nothing.
 */
const zSummary = z.object({
  version: z.literal(1),
  size: z.number(),
  mtimeMs: z.number(),
  /** Bytes folded so far: always the end of a line. */
  offset: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  title: z.string(),
  /** A given title, rather than the first words of the first message. */
  named: z.boolean(),
  roots: z.array(z.string()),
  turns: z.number(),
  cost: z.number().nullable(),
  state: z.enum(['idle', 'running', 'ended', 'interrupted']),
  damaged: z.boolean(),
});
export type Summary = z.infer<typeof zSummary>;

const SUMMARY = 'summary.json';
const TITLE_CHARS = 80;
const CHUNK = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Only these events matter to the list; other lines are never parsed, which is what keeps it quick. */
const WANTED = /"type":"(?:session_started|session_titled|user_message|turn_started|usage|run_ended|state_changed)"/;
const zWanted = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session_started'), roots: z.array(z.string()) }),
  z.object({ type: z.literal('session_titled'), title: z.string() }),
  z.object({ type: z.literal('user_message'), text: z.string() }),
  z.object({ type: z.literal('turn_started') }),
  z.object({ type: z.literal('usage'), cost: z.number().nullable() }),
  z.object({ type: z.literal('run_ended') }),
  z.object({ type: z.literal('state_changed'), workflow: z.object({ at: z.string() }) }),
]);

/** The summary of the session in `folder`, or undefined when it has no log. */
export async function summaryOf(folder: string, known: Summary | undefined): Promise<Summary | undefined> {
  const path = join(folder, 'events.jsonl');
  const now = await unless(stat(path), 'ENOENT', 'ENOTDIR');
  if (!now?.isFile()) return undefined;
  const cached = known ?? (await readCached(folder));
  if (cached && cached.size === now.size && cached.mtimeMs === now.mtimeMs) return cached;
  const from = cached && cached.offset > 0 && cached.size <= now.size && !cached.damaged ? cached : fresh();
  const summary = { ...(await fold(path, { ...from, roots: [...from.roots] })), size: now.size, mtimeMs: now.mtimeMs };
  await writeCached(folder, summary);
  return summary;
}

function fresh(): Summary {
  return {
    version: 1,
    size: 0,
    mtimeMs: 0,
    offset: 0,
    createdAt: 0,
    updatedAt: 0,
    title: '',
    named: false,
    roots: [],
    turns: 0,
    cost: null,
    state: 'idle',
    damaged: false,
  };
}

async function fold(path: string, summary: Summary): Promise<Summary> {
  const file = await open(path, 'r');
  let last: Buffer | undefined;
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let position = summary.offset; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const data = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, bytesRead)]) : chunk.subarray(0, bytesRead);
      let at = 0;
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, at)) {
        last = data.subarray(at, end);
        takeLine(summary, last);
        summary.offset += end + 1 - at;
        at = end + 1;
      }
      rest = data.subarray(at);
    }
  } finally {
    await file.close();
  }
  if (last) summary.updatedAt = Math.max(summary.updatedAt, timeOf(last) ?? 0);
  if (summary.offset === 0) summary.damaged = true;
  return summary;
}

function takeLine(summary: Summary, bytes: Buffer): void {
  const line = bytes.toString('utf8');
  if (summary.offset === 0) {
    const header = parseHeader(line);
    if (!header || header.version > LOG_VERSION) summary.damaged = true;
    summary.createdAt = header?.createdAt ?? 0;
    summary.updatedAt = summary.createdAt;
    return;
  }
  if (!line.startsWith('{') || !line.endsWith('}')) summary.damaged = true;
  if (!WANTED.test(line)) return;
  const value = parseJson(line);
  const parsed = zWanted.safeParse(value);
  if (value === undefined) summary.damaged = true;
  if (parsed.success) take(summary, parsed.data);
}

function take(summary: Summary, event: z.infer<typeof zWanted>): void {
  switch (event.type) {
    case 'session_started':
      summary.roots = event.roots;
      return;
    case 'session_titled':
      summary.title = event.title;
      summary.named = true;
      return;
    case 'user_message':
      if (!summary.named && summary.title === '') summary.title = firstWords(event.text);
      summary.state = 'running';
      return;
    case 'turn_started':
      summary.turns++;
      summary.state = 'running';
      return;
    case 'usage':
      // What is known counts: a model without a price adds nothing.
      if (event.cost !== null) summary.cost = (summary.cost ?? 0) + event.cost;
      return;
    case 'run_ended':
      summary.state = 'ended';
      return;
    case 'state_changed':
      if (event.workflow.at === 'idle' || event.workflow.at === 'ended' || event.workflow.at === 'interrupted')
        summary.state = event.workflow.at;
      return;
    default:
      event satisfies never;
  }
}

function firstWords(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  const chars = [...line];
  return chars.length > TITLE_CHARS ? `${chars.slice(0, TITLE_CHARS - 1).join('')}…` : line;
}

function timeOf(line: Buffer): number | undefined {
  const parsed = z.object({ at: z.number() }).safeParse(parseJson(line.toString('utf8')));
  return parsed.success ? parsed.data.at : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readCached(folder: string): Promise<Summary | undefined> {
  const text = await unless(readFile(join(folder, SUMMARY), 'utf8'), 'ENOENT', 'EACCES');
  const parsed = text === undefined ? undefined : zSummary.safeParse(parseJson(text));
  return parsed?.success ? parsed.data : undefined;
}

/** Another window may be deleting the session right now, and a full disk must not break the list: both leave no cache. */
async function writeCached(folder: string, summary: Summary): Promise<void> {
  const draft = join(folder, `${SUMMARY}.${randomUUID()}`);
  try {
    await writeFile(draft, JSON.stringify(summary), { mode: 0o600 });
    await rename(draft, join(folder, SUMMARY));
  } catch {
    await rm(draft, { force: true });
  }
}
