import * as vscode from 'vscode';
import { problemsOf } from './problem-to-fix';

/**
 * "Fix with Plumb" in the lightbulb of every problem. The Problems view offers it too, in the context menu and the
 * lightbulb of each row: it shows the quick fixes there, and extensions can contribute nothing else to that menu.
 */
export function registerFixAction(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { pattern: '**/*' },
    {
      provideCodeActions(document, _range, { diagnostics }) {
        if (diagnostics.length === 0) return [];
        const title = vscode.l10n.t('Fix with Plumb');
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = [...diagnostics];
        action.command = { command: 'plumb.fixProblem', title, arguments: [problemsOf(document, diagnostics)] };
        return [action];
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
