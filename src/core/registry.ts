import type { EventOf } from '../protocol/events';
import type { Rule } from '../protocol/permission';
import { textTokens } from './context/tokens';
import { deniesTool } from './permission/rules';
import type { Ports, ToolSpec } from './ports';
import { OWN, type Tool, type ToolFacts } from './tool';

/** Definitions that together take more than this share of the window are loaded on demand [T2]. */
const SHARE_OF_WINDOW = 0.1;

/** The session's tools, and why each of the others is not there [T1]. Sorted by name, so that the prefix is stable [K2]. */
export type ToolPool = {
  /** Defined in every request. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Offered by name; their definitions are loaded when they are needed. */
  readonly held: ReadonlyMap<string, Tool>;
  readonly absent: ReadonlyMap<string, string>;
  readonly standings: readonly Standing[];
};

/** Where one tool stands, in words for a person. */
export type Standing = {
  readonly name: string;
  readonly source: string;
  readonly description: string;
  /** `closed`: the model was told of it at the start, and is refused it now. */
  readonly state: 'offered' | 'loaded' | 'held' | 'closed' | 'absent';
  readonly why: string;
};

type Frozen = Pick<EventOf<'session_started'>, 'tools' | 'held'>;
export type PoolInput = {
  readonly all: readonly Tool[];
  readonly ports: Ports;
  readonly facts: ToolFacts;
  readonly rules: readonly Rule[];
  /** What the session was started with: tools never move between the two kinds. */
  readonly frozen?: Frozen;
  /** Tokens of the model's window, where it counts. */
  readonly window?: number;
};

/** Sorts the tools that there are into those that are defined, those that are named, and those that are left out. */
export function assemblePool(input: PoolInput): ToolPool {
  const { all, frozen } = input;
  const tools = new Map<string, Tool>();
  const held = new Map<string, Tool>();
  const absent = new Map<string, string>();
  const standings: Standing[] = [];
  const stand = (tool: Tool, state: Standing['state'], why: string) => {
    standings.push({ name: tool.name, source: tool.source, description: tool.description, state, why });
    if (state === 'absent') absent.set(tool.name, why);
    else (state === 'held' ? held : tools).set(tool.name, tool);
  };

  const sorted = [...all].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const open: Tool[] = [];
  for (const [i, tool] of sorted.entries()) {
    const why = sorted[i - 1]?.name === tool.name ? 'another tool has this name' : reasonAgainst(tool, input);
    if (why) stand(tool, 'absent', why);
    else open.push(tool);
  }
  const crowded = !frozen && areTooMany(open, input.window);
  const loadable = frozen ? frozen.tools.some((spec) => open.some((tool) => tool.loader && tool.name === spec.name)) : true;
  for (const tool of open.filter((t) => !t.loader)) {
    const defined = frozen?.tools.some((spec) => spec.name === tool.name && !spec.deferred);
    const byName = frozen ? !defined && tool.loading !== 'always' : tool.loading === 'by_name' || (tool.loading === 'auto' && crowded);
    if (!byName) stand(tool, 'offered', reasonFor(tool, input, defined ?? true));
    else if (loadable) stand(tool, 'held', heldBecause(tool));
    else stand(tool, 'absent', 'it came after this session began; a new session has it');
  }
  for (const tool of open.filter((t) => t.loader)) {
    if (frozen ? loadable : held.size > 0) stand(tool, 'offered', 'it loads tools that are offered by name');
    else stand(tool, 'absent', 'every tool is defined from the start, so nothing has to be loaded');
  }
  return { tools, held, absent, standings: standings.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/**
 * The tools of a new session as every one of its requests sends them: those that are defined, then, where the service
 * loads tools by reference, the others, which it keeps out of the prompt. Never changed afterwards.
 */
export function specsOf(pool: ToolPool, references: boolean): ToolSpec[] {
  const byName = (map: ReadonlyMap<string, Tool>) =>
    [...map.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((tool) => tool.spec());
  return [...byName(pool.tools), ...(references ? byName(pool.held).map((spec) => ({ ...spec, deferred: true })) : [])];
}

function reasonAgainst(tool: Tool, { ports, facts, rules }: PoolInput): string | undefined {
  const denied = rules.find((rule) => deniesTool([rule], tool.name));
  if (denied) return `denied by the ${denied.source} rule ${denied.rule}`;
  if (!facts.trusted && !tool.safety.readOnly) return 'the folder is not trusted, so only tools that read are available';
  const available = tool.available(ports, facts);
  return available === true ? undefined : available;
}

/** Why it is there: who brought it, and what let it in. */
function reasonFor(tool: Tool, { facts }: PoolInput, defined: boolean): string {
  const from = tool.source === OWN ? 'it is built in' : `it comes from ${tool.source}`;
  const effect = tool.safety.readOnly
    ? 'it only reads'
    : facts.mode === 'plan'
      ? 'the folder is trusted; in plan mode only its calls that read are let through'
      : 'the folder is trusted';
  const late = defined ? '' : '; it came after this session began, so the model is told of it in new sessions only';
  return `${from}, and ${effect}${late}`;
}

function heldBecause(tool: Tool): string {
  const why = tool.loading === 'auto' ? 'all definitions together would take over a tenth of the window, so it is' : 'it is';
  return `it comes from ${tool.source}; ${why} offered by name, and its definition is loaded when the model looks for it`;
}

/** Whether all definitions would take too much. */
function areTooMany(tools: readonly Tool[], window = Number.POSITIVE_INFINITY): boolean {
  const defined = tools.filter((tool) => tool.loading !== 'by_name' && !tool.loader);
  return defined.reduce((sum, tool) => sum + textTokens(JSON.stringify(tool.spec())), 0) > window * SHARE_OF_WINDOW;
}

/** The standings in a session that goes on: its requests still define what it began with. */
export function standingsIn(pool: ToolPool, frozen: Frozen | null, loaded: ReadonlySet<string>): readonly Standing[] {
  const told = new Set([...(frozen?.tools.map((spec) => spec.name) ?? []), ...(frozen?.held ?? [])]);
  return pool.standings.map((one) => {
    if (one.state === 'held' && loaded.has(one.name)) return { ...one, state: 'loaded', why: 'the model looked for it' };
    return one.state === 'absent' && told.has(one.name) ? { ...one, state: 'closed' } : one;
  });
}

/** For the error about an unknown tool: names the nearest ones first. */
export function namesLike(pool: ToolPool, name: string): string {
  const score = (other: string) => [...name].filter((c) => other.includes(c)).length - Math.abs(name.length - other.length);
  return [...pool.tools.keys()].sort((a, b) => score(b) - score(a)).join(', ');
}
