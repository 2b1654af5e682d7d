import type { Choice } from '../../protocol/permission';
import type { PartJudgement } from './judge-part';
import type { Part } from './locate';
import { below } from './paths';
import type { Policy } from './verdict';

const MOST_RULES = 5;
/** Tools that others wrote: their input says nothing by which to open a part of them. */
const BROUGHT = /^(?:mcp|ext)__/;

/**
 * What the prompt offers, each with the exact rules that choosing it would save [B3]: at most five, one for each part that
 * asks. Where a part asks whatever the rules say, none is offered, for it would change nothing.
 */
export function choicesFor(tool: string, asks: readonly Extract<PartJudgement, { kind: 'ask' }>[], policy: Policy): readonly Choice[] {
  const once: Choice = { id: 'once', rules: [] };
  const deny: Choice = { id: 'deny', rules: [] };
  if (asks.some((ask) => ask.fixed)) return [once, deny];
  const session = rulesFor(asks.map((ask) => ruleFor(tool, ask.part, policy, 'session')));
  const lasting = rulesFor(asks.map((ask) => ruleFor(tool, ask.part, policy, 'rule')));
  const grave = asks.some(({ part }) => part.subject.class === 'destructive' || part.subject.elevated);
  return [
    once,
    ...(session ? [{ id: 'session', rules: session } satisfies Choice] : []),
    // What deletes, or runs as the administrator, is allowed for this session at most: a lasting rule would outlive the reason.
    ...(lasting && !grave ? [{ id: 'rule', rules: lasting } satisfies Choice] : []),
    deny,
  ];
}

function rulesFor(rules: readonly (string | undefined)[]): string[] | undefined {
  const all = [...new Set(rules)];
  if (all.length > MOST_RULES) return undefined;
  const known = all.filter((rule) => rule !== undefined);
  return known.length === all.length ? known : undefined;
}

function ruleFor(tool: string, part: Part, policy: Policy, scope: 'session' | 'rule'): string | undefined {
  const { subject, places } = part;
  if (tool === 'shell') return commandRule(part);
  if (BROUGHT.test(tool) || (places.length === 0 && subject.text === '')) return tool;
  const [place] = places;
  if (!place) return writable(subject.text) ? `${tool}(${subject.text.replaceAll('*', '\\*')})` : undefined;
  if (places.length > 1) return places.every((p) => p.inside && !p.secret) ? `${tool}(**)` : undefined;
  const inner = policy.roots.map((root) => below(place.real, root)).find((rest) => rest !== undefined);
  if (inner === undefined || place.secret) return literalPath(tool, inner ?? place.real);
  if (scope === 'session') return `${tool}(**)`;
  const folder = inner.slice(0, inner.lastIndexOf('/') + 1);
  return literalPath(tool, folder ? `${folder}**` : inner);
}

function literalPath(tool: string, path: string): string | undefined {
  return /[{}?]/.test(path) || /\*(?!\*?$)/.test(path) || !writable(path) ? undefined : `${tool}(${path})`;
}

/** Programs whose verbs do one bounded thing, so that a saved rule may leave the arguments open. Others are saved word for word. */
const OPEN_ENDED: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn|bun) (?:test|t|ci|run [\w:.-]+)(?= |$)/,
  /^(?:cargo (?:test|build|check|clippy|fmt|run)|go (?:test|build|vet|fmt)|dotnet (?:test|build)|mix (?:test|format)|swift (?:test|build))(?= |$)/,
  /^(?:pytest|vitest|jest|mocha|tsc|eslint|prettier|biome (?:check|lint|format)|ruff (?:check|format)|mypy|pyright|rspec|phpunit)(?= |$)/,
  /^(?:npx|pnpm exec|yarn) (?:--no-install )?(?:vitest|jest|mocha|tsc|eslint|prettier|biome|playwright test)(?= |$)/,
  /^(?:make|just) [\w.-]+(?= |$)/,
  /^(?:mvn|\.\/mvnw|gradle|\.\/gradlew) (?:test|build|compile|check|verify)(?= |$)/,
  /^git (?:add|commit|fetch)(?= |$)/,
];

/** Programs that run what they are fed: by its text alone such a command says nothing. */
const FED =
  /^(?:xargs|parallel)\b|^(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|node|perl|ruby|php|psql|mysql|mariadb|sqlite3?|mongosh?|pwsh|sudo|at|batch)(?: -\S*)*$/;

function commandRule({ subject, places }: Part): string | undefined {
  if (!writable(subject.text) || subject.text.length > 300 || FED.test(subject.text)) return undefined;
  const open = OPEN_ENDED.map((shape) => shape.exec(subject.text)?.[0]).find((head) => head !== undefined);
  if (open && subject.class === 'mutating' && places.every((place) => place.inside && !place.secret)) return `shell(${open} *)`;
  return `shell(${subject.text.replaceAll('*', '\\*')})`;
}

function writable(text: string): boolean {
  return text !== '' && !/[\n\r]/.test(text);
}
