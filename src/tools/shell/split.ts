import { type Operator, type Token, tokenize, type Word } from './tokenize';

export type Redirect = { readonly op: '<' | '>' | '>>'; readonly fd: string; readonly target: Word };

/** One simple command of a line. */
export type SimpleCommand = {
  readonly assignments: readonly Word[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** The operator before it in its group, and after it. */
  readonly before: Operator | undefined;
  readonly after: Operator | undefined;
  /** Its outcome is turned round by `!`. */
  readonly negated: boolean;
  /** The subshells it stands in, outermost first. */
  readonly groups: readonly number[];
  /** Offsets of every word, assignment and redirection target, in order: what the grammar must agree with. */
  readonly spans: readonly (readonly [number, number])[];
};

export type Split =
  /** `flat` is the line with comments blanked and line ends written as `;`, every offset kept. */
  { readonly ok: true; readonly commands: readonly SimpleCommand[]; readonly flat: string } | { readonly ok: false; readonly why: string };

const KEYWORDS = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'select', 'function', 'coproc', 'repeat'],
  ...['{', '}', '[[', ']]', 'foreach', 'end', 'always', 'nocorrect', 'noglob', '-'],
]);

const MOST_COMMANDS = 50;

type Draft = {
  assignments: Word[];
  words: Word[];
  redirects: Redirect[];
  spans: [number, number][];
  before: Operator | undefined;
  negated: boolean;
};
type State = {
  readonly commands: SimpleCommand[];
  draft: Draft | undefined;
  before: Operator | undefined;
  groups: number[];
  opened: number;
  /** A redirection that waits for its file. */
  pending: { op: '<' | '>' | '>>'; fd: string } | undefined;
  /** After `)` only an operator may follow. */
  closed: boolean;
};

/** Splits a line into its simple commands at `&&`, `||`, `;`, `|`, `|&`, `&`, line ends and subshells [B3]. */
export function split(source: string): Split {
  const tokens = tokenize(source);
  if (!tokens.ok) return tokens;
  const state: State = { commands: [], draft: undefined, before: undefined, groups: [], opened: 0, pending: undefined, closed: false };
  const flat = [...Array(source.length).keys()].map((i) => source[i] ?? '');
  for (const [start, end] of tokens.blanks) flat.fill(' ', start, end);
  for (const token of tokens.tokens) {
    if (token.kind === 'operator' && token.op === '\n') flat[token.start] = state.draft || state.closed ? ';' : ' ';
    const why = step(state, token);
    if (why) return { ok: false, why };
  }
  const why = end(state);
  if (why) return { ok: false, why };
  if (state.commands.length > MOST_COMMANDS) return { ok: false, why: `It has more than ${MOST_COMMANDS} commands.` };
  return { ok: true, commands: state.commands, flat: flat.join('') };
}

/** Takes one token; returns why the line leaves the subset, if it does. */
function step(state: State, token: Token): string | undefined {
  if (token.kind === 'operator') return operator(state, token.op);
  if (state.closed) return 'Something follows a closing bracket.';
  state.draft ??= { assignments: [], words: [], redirects: [], spans: [], before: state.before, negated: false };
  if (token.kind === 'word') return word(state, token, state.draft);
  if (state.pending) return 'A redirection has no file.';
  if (token.kind === 'copy') state.draft.spans.push([token.target.start, token.target.end]);
  else state.pending = { op: token.op, fd: token.fd };
  return undefined;
}

function word(state: State, word: Word, draft: Draft): string | undefined {
  const first = draft.words.length === 0;
  if (!state.pending && first && draft.spans.length === 0 && !word.quoted) {
    if (word.value === '!') {
      draft.negated = true;
      return undefined;
    }
    if (KEYWORDS.has(word.value)) return `It uses shell syntax (\`${word.value}\`) that is not judged.`;
  }
  draft.spans.push([word.start, word.end]);
  if (state.pending) {
    if (word.glob || word.status) return 'The file of a redirection is a pattern.';
    draft.redirects.push({ ...state.pending, target: word });
    state.pending = undefined;
  } else if (first && isAssignment(word)) draft.assignments.push(word);
  else if (first && (word.tilde || word.glob || word.status || word.value === ''))
    return 'The program is named by a pattern or by nothing.';
  else draft.words.push(word);
  return undefined;
}

/** `NAME=value` before the program; the name itself unquoted. */
function isAssignment(word: Word): boolean {
  const name = /^[A-Za-z_][A-Za-z0-9_]*\+?=/.exec(word.value)?.[0];
  return name !== undefined && name.length <= word.bare;
}

function operator(state: State, op: Operator): string | undefined {
  if (state.pending) return 'A redirection has no file.';
  if (state.draft?.spans.length === 0) return 'A command is missing after `!`.';
  if (op === '(') {
    if (state.draft || state.closed) return 'It has a bracket after a command: a function or a pattern.';
    state.groups = [...state.groups, ++state.opened];
    state.before = undefined;
    return undefined;
  }
  if (op === ')') {
    if (state.groups.length === 0) return 'A bracket is closed that was not opened.';
    if (!state.draft && !state.closed && !endsList(state.before)) return 'A command is missing before a bracket.';
    finish(state, op);
    state.groups = state.groups.slice(0, -1);
    state.closed = true;
    return undefined;
  }
  if (!state.draft && !state.closed) return op === '\n' ? undefined : 'A command is missing before an operator.';
  finish(state, op);
  state.closed = false;
  state.before = op;
  return undefined;
}

function end(state: State): string | undefined {
  if (state.pending) return 'A redirection has no file.';
  if (state.draft?.spans.length === 0) return 'A command is missing after `!`.';
  if (state.groups.length > 0) return 'A bracket is not closed.';
  if (!state.draft && !state.closed && state.before !== undefined && !endsList(state.before)) return 'A command is missing at the end.';
  finish(state, undefined);
  return undefined;
}

function endsList(op: Operator | undefined): boolean {
  return op === ';' || op === '&' || op === '\n';
}

function finish(state: State, after: Operator | undefined): void {
  const { draft } = state;
  state.draft = undefined;
  if (draft) state.commands.push({ ...draft, after, groups: state.groups });
}
