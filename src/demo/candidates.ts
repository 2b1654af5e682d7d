import type { Problem } from './reading';
import { type Definition, linesOf, mask } from './source';
import type { Failure } from './test-report';

/**
 * Small changes that could mend a failing test, best guess first. What the test expected and got, its name and the
 * comments of the code decide the order; whether a guess is right, only the tests can tell.
 */

export type Suspect = {
  readonly path: string;
  readonly text: string;
  readonly definition: Definition;
  /** Named by the test itself, rather than by what it calls. */
  readonly direct: boolean;
};
export type Candidate = {
  readonly path: string;
  /** The file as it was read. */
  readonly text: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly why: string;
  readonly score: number;
};

type Change = { readonly at: number; readonly length: number; readonly to: string; readonly kind: Kind; readonly why: string };
type Kind = 'bound' | 'compare' | 'arithmetic' | 'logic' | 'rounding' | 'number';

const BOUND: Readonly<Record<string, string>> = { '>': '>=', '>=': '>', '<': '<=', '<=': '<' };
const TURNED: Readonly<Record<string, readonly string[]>> = {
  '>': ['<'],
  '>=': ['<='],
  '<': ['>'],
  '<=': ['>='],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
};
const ARITHMETIC: Readonly<Record<string, readonly string[]>> = { '+': ['-', '*'], '-': ['+'], '*': ['/', '+'], '/': ['*'], '%': ['/'] };
const ROUNDING = ['floor', 'ceil', 'round'];
const BOUND_WORDS =
  /\b(exactly|from|at least|at most|or more|or less|upwards|inclusive|until|up to|reach(es)?|limit|bounds?|begins?|starts?|above|below|over|under|and more)\b/i;

export function candidates(suspects: readonly Suspect[], failure: Failure, known: readonly Problem[]): readonly Candidate[] {
  const found = suspects.flatMap((suspect) => [...misspelt(suspect, known), ...changesOf(suspect, failure)]);
  const distinct = new Map(found.map((candidate) => [`${candidate.path}:${candidate.line}:${candidate.after}`, candidate]));
  return [...distinct.values()].sort((a, b) => b.score - a.score);
}

/** The language server has already said what is meant. */
function misspelt({ path, text, definition }: Suspect, known: readonly Problem[]): readonly Candidate[] {
  return known.flatMap((problem) => {
    const meant = /'([\w$]+)'.*Did you mean (?:to \w+ )?'([\w$]+)'/.exec(problem.message);
    if (!meant || !path.endsWith(problem.path.replace(/^.*\//, '')) || problem.line < definition.from || problem.line > definition.to)
      return [];
    const before = linesOf(text, problem.line, problem.line);
    const after = before.replace(new RegExp(`\\b${meant[1]}\\b`), meant[2] ?? '');
    const why = `the language server knows no \`${meant[1]}\` there and suggests \`${meant[2]}\``;
    return after === before ? [] : [{ path, text, line: problem.line, before, after, why, score: 100 }];
  });
}

function changesOf({ path, text, definition, direct }: Suspect, failure: Failure): readonly Candidate[] {
  const masked = mask(text).split('\n');
  return text.split('\n').flatMap((before, index) => {
    const line = index + 1;
    if (line < definition.from || line > definition.to) return [];
    const inStack = failure.stack.some((place) => place.line === line && path.endsWith(place.file.split('/').at(-1) ?? '?'));
    return changesIn(masked[index] ?? '', failure).map((change) => ({
      path,
      text,
      line,
      before,
      after: before.slice(0, change.at) + change.to + before.slice(change.at + change.length),
      why: change.why,
      score: fitness(change, failure, definition) + (direct && change.kind !== 'number' ? 2 : 0) + (inStack ? 4 : 0),
    }));
  });
}

function changesIn(code: string, failure: Failure): readonly Change[] {
  const changes: Change[] = [];
  const add = (match: RegExpMatchArray, to: string, kind: Kind, why: string) => {
    const found = match[1] ?? '';
    changes.push({ at: (match.index ?? 0) + match[0].indexOf(found), length: found.length, to, kind, why });
  };
  for (const match of code.matchAll(/\s(>=|<=|>|<|[!=]==?)(?=\s)/g)) {
    const found = match[1] ?? '';
    const bound = BOUND[found];
    if (bound) {
      const what = bound.length > found.length ? 'leaves out the bound itself' : 'takes in the bound itself';
      add(match, bound, 'bound', `\`${found}\` ${what}; \`${bound}\` would not`);
    }
    for (const to of TURNED[found] ?? []) add(match, to, 'compare', `\`${found}\` may be the wrong way round`);
  }
  for (const match of code.matchAll(/[\w)\]]\s(\+|-|\*|\/|%)(?=\s[\w([$])/g)) {
    for (const to of ARITHMETIC[match[1] ?? ''] ?? []) add(match, to, 'arithmetic', `\`${match[1]}\` may have to be \`${to}\``);
  }
  for (const match of code.matchAll(/\s(&&|\|\|)(?=\s)/g)) {
    const to = match[1] === '&&' ? '||' : '&&';
    add(match, to, 'logic', `\`${match[1]}\` may have to be \`${to}\``);
  }
  for (const match of code.matchAll(/\bMath\.(floor|ceil|round|min|max)\b/g)) {
    const found = match[1] ?? '';
    const others = ROUNDING.includes(found) ? ROUNDING.filter((name) => name !== found) : [found === 'min' ? 'max' : 'min'];
    for (const to of others) add(match, to, 'rounding', `\`Math.${found}\` may have to be \`Math.${to}\``);
  }
  for (const match of code.matchAll(/(?<![\w$.'"`])(\d[\d_]*(?:\.\d+)?)(?![\w$.'"`])/g)) {
    for (const to of otherNumbers(Number((match[1] ?? '').replaceAll('_', '')), failure)) {
      add(match, to, 'number', `${match[1]} does not fit: ${to} would`);
    }
  }
  return changes;
}

/** Numbers that would turn what came out into what was expected, if the result is in proportion to them or off by one. */
function otherNumbers(found: number, failure: Failure): readonly string[] {
  const [expected, actual] = [Number(failure.expected), Number(failure.actual)];
  if (Number.isNaN(expected) || Number.isNaN(actual) || actual === expected) return [];
  const gap = expected - actual;
  const scaled = found === 0 ? [] : [(found * expected) / actual, (found * actual) / expected];
  const shifted = Math.abs(gap) <= 1 ? [found + gap, found - gap] : [];
  // Whole numbers stay whole: an odd fraction is a coincidence, not what somebody meant to write.
  const neat = [...scaled, ...shifted].filter(
    (value) => Number.isFinite(value) && value !== found && Number(value.toFixed(Number.isInteger(found) ? 0 : 2)) === value,
  );
  return [...new Set(neat)].map(String);
}

function fitness({ kind }: Change, failure: Failure, definition: Definition): number {
  const words = `${failure.name} ${definition.doc}`;
  const [expected, actual] = [Number(failure.expected), Number(failure.actual)];
  const numbers = failure.expected !== undefined && failure.actual !== undefined && !Number.isNaN(expected) && !Number.isNaN(actual);
  switch (kind) {
    case 'bound':
      return (BOUND_WORDS.test(failure.name) ? 5 : 0) + (BOUND_WORDS.test(words) ? 3 : 0) + 1;
    case 'compare':
      return 2 + (numbers && (expected === 0 || actual === 0) ? 2 : 0) + (/^(true|false)$/.test(failure.actual ?? '') ? 3 : 0);
    case 'arithmetic':
      return 3 + (numbers && actual !== 0 && expected !== 0 ? 2 : 0) + (numbers && Math.abs(actual) === Math.abs(expected) ? 2 : 0);
    case 'logic':
      return 2 + (/^(true|false)$/.test(failure.actual ?? '') ? 3 : 0);
    case 'rounding':
      return numbers && Math.abs(expected - actual) <= 1 ? 6 : 1;
    case 'number':
      // Last, since a number that was computed from the test's own values may fit that test and nothing else.
      return 3 + (definition.kind === 'constant' ? 1 : 0);
    default:
      return kind satisfies never;
  }
}
