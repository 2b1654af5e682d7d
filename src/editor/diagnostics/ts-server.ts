import { commands, extensions, type Uri, workspace } from 'vscode';
import { z } from 'zod';
import type { Problem } from '../../protocol/display';
import { within } from '../within';

const EXTENSION = 'vscode.typescript-language-features';
const COMMAND = 'typescript.tsserverRequest';
const FILES = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

const zResponse = z.object({
  body: z.array(
    z.object({
      start: z.object({ line: z.number(), offset: z.number() }),
      text: z.string(),
      code: z.number().optional(),
      category: z.string(),
      source: z.string().optional(),
    }),
  ),
});

/**
 * The built-in TypeScript service answers a direct question for a file, shown or not, in some 30 ms. The command is
 * not documented: where it is missing or answers otherwise, the events remain.
 */
export type TsServer = {
  handles(uri: Uri): Promise<boolean>;
  /** The file's problems as of now, or undefined when there was no answer in time. */
  problems(uri: Uri, path: string, ms: number, signal: AbortSignal | undefined): Promise<readonly Problem[] | undefined>;
};

export function createTsServer(): TsServer {
  let available: Promise<boolean> | undefined;
  const probe = async () => {
    const extension = extensions.getExtension(EXTENSION);
    if (!extension) return false;
    await extension.activate();
    return (await commands.getCommands()).includes(COMMAND);
  };

  async function ask(request: string, uri: Uri, path: string): Promise<readonly Problem[]> {
    const answer = zResponse.parse(await commands.executeCommand(COMMAND, request, { file: uri.fsPath }));
    return answer.body.flatMap((d) => {
      const severity = severityOf(d.category);
      if (!severity) return [];
      const code = d.code === undefined ? undefined : String(d.code);
      return [{ path, line: d.start.line, column: d.start.offset, severity, message: d.text, code, source: d.source ?? 'ts' }];
    });
  }

  return {
    async handles(uri) {
      if (uri.scheme !== 'file' || !FILES.test(uri.path)) return false;
      const language = /\.(?:[cm]?ts|tsx)$/i.test(uri.path) ? 'typescript' : 'javascript';
      if (workspace.getConfiguration(language, uri).get('validate.enable') === false) return false;
      available ??= probe();
      return available;
    },
    async problems(uri, path, ms, signal) {
      const work = async () => {
        // The service knows only files of projects that an open document belongs to.
        await workspace.openTextDocument(uri);
        const [syntax, semantics] = await Promise.all([
          ask('syntacticDiagnosticsSync', uri, path),
          ask('semanticDiagnosticsSync', uri, path),
        ]);
        return [...syntax, ...semantics];
      };
      // No answer is an answer that the caller reports as such; why the undocumented command failed helps nobody.
      return within(
        ms,
        work().catch(() => undefined),
        signal,
      );
    },
  };
}

function severityOf(category: string): Problem['severity'] | undefined {
  if (category === 'error' || category === 'warning') return category;
  return undefined;
}
