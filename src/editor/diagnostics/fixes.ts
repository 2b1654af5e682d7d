import { type CodeAction, CodeActionKind, type Command, commands, Position, Range, type Uri } from 'vscode';
import type { Problem } from '../../protocol/display';
import { within } from '../within';

const MAX_ASKED = 10;
/** The first question of a session starts providers. */
const BUDGET_MS = 2_500;

/** Adds the title of the first quick fix that a language server offers to the first few problems. */
export async function withFixes<P extends Problem>(problems: readonly P[], uriOf: (path: string) => Uri): Promise<P[]> {
  const end = Date.now() + BUDGET_MS;
  const fixes = await Promise.all(problems.slice(0, MAX_ASKED).map((p) => within(end - Date.now(), firstFix(p, uriOf(p.path)))));
  return problems.map((p, i) => (fixes[i] === undefined ? p : { ...p, fix: fixes[i] }));
}

async function firstFix(problem: Problem, uri: Uri): Promise<string | undefined> {
  const at = new Position(problem.line - 1, Math.max(0, problem.column - 1));
  const actions = await commands.executeCommand<(CodeAction | Command)[] | undefined>(
    'vscode.executeCodeActionProvider',
    uri,
    new Range(at, at),
    CodeActionKind.QuickFix.value,
  );
  const fixes = (actions ?? []).filter(isServerFix);
  return (fixes.find((f) => f.isPreferred) ?? fixes[0])?.title;
}

/** Assistants (this one too) offer to fix anything: that says nothing about the problem. */
function isServerFix(action: CodeAction | Command): action is CodeAction {
  if (!('kind' in action) || typeof action.command === 'string') return false;
  const kind = action.kind?.value ?? '';
  if (!kind.startsWith('quickfix') || /copilot/i.test(kind) || action.disabled) return false;
  return !/copilot|chat|^plumb\./i.test(action.command?.command ?? '');
}
