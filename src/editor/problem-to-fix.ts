import * as vscode from 'vscode';
import type { Attachment } from '../protocol/blocks';

type Problems = Extract<Attachment, { kind: 'problems' }>;

/** Problems of a document as they stand, with their lines: what the lightbulb gives to a request. */
export function problemsOf(document: vscode.TextDocument, problems: readonly vscode.Diagnostic[]): Problems {
  const path = document.uri.fsPath;
  const text = problems.map(({ range, source, message }) => {
    const { line, character } = range.start;
    return `${path}:${line + 1}:${character + 1} ${source ?? ''} ${message}\n> ${document.lineAt(line).text}`;
  });
  return { kind: 'problems', path, text: text.join('\n') };
}

/** The problem that is meant: the one that a lightbulb gives, those on the line of the caret, or one chosen from a list. */
export async function problemToFix(given: unknown): Promise<Problems | undefined> {
  if (isProblem(given)) return given;
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    const { document, selection } = editor;
    const here = vscode.languages.getDiagnostics(document.uri).filter(({ range }) => {
      return range.start.line <= selection.end.line && range.end.line >= selection.start.line;
    });
    if (here.length > 0) return problemsOf(document, here);
  }
  return pickProblem();
}

async function pickProblem(): Promise<Problems | undefined> {
  const items = vscode.languages.getDiagnostics().flatMap(([uri, problems]) =>
    problems.map((problem) => ({
      label: problem.message.split('\n', 1)[0] ?? '',
      description: `${vscode.workspace.asRelativePath(uri)}:${problem.range.start.line + 1}`,
      severity: problem.severity,
      uri,
      problem,
    })),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The editor knows of no problems now.'));
    return undefined;
  }
  items.sort((a, b) => a.severity - b.severity);
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Plumb: Fix problem'), matchOnDescription: true });
  return picked && problemsOf(await vscode.workspace.openTextDocument(picked.uri), [picked.problem]);
}

function isProblem(value: unknown): value is Problems {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problems';
}
