import type { Rule } from '../protocol/permission';
import { deniesTool } from './permission/rules';
import type { Ports, ToolSpec } from './ports';
import type { Tool, ToolFacts } from './tool';

/** The session's tools, and why each of the others is not there [T1]. Sorted by name, so that the prefix is stable [K2]. */
export type ToolPool = {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly absent: ReadonlyMap<string, string>;
  specs(): readonly ToolSpec[];
};

export function assemblePool(all: readonly Tool[], ports: Ports, facts: ToolFacts, rules: readonly Rule[]): ToolPool {
  const tools = new Map<string, Tool>();
  const absent = new Map<string, string>();
  for (const tool of [...all].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const why = reasonAgainst(tool, ports, facts, rules);
    if (why) absent.set(tool.name, why);
    else tools.set(tool.name, tool);
  }
  return { tools, absent, specs: () => [...tools.values()].map((tool) => tool.spec()) };
}

function reasonAgainst(tool: Tool, ports: Ports, facts: ToolFacts, rules: readonly Rule[]): string | undefined {
  const denied = rules.find((rule) => deniesTool([rule], tool.name));
  if (denied) return `denied by the ${denied.source} rule ${denied.rule}`;
  if (!facts.trusted && !tool.safety.readOnly) return 'the folder is not trusted, so only tools that read are available';
  const available = tool.available(ports, facts);
  return available === true ? undefined : available;
}

/** For the error about an unknown tool: names the nearest ones first. */
export function namesLike(pool: ToolPool, name: string): string {
  const score = (other: string) => [...name].filter((c) => other.includes(c)).length - Math.abs(name.length - other.length);
  return [...pool.tools.keys()].sort((a, b) => score(b) - score(a)).join(', ');
}
