import type { Rule } from '../../protocol/permission';
import { matchText, pathGlob } from './glob';
import { below, isAbsolute, normalize } from './paths';

export type ParsedRule = {
  readonly ok: true;
  readonly tool: string;
  /** Absent for `tool` and `tool(*)`: the whole tool. */
  readonly pattern?: string;
};
export type BadRule = { readonly ok: false; readonly problem: string /** What could be read of it. */; readonly tool?: string };

const SHAPE = /^([A-Za-z][A-Za-z0-9_-]*)(\*?)(?:\(([\s\S]*)\))?$/;

/** Reads `tool`, `tool(pattern)` or `mcp__server__*`. */
export function parseRule(text: string): ParsedRule | BadRule {
  const rule = text.trim();
  const tool = /^[A-Za-z][A-Za-z0-9_-]*/.exec(rule)?.[0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a rule that hides such characters must not be honoured
  if (/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(rule)) {
    return { ok: false, tool, problem: 'It contains control or invisible characters.' };
  }
  const match = SHAPE.exec(rule);
  if (!match) return { ok: false, tool, problem: 'Write a rule as tool, tool(pattern) or mcp__server__*.' };
  const [, name = '', star = '', pattern] = match;
  if (star && !name.startsWith('mcp__')) return { ok: false, tool, problem: 'Only names that begin with mcp__ may end in *.' };
  if (pattern === undefined || pattern.trim() === '*') return { ok: true, tool: name + star };
  if (pattern.trim() === '')
    return { ok: false, tool, problem: 'The pattern in the brackets is empty; leave the brackets out to mean every call.' };
  return { ok: true, tool: name + star, pattern: pattern.trim() };
}

/** Every rule that is not honoured as written, and why: for settings, the panel and the command line. */
export function ruleProblems(rules: readonly Rule[]): readonly { readonly rule: Rule; readonly problem: string }[] {
  return rules.flatMap((rule) => {
    const parsed = parseRule(rule.rule);
    if (parsed.ok) return rule.effect === 'allow' && rule.source === 'workspace' ? [{ rule, problem: WORKSPACE_ALLOW }] : [];
    const effect = rule.effect === 'allow' ? 'It allows nothing.' : `Until it is mended, ${scopeOf(parsed)} asks.`;
    return [{ rule, problem: `${parsed.problem} ${effect}` }];
  });
}
const WORKSPACE_ALLOW = 'Files of the workspace can only tighten permissions: this allow rule is not used.';

function scopeOf(bad: BadRule): string {
  return bad.tool ? `every call of ${bad.tool}` : 'every call that is not read-only';
}

/** True when a deny rule takes the whole tool away, so that it need not even be offered to the model [P3]. */
export function deniesTool(rules: readonly Rule[], tool: string): boolean {
  return rules.some((rule) => {
    const parsed = parseRule(rule.rule);
    return rule.effect === 'deny' && parsed.ok && parsed.pattern === undefined && toolMatches(parsed.tool, tool);
  });
}

/** `mcp__github` and `mcp__github__*` mean every tool of that server. */
export function toolMatches(named: string, tool: string): boolean {
  if (named.endsWith('*')) return tool.startsWith(named.slice(0, -1));
  return named === tool || (/^mcp__[^_]+(?:_[^_]+)*$/.test(named) && tool.startsWith(`${named}__`));
}

export type PathScope = { readonly roots: readonly string[]; readonly home?: string };

/**
 * Does an allow rule's pattern cover this path? Relative patterns count from a workspace root, one without a slash names
 * files at any depth inside it. `~/x` and absolute patterns are what they say.
 */
export function allowsPath(pattern: string, path: string, scope: PathScope): boolean {
  const target = normalize(path);
  const anchored = anchor(pattern, scope);
  if (anchored) return pathGlob(anchored, false).test(target);
  if (pattern.startsWith('~')) return false;
  return scope.roots.some((root) => {
    const inner = below(target, root);
    return inner !== undefined && pathGlob(relativePattern(pattern), false).test(inner);
  });
}

/** As `allowsPath`, but erring to the closed side: letter case is ignored, and naming a folder covers what lies in it. */
export function coversPath(pattern: string, path: string, scope: PathScope): boolean {
  const target = normalize(path).normalize('NFC');
  const anchored = anchor(pattern, scope);
  if (anchored) return withContents(anchored).some((glob) => glob.test(target));
  if (pattern.startsWith('~/')) return withContents(`/**/${pattern.slice(2)}`).some((glob) => glob.test(target));
  const globs = withContents(relativePattern(pattern));
  // A name without a slash is guarded wherever it lies, outside the workspace too.
  if (!pattern.includes('/') && globs.some((glob) => glob.test(target.replace(/^\//, '')))) return true;
  return scope.roots.some((root) => {
    const inner = below(target, root);
    return inner !== undefined && globs.some((glob) => glob.test(inner));
  });
}

function withContents(pattern: string): readonly RegExp[] {
  const bare = pattern.replace(/\/(?:\*\*)?$/, '').normalize('NFC');
  return [pathGlob(bare, true), pathGlob(`${bare}/**`, true)];
}

function relativePattern(pattern: string): string {
  const bare = pattern.replace(/^\.\//, '');
  return bare.includes('/') || bare === '**' ? bare : `**/${bare}`;
}

/** An absolute glob for patterns that name an absolute place; undefined for the others. */
function anchor(pattern: string, scope: PathScope): string | undefined {
  if (isAbsolute(pattern)) return normalize(pattern);
  if (pattern === '~' || pattern.startsWith('~/'))
    return scope.home === undefined ? undefined : `${normalize(scope.home)}${pattern.slice(1)}`;
  return undefined;
}

/** Does an allow rule's pattern cover this command, exactly as normalised? */
export function allowsText(pattern: string, text: string): boolean {
  return matchText(pattern, text);
}

/**
 * Does a deny or ask pattern cover this command? Looks through leading assignments, the folder of the program and options
 * between program and verb, so that `FOO=1 /usr/bin/git -C . push` is caught by `git push *`.
 */
export function coversText(pattern: string, text: string): boolean {
  const folded = pattern.toLowerCase();
  return spellings(text.toLowerCase()).some((spelling) => matchText(folded, spelling));
}

function spellings(text: string): readonly string[] {
  const found = [text];
  const bare = text.replace(/^(?:[A-Za-z_][A-Za-z0-9_]*=(?:'[^']*'|[^\s'])*\s+)+/, '');
  const words = bare.split(' ');
  const program = (words[0] ?? '')
    .replace(/^'|'$/g, '')
    .replace(/^.*[\\/]/, '')
    .replace(/\.(?:exe|cmd|bat)$/, '');
  const rest = words.slice(1);
  found.push(bare, [program, ...rest].join(' '));
  for (let i = 0; i < rest.length && i < 12; ) {
    if (!rest[i]?.startsWith('-')) break;
    i++;
    found.push([program, ...rest.slice(i)].join(' '), [program, ...rest.slice(i + 1)].join(' '));
    if (!rest[i]?.startsWith('-')) i++;
  }
  return found;
}
