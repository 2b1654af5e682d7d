import { type Diagnostic, DiagnosticSeverity, languages, type Uri, workspace } from 'vscode';
import type { Problem } from '../../protocol/display';
import { openDocument, readDisk } from '../documents/load';
import { pathOf } from '../documents/uris';
import type { Located } from './compare';

/** Files that no document is open for are read for the text of their lines, up to this many. */
const MAX_READ = 50;

/** Everything that the editor's problem list holds now, without hints. */
export function published(uris?: readonly Uri[]): Problem[] {
  const all = uris ? uris.map((uri) => [uri, languages.getDiagnostics(uri)] as const) : languages.getDiagnostics();
  return all.flatMap(([uri, diagnostics]) => {
    const path = pathOf(uri);
    if (path === undefined) return [];
    return diagnostics.flatMap((d) => problemOf(path, d) ?? []);
  });
}

function problemOf(path: string, d: Diagnostic): Problem | undefined {
  const severity = severityOf(d.severity);
  if (!severity) return undefined;
  const code = typeof d.code === 'object' ? d.code.value : d.code;
  return {
    path,
    line: d.range.start.line + 1,
    column: d.range.start.character + 1,
    severity,
    message: d.message,
    code: code === undefined ? undefined : String(code),
    source: d.source,
  };
}

/** Hints are style remarks that the editor itself hardly shows. */
function severityOf(severity: DiagnosticSeverity): Problem['severity'] | undefined {
  switch (severity) {
    case DiagnosticSeverity.Error:
      return 'error';
    case DiagnosticSeverity.Warning:
      return 'warning';
    case DiagnosticSeverity.Information:
      return 'info';
    case DiagnosticSeverity.Hint:
      return undefined;
    default:
      return severity satisfies never;
  }
}

/** Adds the text of its line to each problem. */
export async function locate(problems: readonly Problem[], uriOf: (path: string) => Uri): Promise<Located[]> {
  const lines = new Map<string, readonly string[]>();
  let read = 0;
  for (const path of new Set(problems.map((p) => p.path))) {
    const uri = uriOf(path);
    const open = openDocument(uri);
    if (open) lines.set(path, splitLines(open.getText()));
    else if (read++ < MAX_READ) lines.set(path, await linesOnDisk(uri, path));
  }
  return problems.map((p) => ({ ...p, lineText: lines.get(p.path)?.[p.line - 1] ?? '' }));
}

async function linesOnDisk(uri: Uri, path: string): Promise<readonly string[]> {
  if (workspace.fs.isWritableFileSystem(uri.scheme) === undefined) return [];
  try {
    return splitLines((await readDisk(uri, path)).text);
  } catch {
    // The problem list may name files that are gone or are no text: those have no line to show.
    return [];
  }
}

const splitLines = (text: string) => text.split(/\r\n|\r|\n/);
