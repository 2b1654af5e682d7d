import type { Task } from '../../protocol/display';
import type { AgentEvent } from '../../protocol/events';
import { ToolError } from '../errors';
import type { SessionState } from '../fold';
import { definitionText, loadedIn } from '../held-tools';
import { judge } from '../permission/authorize';
import type { TextSnapshot } from '../ports';
import { prepare } from '../prepare';
import type { RunContext } from '../run-context';
import { pinnedIn } from './evict';
import { conversationOf } from './history';
import { MODES } from './tail';
import { BYTES_PER_TOKEN, textTokens } from './tokens';
import { isHidden, type View, WHOLE } from './view';

/** The tool whose results show a file, and whose rules say which files may be shown. */
const READ = 'read_file';
/** What is put back after a compaction [C8]. */
export const FILES = 5;
export const FILE_TOKENS = 5_000;
const ALL_TOKENS = 50_000;

const TOOLS_TOKENS = 10_000;

export type Restored = {
  readonly texts: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Tools offered by name whose definitions are among the texts. */
  readonly tools: readonly string[];
};

/**
 * The newest files that the model has seen, read from disk now, unless they stand as they are in what stays; then what
 * the user pinned, tasks, mode and open reviews. Small windows get less: `budget` bounds the files together.
 */
export async function restoredState(
  run: RunContext,
  events: readonly AgentEvent[],
  keptFrom: number,
  view: View,
  budget: number,
): Promise<Restored> {
  const state = run.state();
  const shown = readIn(events.filter((e) => e.seq >= keptFrom));
  const texts: string[] = [];
  const files: Record<string, string> = {};
  let left = Math.min(budget, ALL_TOKENS);
  for (const [path] of state.seen.newest()) {
    if (Object.keys(files).length === FILES) break;
    const file = await readNow(path, run);
    if (!file || shown.get(path) === file.hash) continue;
    const limit = Math.min(FILE_TOKENS, left);
    const text = clip(file.text, limit);
    if (text === '' && file.text !== '') break;
    left -= textTokens(text);
    const whole = text.length === file.text.length;
    texts.push(`${path} as it is now${whole ? '' : ' (its beginning; read_file shows the rest)'}:\n${text}`);
    files[path] = whole ? file.hash : '';
  }
  texts.push(...pinnedTexts(events, keptFrom, view));
  const tools = heldTools(run, events, keptFrom, Math.min(budget, TOOLS_TOKENS));
  texts.push(...tools.texts);
  const standing = [today(state), modeText(state), tasksText(state.tasks), reviewText(events), tools.rest]
    .filter((t) => t !== '')
    .join('\n');
  return { texts: standing ? [...texts, standing] : texts, files, tools: tools.names };
}

/** Results that the user pinned, where they do not stay by themselves. */
function pinnedTexts(events: readonly AgentEvent[], keptFrom: number, view: View): readonly string[] {
  const pinned = pinnedIn(events);
  return events.flatMap((e) => {
    if (e.type !== 'tool_finished' || e.seq >= keptFrom || !pinned.has(e.callId) || isHidden(view, e.seq)) return [];
    return [
      `Pinned by the user, an earlier result of ${e.tool}:\n${e.output.map((c) => (c.type === 'text' ? c.text : '[image]')).join('\n')}`,
    ];
  });
}

/** The files whose text the messages that stay show. */
function readIn(kept: readonly AgentEvent[]): ReadonlyMap<string, string> {
  return new Map(kept.flatMap((e) => (e.type === 'tool_finished' && e.tool === READ ? Object.entries(e.files ?? {}) : [])));
}

/** Nothing for what is gone, is no text any more, or would have to be asked for. */
async function readNow(path: string, run: RunContext): Promise<TextSnapshot | undefined> {
  const call = await prepare({ type: 'tool_use', id: `restore ${path}`, name: READ, input: { path } }, run);
  if (call.kind === 'failed' || (await judge(call, run)).verdict !== 'allow') return undefined;
  try {
    return await run.ports.documents.readText(path, run.signal);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Whole lines from the beginning that fit. */
function clip(text: string, tokens: number): string {
  if (textTokens(text) <= tokens) return text;
  let bytes = 0;
  let end = 0;
  for (const line of text.split('\n')) {
    bytes += new TextEncoder().encode(line).length + 1;
    if (bytes / BYTES_PER_TOKEN > tokens) break;
    end += line.length + 1;
  }
  return text.slice(0, end);
}

function today(state: SessionState): string {
  return state.told.environment;
}

function modeText({ told }: SessionState): string {
  return MODES[told.mode];
}

function tasksText(tasks: readonly Task[]): string {
  return tasks.length === 0 ? '' : `Tasks:\n${tasks.map((t) => `- [${t.status}] ${t.id}: ${t.title}`).join('\n')}`;
}

/** Definitions go with the results that brought them: the newest come back as text, the names of the others tell what was there. */
function heldTools(run: RunContext, events: readonly AgentEvent[], keptFrom: number, budget: number) {
  const kept = loadedIn(conversationOf(events, { ...WHOLE, keptFrom }).messages());
  const gone = [...run.loaded()].filter((name) => !kept.has(name)).flatMap((name) => run.pool.held.get(name) ?? []);
  let left = budget;
  const back = gone.toReversed().filter((tool) => {
    left -= textTokens(definitionText(tool));
    return left >= 0;
  });
  const rest = gone.filter((tool) => !back.includes(tool)).map((tool) => tool.name);
  return {
    names: back.map((tool) => tool.name),
    texts: back.length > 0 ? [`Tools that you loaded:\n${back.map(definitionText).join('\n\n')}`] : [],
    rest: rest.length === 0 ? '' : `Loaded before: ${rest.join(', ')}. Load them again with find_tools before you call them.`,
  };
}

function reviewText(events: readonly AgentEvent[]): string {
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === 'change_proposed') open.add(event.diff.path);
    if (event.type === 'change_reviewed' && event.left === 0) open.delete(event.path);
  }
  return open.size === 0 ? '' : `Waiting for the user's review: ${[...open].join(', ')}`;
}
