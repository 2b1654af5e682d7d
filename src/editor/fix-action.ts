import * as vscode from 'vscode';

/** "Fix with Plumb" in the lightbulb of every problem, and so in the context menu of the Problems view too. */
export function registerFixAction(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { pattern: '**/*' },
    {
      provideCodeActions(document, _range, context) {
        if (context.diagnostics.length === 0) return [];
        const action = new vscode.CodeAction(vscode.l10n.t('Fix with Plumb'), vscode.CodeActionKind.QuickFix);
        action.diagnostics = [...context.diagnostics];
        const text = context.diagnostics
          .map(
            (d) =>
              `${document.uri.fsPath}:${d.range.start.line + 1}:${d.range.start.character + 1} ${d.source ?? ''} ${d.message}\n> ${document.lineAt(d.range.start.line).text}`,
          )
          .join('\n');
        action.command = {
          command: 'plumb.fixProblem',
          title: action.title,
          arguments: [{ kind: 'problems', path: document.uri.fsPath, text }],
        };
        return [action];
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
