import { EVENT_VERSION, type EventOf } from '../protocol/events';
import { PROMPT_VERSION, systemPrompt } from './context/prompt';
import type { Journal } from './journal';
import { assemblePool, specsOf, type ToolPool } from './registry';
import type { SessionOptions } from './session-options';
import type { Tool, ToolFacts } from './tool';

type Picked = Pick<EventOf<'session_started'>, 'mode' | 'model' | 'modelBy'>;

/** What a session begins with, from the settings as they are now. */
export async function writeHeader(options: SessionOptions, journal: Journal): Promise<void> {
  const { mode, model: wanted } = options.settings();
  const models = wanted ? [] : await options.ports.model.models(new AbortController().signal);
  const modelBy = options.modelBy?.() ?? (wanted ? 'the settings' : 'the first that the service lists');
  await fixHeader(options, journal, { mode, model: wanted || (models[0]?.id ?? ''), modelBy });
}

/** Fixes prompt and tools from here on. */
export async function fixHeader(options: SessionOptions, journal: Journal, picked: Picked): Promise<void> {
  const { facts, app } = options;
  const { pool, references } = await firstPool(options, picked.model);
  const held = [...pool.held.keys()];
  const absent = [...pool.absent].map(([name, why]) => ({ name, why }));
  journal.emit({
    type: 'session_started',
    version: EVENT_VERSION,
    app,
    roots: [...facts.roots],
    trusted: facts.trusted,
    ...picked,
    promptVersion: PROMPT_VERSION,
    system: systemPrompt(facts, held, options.sections),
    tools: specsOf(pool, references).map((spec) => ({ ...spec, inputSchema: { ...spec.inputSchema } })),
    ...(held.length > 0 ? { held } : {}),
    ...(absent.length > 0 ? { absent } : {}),
  });
}

/** The pool that a session begins with. The model's window and means are asked for only where they make a difference. */
export async function firstPool(
  options: SessionOptions,
  model: string,
): Promise<{ readonly pool: ToolPool; readonly references: boolean }> {
  const { ports, facts, cwd } = options;
  const all = everyTool(options);
  const toolFacts: ToolFacts = { cwd, roots: facts.roots, trusted: facts.trusted, mode: options.settings().mode };
  const counts = all.some((tool) => tool.loading !== 'always');
  const profile = counts ? await ports.model.profile(model, new AbortController().signal) : undefined;
  const pool = assemblePool({ all, ports, facts: toolFacts, rules: ports.rules.current(), window: profile?.contextWindow });
  return { pool, references: profile?.references === 'yes' };
}

export function everyTool({ tools, sources = [] }: SessionOptions): readonly Tool[] {
  return [...tools, ...sources.flatMap((source) => source.tools())];
}
