import type { Rule } from '../../protocol/permission';
import { isExactly } from './glob';
import type { Part, Place } from './locate';
import {
  allowsPath,
  allowsText,
  type BadRule,
  coversPath,
  coversText,
  type ParsedRule,
  type PathScope,
  parseRule,
  toolMatches,
} from './rules';
import type { Policy } from './verdict';

export type LiveRule = { readonly rule: Rule; readonly parsed: ParsedRule };
export type BrokenRule = { readonly rule: Rule; readonly bad: BadRule };

/** The policy's rules, read once for one call. */
export type RuleSet = {
  readonly deny: readonly LiveRule[];
  readonly ask: readonly LiveRule[];
  readonly allow: readonly LiveRule[];
  /** Deny and ask rules that do not parse: they fail closed. */
  readonly broken: readonly BrokenRule[];
  readonly scope: PathScope;
};

export function ruleSet(policy: Policy, home: string | undefined): RuleSet {
  const live: Record<Rule['effect'], LiveRule[]> = { deny: [], ask: [], allow: [] };
  const broken: BrokenRule[] = [];
  for (const rule of policy.rules) {
    if (rule.effect === 'allow' && (rule.source === 'workspace' || !policy.trusted)) continue;
    const parsed = parseRule(rule.rule);
    if (parsed.ok) live[rule.effect].push({ rule, parsed });
    else if (rule.effect !== 'allow') broken.push({ rule, bad: parsed });
  }
  return { ...live, broken, scope: { roots: policy.roots, home } };
}

const READERS = new Set(['read_file', 'grep', 'glob']);
const WRITERS = new Set(['edit_file', 'write_file']);

/**
 * The first deny or ask rule that catches this part. They err to the closed side: both the literal and the real path are
 * tried, and a rule about reading or writing files also holds for what a command reads or writes.
 */
export function caughtBy(rules: readonly LiveRule[], tool: string, part: Part, scope: PathScope): LiveRule | undefined {
  return rules.find(({ parsed }) => {
    const { pattern } = parsed;
    if (toolMatches(parsed.tool, tool)) {
      if (pattern === undefined) return true;
      if (tool === 'shell' || part.places.length === 0) return coversText(pattern, part.subject.text);
      return part.places.some((place) => touchedBy(pattern, place, scope));
    }
    if (pattern === undefined) return false;
    if (parsed.tool === 'read_file') return part.places.some((place) => touchedBy(pattern, place, scope, 'read'));
    if (WRITERS.has(parsed.tool) && !READERS.has(tool)) return part.places.some((place) => touchedBy(pattern, place, scope, 'write'));
    return false;
  });
}

function touchedBy(pattern: string, place: Place, scope: PathScope, access?: 'read' | 'write'): boolean {
  if (access === 'read' && place.touch.access !== 'read') return false;
  if (access === 'write' && place.touch.access === 'read') return false;
  return [place.literal, place.real].some((path) => coversPath(pattern, path, scope));
}

/** The first allow rule that covers the whole part; it must cover the real path of every file. */
export function openedBy(rules: readonly LiveRule[], tool: string, part: Part, scope: PathScope): LiveRule | undefined {
  return rules.find(({ rule, parsed }) => {
    if (!toolMatches(parsed.tool, tool)) return false;
    if (tool === 'shell') return opensCommand(rule, parsed, part);
    const { pattern } = parsed;
    if (pattern === undefined) return part.places.every((place) => place.inside && place.problem === undefined);
    if (part.places.length === 0) return allowsText(pattern, part.subject.text);
    return part.places.every((place) => place.problem === undefined && allowsPath(pattern, place.real, scope));
  });
}

/**
 * Every command, or this command by its text. A wildcard does not reach secrets or places outside the workspace: its star
 * could stand for any path, so only a rule that is the very command, or one for every command, opens those.
 */
function opensCommand(rule: Rule, parsed: ParsedRule, part: Part): boolean {
  if (parsed.pattern === undefined) return part.subject.opaque !== true || opensUnread(rule);
  if (part.subject.opaque) return false;
  if (isExactly(parsed.pattern, part.subject.text)) return true;
  if (part.places.some((place) => !place.inside || place.secret !== undefined)) return false;
  return allowsText(parsed.pattern, part.subject.text);
}

/** `shell` or `shell(*)` said by a person, for a run or in their settings, also covers commands that could not be read. */
function opensUnread(rule: Rule): boolean {
  return rule.source === 'flag' || rule.source === 'user';
}

/** A narrower deny or ask rule cannot be checked against a command that could not be read, so such a command asks. */
export function hasNarrowRules(rules: RuleSet, tool: string): boolean {
  return [...rules.deny, ...rules.ask].some(({ parsed }) => parsed.pattern !== undefined && toolMatches(parsed.tool, tool));
}
